"""What the page says when something of ours goes wrong: a sentence, and a number for the log."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from core.errors import EagerlyError

log = logging.getLogger("eagerly")


def report(error: Exception) -> bool:
    """Show a sentence in place of a traceback, which goes to the log; returns True: it is handled."""
    if isinstance(error, EagerlyError):
        st.error(str(error), icon=":material/error:")
        return True
    number = secrets.token_hex(3)
    log.error("mishap %s", number, exc_info=error)
    st.error(
        f"Something went wrong on our side (number {number} in the server's log). "
        "Your project is saved; reload the page to go on.",
        icon=":material/error:",
    )
    return True
