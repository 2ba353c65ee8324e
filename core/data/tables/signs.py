"""Numbers that people write with a sign or in groups of three digits: $1,234.50 or 25%."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from core.data.tables.table import Table

SIGNS = r"[%$€£,\s]"
"""What is taken out of such a number, as a regular expression."""
_WRITTEN = r"(?:[-+]?[$€£]?|[$€£][-+])\s*(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.[0-9]{1,15})?\s*[%$€£]?"
"""One sign of each kind, ASCII digits, and no more of them than a float64 holds: what pandas reads for certain."""
_FIRST = 100


def taken_out(table: Table) -> Table:
    """The table with numbers in the columns where every value is written so, all with the same sign."""
    frame = table.frame
    if "decimal" in table.reading:  # where a comma is the decimal point, 1,234 is no thousand
        return table
    found = [name for name in frame.columns if _is_written_so(frame[name])]
    if not found:
        return table
    numbers = {name: pd.to_numeric(frame[name].replace(SIGNS, "", regex=True)) for name in found}
    example = frame[found[0]].dropna().iloc[0]
    listed = ", ".join(map(repr, found))
    note = f"Signs and commas in the numbers of {listed} were left out, as in {example}."
    return replace(
        table, frame=frame.assign(**numbers), notes=(*table.notes, note), reading={**table.reading, "signed": found}
    )


def _is_written_so(values: pd.Series[Any]) -> bool:
    if not pd.api.types.is_string_dtype(values):
        return False
    known = values.dropna()
    if known.empty or not all(map(_are_written_so, (known.head(_FIRST), known))):  # a few tell most columns
        return False
    return bool(known.str.contains(r"[%$€£,]").any())  # plain digits may be a text for another reason


def _are_written_so(values: pd.Series[Any]) -> bool:
    if not values.str.strip().str.fullmatch(_WRITTEN).all():
        return False
    signs = set(values.str.replace(r"[-+0-9.,\s]", "", regex=True))
    return len(signs - {""}) <= 1
