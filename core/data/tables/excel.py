"""Reads one sheet of an Excel workbook (.xlsx): the values that were last computed; nothing in it is run."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from core.data.facts import FileLimits
from core.data.tables import cells
from core.data.tables.table import Table, check_cells, check_header, check_rows, renamed
from core.data.tables.textfile import checked_size
from core.errors import DataError

MOST_CELLS = 3_000_000
MOST_UNPACKED = 400_000_000
MOST_ENTRIES = 2000
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"))
_CANNOT_OPEN = "{}: this workbook is damaged or protected by a password. Save it again in Excel, without one."


def read(path: Path, name: str, limits: FileLimits, sheet: str | None = None) -> Table:
    """The sheet's rows below its first row with cells; the first sheet with cells unless one is asked for.

    Raises:
        DataError: if the file is no workbook, has no such sheet, or is too large.
    """
    checked_size(path, name, limits.size)
    _check_archive(path, name)
    try:
        return _read(path, name, sheet, limits.rows)
    except DataError:
        raise
    except Exception as error:  # openpyxl raises whatever comes of a broken XML file: KeyError, ValueError, …
        raise DataError(_CANNOT_OPEN.format(name)) from error


def sheets(path: Path, name: str, limits: FileLimits) -> list[str]:
    """The names of the sheets; raises `DataError` as `read` does."""
    checked_size(path, name, limits.size)
    _check_archive(path, name)
    try:
        return _names(_workbook(path))
    except Exception as error:  # as above
        raise DataError(_CANNOT_OPEN.format(name)) from error


def _check_archive(path: Path, name: str) -> None:
    """A workbook is a ZIP file: look at what it says it holds before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"{name} is no Excel workbook (.xlsx), or was cut off. Save it again as .xlsx.") from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise DataError(f"{name} is a ZIP file without a workbook in it. Save the table as .xlsx or CSV.")
    size = sum(entry.file_size for entry in entries)
    if size > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
        raise DataError(
            f"{name} unpacks to {size / 1e6:,.0f} MB in {len(entries):,} parts; at most {MOST_UNPACKED / 1e6:.0f} MB "
            f"in {MOST_ENTRIES:,} parts are read. Save only the table, as CSV or Parquet."
        )
    ends = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    if any(end > begin for (_, end), (begin, _) in itertools.pairwise(ends)):
        raise DataError(f"{name} has parts that overlap, as no workbook has. Save it again as .xlsx.")


def _workbook(path: Path, computed: bool = True) -> Any:
    import openpyxl

    content = io.BytesIO(path.read_bytes())  # uploads have no suffix, and openpyxl wants one of a path
    return openpyxl.load_workbook(content, read_only=True, data_only=computed, keep_links=False)


def _names(book: Any) -> list[str]:
    return [sheet.title for sheet in book.worksheets]


def _read(path: Path, name: str, asked: str | None, most_rows: int) -> Table:
    book = _workbook(path)
    titles = _names(book)
    if asked is not None and asked not in titles:
        raise DataError(
            f"{name} has no sheet {asked!r}. Its sheets are {', '.join(map(repr, titles))}.",
            "data.sheet",
            ("Take the first sheet", {"data.sheet": None}),
        )
    refused: DataError | None = None
    for title in [asked] if asked is not None else titles:
        try:
            table = _sheet(path, title, _lines(book[title]), name, most_rows)
        except DataError as error:  # a cover sheet is no table, the next one may be
            refused = refused or error
            continue
        if table is not None:
            notes = () if len(titles) == 1 else (f"Of {len(titles)} sheets, {title!r} was read.",)
            return replace(table, notes=notes)
    raise refused or DataError(f"{name} is empty. A table needs a line of column names and at least two rows.")


def _sheet(
    path: Path, title: str, lines: Iterator[tuple[int, tuple[Any, ...]]], name: str, most_rows: int
) -> Table | None:
    first = next(lines, None)
    if first is None:
        return None
    frame, left_out = _frame(path, title, first[1], lines, name, most_rows)
    reading = {"sheet_name": title, **({"header": first[0]} if first[0] else {}), **renamed(_without_end(first[1]))}
    return Table(frame, (), reading, left_out)


def _lines(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows that have a cell, each with its place counted from 0."""
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    for place, row in enumerate(sheet.iter_rows(values_only=True)):
        if any(cell is not None for cell in row):
            yield place, row


def _frame(
    path: Path,
    sheet: str,
    header: Sequence[Any],
    lines: Iterator[tuple[int, tuple[Any, ...]]],
    name: str,
    most_rows: int,
) -> tuple[pd.DataFrame, dict[str, str]]:
    columns = check_header(_without_end(header), name)
    rows = []
    for place, row in lines:
        if any(cell is not None for cell in row[len(columns) :]):
            raise DataError(
                f"{name}: row {place + 1} of {sheet!r} has a cell to the right of the {len(columns)} named columns. "
                "Give its column a name in the first row, or empty the cell."
            )
        rows.append([_plain(cell) for cell in row[: len(columns)]] + [None] * (len(columns) - len(row)))
        check_cells(len(rows), len(columns), name, MOST_CELLS)
    check_rows(len(rows), name, most_rows)
    frame = pd.DataFrame(
        {column: cells.column(values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)}
    )
    empty = [column for column in columns if frame[column].isna().all()]
    return frame, _never_computed(path, sheet, columns, empty) if empty else {}


def _without_end(header: Sequence[Any]) -> Sequence[Any]:
    """Sheets end in columns that were once formatted and never filled."""
    last = max(place for place, cell in enumerate(header) if cell is not None)
    return header[: last + 1]


def _plain(cell: Any) -> Any:
    if isinstance(cell, str) and cell.strip() in _ERRORS:
        return None
    return str(cell) if isinstance(cell, time | timedelta) else cell


def _never_computed(path: Path, sheet: str, columns: Sequence[str], empty: Sequence[str]) -> dict[str, str]:
    """Why columns are empty: a program that is not Excel wrote formulas, and nothing has computed them yet."""
    found: dict[str, str] = {}
    lines = _lines(_workbook(path, computed=False)[sheet])
    next(lines)
    for place, row in itertools.islice(lines, 20):
        for column in empty:
            at = columns.index(column)
            if at < len(row) and isinstance(row[at], str) and row[at].startswith("="):
                found.setdefault(
                    column,
                    f"holds formulas that nothing has computed yet (row {place + 1}); "
                    "open the file in Excel and save it",
                )
    return found
