"""Reads a CSV file: finds its encoding, its separator and its shape; a fault is named with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from core.data.facts import FileLimits
from core.data.tables import textfile
from core.data.tables.table import Table, check_header, check_rows, names, renamed
from core.errors import DataError

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def read(path: Path, name: str, limits: FileLimits) -> Table:
    """Parse the file.

    Raises:
        DataError: if it is no text, or the lines are no table, or a table that is too large.
    """
    return of_content(textfile.content(path, name, limits.size), name, limits.rows)


def of_content(content: bytes, name: str, most_rows: int) -> Table:
    """The same for what was read already."""
    text, encoding = textfile.of_content(content, name)
    separator = _separator(text)
    header = _checked(text, name, separator, most_rows)
    reading: dict[str, Any] = {"sep": separator}
    if separator == ";" and _has_decimal_commas(text):
        reading["decimal"] = ","
    frame = pd.read_csv(
        io.StringIO(text),
        header=0,
        names=names(header),
        index_col=False,
        low_memory=False,
        na_values=["?"],
        skipinitialspace=True,
        engine="c",
        **reading,
    )
    notes = ("Commas in numbers were read as decimal points.",) if "decimal" in reading else ()
    return Table(frame, notes, reading | renamed(header) | ({"encoding": encoding} if encoding != "utf-8" else {}))


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


def _checked(text: str, name: str, separator: str, most_rows: int) -> list[str]:
    """The header, after every line was counted."""
    lines = _lines(text, name, separator)
    header = next(lines)[1]
    check_header(header, name)
    rows = 0
    for rows, (line, cells) in enumerate(lines, start=1):
        if len(cells) != len(header):
            raise DataError(_ragged(name, line, cells, header, separator))
        if rows % 1000 == 0:
            check_rows(rows, name, most_rows)
    check_rows(rows, name, most_rows)
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
