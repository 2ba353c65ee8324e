"""The page: draws what core says and decides nothing."""
