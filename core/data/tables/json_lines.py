"""Reads JSON lines: each line one flat object, whose names are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from core.data.facts import FileLimits
from core.data.tables import cells, textfile
from core.data.tables.table import Table, check_cells, check_header, check_rows, renamed
from core.errors import DataError


def read(path: Path, name: str, limits: FileLimits) -> Table:
    """One row a line; a name that a line lacks is a missing value. Columns of lists or objects are left out.

    Raises:
        DataError: if a line is no object; the sentence names it.
    """
    text, encoding = textfile.read(path, name, limits.size)
    rows: list[dict[str, Any]] = []
    columns: dict[str, None] = {}
    left_out: dict[str, str] = {}
    for line, row in _objects(text, name):
        for key in row:
            columns.setdefault(key, None)
        if any(isinstance(value, dict | list) for value in row.values()):
            _note_nested(row, line, left_out)
        rows.append(row)
        check_cells(len(rows), len(columns), name)
    check_rows(len(rows), name, limits.rows)
    header = check_header([*columns], name)
    keys = dict(zip(header, columns, strict=True))
    frame = pd.DataFrame(
        {
            column: cells.column([None if column in left_out else row.get(key) for row in rows])
            for column, key in keys.items()
        }
    )
    reading: dict[str, Any] = {**renamed([*columns]), **({"encoding": encoding} if encoding != "utf-8" else {})}
    return Table(frame, reading=reading, left_out=left_out)


def _objects(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if text.lstrip().startswith("["):
        raise DataError(f"{name} is one JSON list, not JSON lines. Write each object on a line of its own.")
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise DataError(_broken(name, number, error)) from error
        if not isinstance(row, dict):
            raise DataError(f'{name}: line {number} is no object. Write each row in braces, as {{"name": value}}.')
        yield number, row


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for place, (key, _) in enumerate(pairs) if key in [other for other, _ in pairs[:place]])
        raise ValueError(f"the name {twice!r:.60} stands twice")
    return found


def _broken(name: str, line: int, error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{name}: line {line} is no JSON: {error.msg.lower()} at column {error.colno}. Correct the line."
    reason = "its brackets are nested too deep" if isinstance(error, RecursionError) else str(error)[:120]
    return f"{name}: line {line} cannot be read: {reason}. Correct the line."


def _note_nested(row: dict[str, Any], line: int, left_out: dict[str, str]) -> None:
    for key, value in row.items():
        if isinstance(value, dict | list):
            left_out.setdefault(key.strip(), f"holds {'lists' if isinstance(value, list) else 'objects'} (line {line})")
