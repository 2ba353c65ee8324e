"""What a person can look at: the first rows of a table, pictures, or points in the plane."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data import sources
from core.data.facts import Array, Cell, Folders, Preview, Value
from core.data.loading import taken
from core.data.raw import Raw, Target
from core.data.windows import Windows
from core.spec import DataSpec

MOST_ROWS = 200
MOST_IMAGES = 48
MOST_COLUMNS = 60
MOST_POINTS = 2000
MOST_LETTERS = 500
"""Of a longer text only the beginning is shown."""

MOST_VALUES = 50_000
"""Of windows no more values than this are shown."""


def preview(data: DataSpec, folders: Folders, rows: int = MOST_ROWS) -> Preview:
    """The first rows as they are, before scaling.

    Raises:
        DataError: if the data cannot be read.
    """
    return first(sources.read(data, folders), rows)


def first(raw: Raw, rows: int = MOST_ROWS) -> Preview:
    """The first rows of a source, or points from the whole of it."""
    most = MOST_IMAGES if raw.kind == "image" else MOST_POINTS if raw.kind == "points" else rows
    if isinstance(raw.features, Windows):
        most = min(rows, max(MOST_VALUES // (raw.features.length * min(len(raw.names), MOST_COLUMNS)), 1))
    return show(raw, _spread(raw, most) if raw.kind == "points" else np.arange(min(most, len(raw))))


def _spread(raw: Raw, most: int) -> Array:
    """Rows from the whole of the source: points come in order of their class."""
    return np.linspace(0, len(raw) - 1, min(most, len(raw))).astype(int)


def show(raw: Raw, rows: Array) -> Preview:
    """The given rows of a source."""
    features = taken(raw.features, rows)
    names = raw.target.class_names
    if raw.kind == "image":
        pictures = tuple(
            {"pixels": pixels(item, raw.white), "label": str(_label(raw.target, int(row)))}
            for row, item in zip(rows, features, strict=True)
        )
        return Preview("image", len(raw), images=pictures, class_names=names)
    columns, cells = _cells(raw, features)
    labels = [[_label(target, int(row)) for target in raw.targets] for row in rows]
    points = (
        tuple((float(x), float(y), float(raw.target.values[row])) for (x, y), row in zip(features, rows, strict=True))
        if raw.kind == "points"
        else ()
    )
    return Preview(
        kind=raw.kind,
        rows_in_all=len(raw),
        columns=(*columns[:MOST_COLUMNS], *(target.name for target in raw.targets)),
        rows=tuple((*row[:MOST_COLUMNS], *label) for row, label in zip(cells, labels, strict=True)),
        points=points,
        class_names=names,
        columns_left_out=max(len(columns) - MOST_COLUMNS, 0),
    )


def _cells(raw: Raw, features: Any) -> tuple[Sequence[str], list[list[Cell]]]:
    if isinstance(features, Windows):
        return raw.names, [[_series(features, name, place) for name in raw.names] for place in range(len(features))]
    if isinstance(features, pd.DataFrame):
        return list(features.columns), [[_cell(value) for value in row] for row in features.itertuples(index=False)]
    if raw.letters:
        return ("text",), [["".join(raw.letters[number] for number in row)] for row in features]
    flat = features.reshape(len(features), -1)
    names = raw.feature_names or tuple(f"x{index + 1}" for index in range(flat.shape[1]))
    return names, [[_cell(value) for value in row[:MOST_COLUMNS]] for row in flat]


def _series(windows: Windows, name: str, place: int) -> tuple[Value, ...]:
    """What a column holds in one window."""
    return tuple(_cell(value) for value in windows.rows[name].iloc[windows.places[place]])


def _cell(value: Any) -> Value:
    if value is None or isinstance(value, str):
        return value and value[:MOST_LETTERS]
    if isinstance(value, pd.Timestamp) or value is pd.NaT:
        return None if pd.isna(value) else str(value).removesuffix(" 00:00:00")
    if isinstance(value, int | np.integer):
        return int(value)
    number = float(value)
    return float(f"{number:.6g}") if math.isfinite(number) else None


def _label(target: Target, row: int) -> Value:
    value = target.values[row]
    return target.class_names[int(value)] if target.class_names else _cell(value)


def pixels(image: Array, white: float | None) -> list[Any]:
    """A picture as rows of values from 0 to 1; made-up pictures are stretched to that range."""
    values = np.asarray(image, np.float64)
    if white:
        values = values / white
    else:
        low, high = values.min(), values.max()
        values = (values - low) / (high - low or 1.0)
    if values.shape[-1] != 3:
        values = values[..., 0]
    listed: list[Any] = values.round(4).tolist()
    return listed
