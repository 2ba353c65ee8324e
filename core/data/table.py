"""Finds the separator and the shape of a CSV text, and reads it; a fault is named with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from core.errors import DataError

MOST_COLUMNS = 2000
MOST_ROWS = 1_000_000
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Table:
    """The cells, the names in the header as they were, and what was assumed."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def read(text: str, name: str) -> Table:
    """Parse the text.

    Raises:
        DataError: if the lines are no table, or a table that is too large.
    """
    separator = _separator(text)
    header = _checked(text, name, separator)
    decimal = "," if separator == ";" and _has_decimal_commas(text) else "."
    frame = pd.read_csv(
        io.StringIO(text),
        sep=separator,
        decimal=decimal,
        header=0,
        names=_names(header),
        index_col=False,
        low_memory=False,
        na_values=["?"],
        skipinitialspace=True,
        engine="c",
    )
    notes = ("Commas in numbers were read as decimal points.",) if decimal == "," else ()
    return Table(frame, notes)


def _separator(text: str) -> str:
    """The one that gives the header the most columns."""
    lines = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[:1]
    return max(_SEPARATORS, key=lambda item: _columns(lines, item))


def _columns(lines: list[str], separator: str) -> int:
    try:
        return len(next(csv.reader(lines, delimiter=separator), []))
    except csv.Error:  # read as one cell, the line is longer than a cell may be
        return 0


def _has_decimal_commas(text: str) -> bool:
    cells = [cell.strip() for line in text[:50_000].splitlines()[1:200] for cell in line.split(";")]
    comma = sum(cell.replace(",", "", 1).lstrip("-").isdecimal() and "," in cell for cell in cells)
    point = sum(cell.replace(".", "", 1).lstrip("-").isdecimal() and "." in cell for cell in cells)
    return comma > point


def _checked(text: str, name: str, separator: str) -> list[str]:
    """The header, after every line was counted."""
    lines = _lines(text, name, separator)
    header = next(lines)[1]
    _check_header(header, name)
    rows = 0
    for rows, (line, cells) in enumerate(lines, start=1):
        if len(cells) != len(header):
            raise DataError(_ragged(name, line, cells, header, separator))
        if rows > MOST_ROWS:
            raise DataError(f"{name} has more than {MOST_ROWS:,} rows. Use a smaller file.")
    if not rows:
        raise DataError(f"{name} has column names but no rows below them. Add rows.")
    return header


def _lines(text: str, name: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins; blank lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip()):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(_broken(name, line, str(error))) from error


def _broken(name: str, line: int, reason: str) -> str:
    if "unexpected end" in reason:
        return f'{name}: a quote (") that opens in line {line} is never closed. Close it or remove it.'
    if "field limit" in reason:
        return (
            f"{name}: a cell in line {line} has more than {csv.field_size_limit():,} characters; "
            'probably a quote (") is not closed.'
        )
    return f'{name}: in line {line} text follows a closing quote ("). Double the quotes that are part of the text.'


def _ragged(name: str, line: int, cells: list[str], header: list[str], separator: str) -> str:
    return (
        f"{name}: line {line} has {len(cells)} value{'s' if len(cells) != 1 else ''}, but the header names "
        f"{len(header)} column{'s' if len(header) != 1 else ''} (separated by {_SEPARATORS[separator]}). "
        "Make them equal; put a text that holds the separator in quotes."
    )


def _check_header(header: list[str], name: str) -> None:
    if len(header) > MOST_COLUMNS:
        raise DataError(f"{name} has {len(header):,} columns; at most {MOST_COLUMNS:,} are read. Use fewer columns.")
    places: dict[str, int] = {}
    for place, column in enumerate(_names(header), start=1):
        if column in places:
            raise DataError(
                f"{name}: columns {places[column]} and {place} have the same name, {column!r}. Rename one of them."
            )
        places[column] = place


def _names(header: list[str]) -> list[str]:
    """A column without a name gets one by its place."""
    return [column.strip() or f"column_{place}" for place, column in enumerate(header, start=1)]
