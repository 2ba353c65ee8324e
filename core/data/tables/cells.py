"""Makes a column of single values, as spreadsheets and JSON have them, into one that holds one kind of value."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.data.tables.table import MISSING

_DATES = (datetime.datetime, datetime.date)


def column(values: Sequence[Any]) -> pd.Series[Any]:
    """The values as numbers, yes and no, or dates if all are; else as text."""
    known = [None if isinstance(value, str) and value.strip() in MISSING else value for value in values]
    kinds = {type(value) for value in known} - {type(None)}
    if kinds == {bool}:
        return pd.Series(known)
    if kinds <= {int, float}:
        return _numbers(known, whole=kinds == {int} and None not in known)
    if kinds <= set(_DATES):
        return pd.Series(pd.to_datetime(pd.Series(known), errors="coerce"))
    return pd.Series([None if value is None else _text(value) for value in known], dtype="str")


def _numbers(known: Sequence[Any], whole: bool) -> pd.Series[Any]:
    try:
        return pd.Series(known, dtype="int64" if whole else "float64")
    except OverflowError:  # more digits than 64 bits hold
        return pd.Series([_text(value) for value in known], dtype="str")


def _text(value: Any) -> str:
    """As it would stand in a CSV file."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, _DATES):
        return value.isoformat()
    return str(value).strip()
