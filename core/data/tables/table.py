"""What every kind of file gives: a frame with a name for each column, within limits that hold for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core.errors import DataError

MOST_COLUMNS = 2000
MOST_CELLS = 100_000_000
MISSING = frozenset(
    ["", "?", "NA", "N/A", "n/a", "#NA", "#N/A", "#N/A N/A", "<NA>", "NaN", "nan", "-NaN", "-nan", "null", "NULL"]
) | {"None", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"}
"""Texts that stand for no value: those of `pandas.read_csv`, and a question mark."""


@dataclass(frozen=True)
class Table:
    """The columns are numbers, yes and no, dates or text; NaN where a value is missing.

    `reading` is what was found out about the file, by the name of the argument of pandas's own reader: with it
    an exported script reads the same; `renamed` is true if names in the header had to be cleaned, and `signed` are
    the columns of numbers with signs. `left_out` says of a column why it cannot be read.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    reading: dict[str, Any] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def names(header: Sequence[object]) -> list[str]:
    """A column without a name gets one by its place, also one that pandas had written as unnamed."""
    texts = ("" if cell is None else str(cell).strip() for cell in header)
    nameless = ((text, f"column_{place}", f"Unnamed: {place - 1}") for place, text in enumerate(texts, start=1))
    return [name if text in ("", pandas) else text for text, name, pandas in nameless]


def renamed(header: Sequence[object]) -> dict[str, bool]:
    """What `Table.reading` says of a header whose names are not taken as they are."""
    return {"renamed": True} if names(header) != list(header) else {}


def check_header(header: Sequence[object], name: str) -> list[str]:
    """The names of the columns.

    Raises:
        DataError: if there are too many, or two are the same.
    """
    if len(header) > MOST_COLUMNS:
        raise DataError(f"{name} has {len(header):,} columns; at most {MOST_COLUMNS:,} are read. Use fewer columns.")
    places: dict[str, int] = {}
    for place, column in enumerate(names(header), start=1):
        if column in places:
            raise DataError(
                f"{name}: columns {places[column]} and {place} have the same name, {column!r}. Rename one of them."
            )
        places[column] = place
    return [*places]


def check_rows(rows: int, name: str, most: int) -> None:
    """Raise a DataError if there are no rows, or too many."""
    if not rows:
        raise DataError(f"{name} has column names but no rows below them. Add rows.")
    if rows > most:
        raise DataError(f"{name} has more than {most:,} rows. Use a smaller file.")


def check_cells(rows: int, columns: int, name: str, most: int = MOST_CELLS) -> None:
    """Raise a DataError if all cells together are too many."""
    if rows * columns > most:
        raise DataError(
            f"{name} has {rows:,} rows of {columns:,} columns, more than {most:,} cells. Use fewer rows or columns."
        )
