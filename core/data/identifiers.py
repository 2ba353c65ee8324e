"""Columns that name something and measure nothing: row numbers, customers, passengers."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

_NUMBERS_ROWS = ("index", "row", "key", "column_1")
_NAMES_ONE = re.compile(r"(?i:(^|[_ .-])(id|key|uuid)$)|[a-z0-9]I[dD]$")
_FEWEST = 20
"""With fewer different numbers than that, each may well stand for a kind of thing."""


def is_called_so(name: str) -> bool:
    """Is it named like a row number (`index`) or an identifier (`customer_id`, `PassengerId`)?"""
    return name.lower() in _NUMBERS_ROWS or bool(_NAMES_ONE.search(name))


def is_row_number(name: str, values: pd.Series[Any]) -> bool:
    """Called so, and a whole number in every row, another in each. `values` are numbers."""
    return is_called_so(name) and bool(values.is_unique and not values.isna().any() and _are_whole(values))


def names_groups(name: str, values: pd.Series[Any]) -> bool:
    """Called an identifier, of which many come again: what a row belongs to. `values` are of any type."""
    if not _NAMES_ONE.search(name) or not pd.api.types.is_numeric_dtype(values):
        return False
    known = values.dropna()
    return _FEWEST < known.nunique() < len(known) and _are_whole(known)


def _are_whole(values: pd.Series[Any]) -> bool:
    return bool((values % 1 == 0).all())
