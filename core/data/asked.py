"""Rows that a user typed or drew, made ready for the model: what "try it" sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data import dates, shaping, texts
from core.data.facts import Array, Column
from core.data.loading import Prepared
from core.data.texts import TextPreparation
from core.data.windows import Windows
from core.errors import DataError
from core.spec import Project


def encode(project: Project, ready: Prepared, rows: Sequence[Any]) -> tuple[Array, ...]:
    """One array for each Input node.

    Args:
        project: the model's project.
        ready: its data, with the preparation that the training part taught.
        rows: for a table objects by column name, or lists in the order of the columns; else nested lists of
            numbers in the shape of the features; for windows objects with a list for each column, or a list with
            such a row for each of the window's rows; for texts each row is one. Pixels go from
            0 to 1, as in the preview.

    Raises:
        DataError: if a row has the wrong shape, an unknown column, or text where a number is needed.
    """
    if not rows:
        raise DataError("There is no row to predict. Give at least one.")
    features: Any
    if isinstance(ready.raw.features, Windows):
        features = _windows(ready.preparation.columns, rows, ready.raw.features.length)
    elif isinstance(ready.preparation, TextPreparation):
        features = _texts(ready.preparation.name, rows)
    elif ready.raw.table is not None:
        features = _frame(ready.preparation.columns, rows)
    else:
        features = _array(ready, rows)
    return shaping.inputs(project, ready.preparation, ready.preparation.apply(features))


def _texts(name: str, rows: Sequence[Any]) -> pd.DataFrame:
    found = [row.get(name) if isinstance(row, Mapping) else row for row in rows]
    for number, text in enumerate(found, start=1):
        if not isinstance(text, str) or not texts.words(text):
            raise DataError(f"Row {number} needs a text of at least one word for {name!r}, but has {text!r:.40}.")
    return pd.DataFrame({name: found})


def _windows(columns: Sequence[Column], rows: Sequence[Any], length: int) -> Windows:
    steps = [step for number, row in enumerate(rows, start=1) for step in _steps(row, number, length)]
    starts = length * np.arange(len(rows))
    return Windows(_frame(columns, steps), starts, length, 0, np.zeros(len(steps), np.int64))


def _steps(row: Any, number: int, length: int) -> Sequence[Any]:
    """The rows of one window."""
    if not isinstance(row, Mapping):
        if not isinstance(row, list | tuple) or len(row) != length:
            raise DataError(f"Row {number} needs a window of {length} rows, but has {row!r:.60}.")
        return row
    for name, values in row.items():
        if not isinstance(values, list | tuple) or len(values) != length:
            raise DataError(f"Row {number} needs {length} values for {name!r}, but has {values!r:.60}.")
    return [{name: values[step] for name, values in row.items()} for step in range(length)]


def _frame(columns: Sequence[Column], rows: Sequence[Any]) -> pd.DataFrame:
    named = [_named(columns, row, number) for number, row in enumerate(rows, start=1)]
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [_cell(column, row.get(column.name), number) for number, row in enumerate(named, start=1)],
                dtype={"number": "float64", "date": "datetime64[us]"}.get(column.kind, "object"),
            )
            for column in columns
        }
    )


def _named(columns: Sequence[Column], row: Any, number: int) -> Mapping[str, Any]:
    names = [column.name for column in columns]
    if isinstance(row, Mapping):
        unknown = [name for name in row if name not in names]
        if unknown:
            raise DataError(f"Row {number} has a column {unknown[0]!r}, but the features are: {', '.join(names)}.")
        return row
    if not isinstance(row, list | tuple) or len(row) != len(names):
        came = f"{len(row)} values" if isinstance(row, list | tuple) else f"{row!r:.40}"
        raise DataError(f"Row {number} needs {len(names)} values ({', '.join(names[:12])}), but has {came}.")
    return dict(zip(names, row, strict=True))


def _cell(column: Column, value: Any, number: int) -> Any:
    if value is None or (column.kind == "date" and value == ""):
        return float("nan") if column.kind == "number" else None
    if column.kind == "category":
        return str(value)
    if column.kind == "date":
        return _date(column, value, number)
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"Row {number} needs a number for {column.name!r}, but has {str(value)[:40]!r}.") from error


def _date(column: Column, value: Any, number: int) -> Any:
    found = dates.parsed(pd.Series([str(value)], dtype="str"), column.date_format).iloc[0]
    if pd.isna(found):
        found = dates.parsed(pd.Series([str(value)], dtype="str"), None).iloc[0]  # as the form shows it
    if pd.isna(found):
        raise DataError(f"Row {number} needs a date for {column.name!r}, but has {str(value)[:40]!r}.")
    return found


def _array(ready: Prepared, rows: Sequence[Any]) -> Array:
    shape = ready.facts.feature_shape
    try:
        values = np.asarray(rows, np.float64)
        values = values.reshape(len(rows), *shape)
    except (TypeError, ValueError) as error:
        raise DataError(f"Each row needs numbers in the shape {list(shape)}. Check that all rows have it.") from error
    return values * (ready.raw.white or 1.0)
