"""A user's table in a file: one module for each kind of file, one promise (`Table`). Nothing in a file is run."""

from __future__ import annotations

from pathlib import Path

from core.data.facts import FileLimits
from core.data.tables import csv, excel, json_lines, parquet, signs
from core.data.tables.excel import sheets
from core.data.tables.table import Table
from core.data.tables.textfile import content
from core.spec import CsvData, ExcelData, JsonLinesData, ParquetData, TableData

__all__ = ["Table", "content", "kind", "kind_of", "read", "sheets"]

_MOST_SNIFFED = 4096
_MOST_NAMES = 1_000_000


def read(data: TableData, path: Path, name: str, limits: FileLimits) -> Table:
    """Read the file as the kind that the project says; numbers that are written with signs are numbers.

    Raises:
        DataError: if it is none, damaged, or too large; the sentence names the place.
    """
    return signs.taken_out(_table(data, path, name, limits))


def _table(data: TableData, path: Path, name: str, limits: FileLimits) -> Table:
    match data:
        case ExcelData():
            return excel.read(path, name, limits, data.sheet)
        case ParquetData():
            return parquet.read(path, name, limits)
        case JsonLinesData():
            return json_lines.read(path, name, limits)
        case CsvData():
            return csv.read(path, name, limits)
    raise AssertionError(data)  # a new kind of table needs a reader


def kind_of(path: Path) -> str | None:
    """The source that suits a file; None if it cannot be read, or is no text that could be a table."""
    try:
        content = _beginning(path)
    except (OSError, ValueError):
        return None
    found, start = kind(content), content[:_MOST_SNIFFED].strip()
    return None if found == "csv" and (not start or b"\x00" in start or start.startswith(b"[")) else found


def _beginning(path: Path) -> bytes:
    """All that tells the kind: of a ZIP archive also its end, where the names of its files stand."""
    if not path.is_file():  # a device would never end
        return b""
    with path.open("rb") as file:
        start = file.read(_MOST_SNIFFED)
        if start.startswith(b"PK\x03\x04"):
            file.seek(max(len(start), path.stat().st_size - _MOST_NAMES))
            start += file.read(_MOST_NAMES)
        return start


def kind(content: bytes) -> str:
    """The source that suits a file, by its content and not by its name; what is nothing else is CSV."""
    if content.startswith(b"PK\x03\x04"):
        return "excel" if b"xl/workbook.xml" in content else "images"
    if content.startswith(b"PAR1"):
        return "parquet"
    return "json_lines" if content[:_MOST_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "csv"
