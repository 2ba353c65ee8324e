"""Columns of dates: found out, read, and refused with the row of the one that is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.errors import DataError

_MOSTLY = 0.9
_ISO_DATE = r"\d{4}-\d{2}-\d{2}(?:$|[T ])"


def looks_like_dates(values: pd.Series[Any]) -> bool:
    """Dates as such, or texts that nearly all begin as `2026-11-28` does."""
    known = values.dropna()
    if pd.api.types.is_datetime64_any_dtype(known):
        return True
    if known.empty or not pd.api.types.is_string_dtype(known):
        return False
    return bool(known.astype("str").str.match(_ISO_DATE).mean() >= _MOSTLY)


def parsed(values: pd.Series[Any], date_format: str | None) -> pd.Series[Any]:
    """The values as dates in UTC without a zone; NaT for what is none."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts = values.astype("str").where(values.notna())
    try:
        found = pd.to_datetime(texts, errors="coerce", format=date_format or "ISO8601", utc=True)
    except ValueError:  # a format that is none
        found = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us, UTC]")
    return found.dt.tz_convert(None)


def read(name: str, values: pd.Series[Any], date_format: str | None) -> tuple[pd.Series[Any], list[str]]:
    """The column as dates, and what to tell the user of single values that are none.

    Raises:
        DataError: if most values are no dates.
    """
    found = parsed(values, date_format)
    wrong = found.isna() & values.notna()
    if not wrong.any():
        return found, []
    row = int(np.flatnonzero(wrong)[0])
    first = f"row {values.index[row] + 1}: {str(values.iloc[row])[:40]!r}"
    if wrong.sum() > (1 - _MOSTLY) * values.notna().sum():
        how = f"dates as {date_format!r} says" if date_format else "dates such as '2026-11-28'"
        raise DataError(
            f"The column {name!r} is said to hold {how}, but has others ({first}). "
            "Set its date_format, such as '%d.%m.%Y', or let the column be a category.",
            f"data.columns.{name}.date_format",
            ("Make it a category", {f"data.columns.{name}.kind": "category"}) if "." not in name else None,
        )
    return found, [f"Column {name!r}: {int(wrong.sum())} value(s) are no dates ({first}) and count as missing."]
