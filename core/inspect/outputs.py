"""Which output is looked at, and what its numbers are to be compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core import data
from core.data import Prepared, shaping
from core.data.facts import Array
from core.data.prepare import ArrayPreparation
from core.data.previews import pixels
from core.data.raw import Target
from core.data.windows import Windows
from core.errors import DataError
from core.spec import Choice, Project


@dataclass(frozen=True)
class Question:
    """One output, and the target that it was trained on; None if it reproduces the features."""

    output: str
    place: int
    target: Target | None
    loss: Choice

    def names_classes(self, found: Array) -> Target | None:
        """The target, if these numbers choose one of its classes; None if they are compared as numbers."""
        target = self.target
        if target is None or target.task == "regression" or (found.shape[1:] == (1,) and (target.classes or 0) > 2):
            return None
        return target


def question(project: Project, ready: Prepared, output: str | None) -> Question:
    """What the output (the first one, if None) is asked.

    Raises:
        DataError: if the model has no such output.
    """
    names = list(project.model.outputs)
    chosen = names[0] if output is None and names else output or ""
    if chosen not in names:
        raise DataError(f"The model has no output {chosen!r}. Its outputs are: {', '.join(names) or 'none'}.")
    reproduces = shaping.names(project, chosen) == [shaping.FEATURES]
    target = None if reproduces else shaping.target_of(project, ready.raw, chosen)
    return Question(chosen, names.index(chosen), target, shaping.loss(project, chosen))


def shown(ready: Prepared, row: int) -> dict[str, Any]:
    """A row of the source as the user knows it: `image` (pixels from 0 to 1), `series`, or `features` by column."""
    if isinstance(ready.raw.features, Windows):
        return _window(ready, row)
    if ready.raw.kind == "sequence":
        values = np.asarray(ready.raw.features[row], np.float64)
        return {"series": values.reshape(len(values), -1)[:, 0].tolist()}
    seen = data.show(ready.raw, np.array([row]))
    if seen.images:
        return {"image": seen.images[0]["pixels"]}
    count = len(seen.columns) - len(ready.raw.targets)
    return {"features": dict(zip(seen.columns[:count], seen.rows[0], strict=False))}


def _window(ready: Prepared, row: int) -> dict[str, Any]:
    """The target's own past, else the first column of numbers; a gap shows the value before it."""
    windows, target = ready.raw.features, ready.raw.target.name
    numbers = [column.name for column in ready.facts.columns if column.kind == "number"]
    if not numbers:
        seen = data.show(ready.raw, np.array([row]))
        return {"features": dict(zip(windows.rows.columns, map(str, seen.rows[0]), strict=False))}
    values = windows.rows[target if target in numbers else numbers[0]].iloc[windows.taken(np.array([row])).places[0]]
    return {"series": values.ffill().bfill().fillna(0).astype("float64").tolist()}


def channels(ready: Prepared, row: int) -> dict[str, list[float | str | None]]:
    """A series as `core.inspect.predict` takes it: for each channel its values in time; empty for other rows."""
    features = ready.raw.features
    if isinstance(features, Windows):
        rows = features.rows.iloc[features.taken(np.array([row])).places[0]]
        return {column.name: [_plain(value) for value in rows[column.name]] for column in ready.preparation.columns}
    if ready.raw.kind != "sequence" or features.ndim != 3:
        return {}
    values = np.asarray(features[row], np.float64)
    return {f"channel {place + 1}": values[:, place].tolist() for place in range(values.shape[1])}


def _plain(value: Any) -> float | str | None:
    """JSON has neither gaps nor dates."""
    if pd.isna(value):
        return None
    return float(value) if isinstance(value, int | float | np.number) else str(value)


def reproduced(ready: Prepared, asked: Question, found: Array) -> dict[str, Any]:
    """`again`: the picture that a model of pictures made, pixels from 0 to 1; empty for every other answer."""
    shape, preparation = ready.facts.feature_shape, ready.preparation
    if asked.target is not None or ready.raw.kind != "image" or not isinstance(preparation, ArrayPreparation):
        return {}
    if found.size != math.prod(shape):
        return {}
    values = found.reshape(shape) * preparation.scale.by + preparation.scale.shift
    return {"again": np.clip(pixels(values, ready.raw.white), 0, 1).tolist()}


def beside(ready: Prepared, asked: Question, true: Array, found: Array) -> dict[str, Any]:
    """What a model of numbers made of one row, in the row's own form: a picture, a series, the next values.

    Args:
        true: the target of the row as the loss saw it, found: what the model said.
    """
    shape, is_same = ready.facts.feature_shape, asked.target is None and found.size == true.size
    if is_same and ready.raw.kind == "image" and found.size == math.prod(shape):
        low, high = float(true.min()), float(true.max())
        scaled = np.clip((found - low) / (high - low if high > low else 1), 0, 1).reshape(shape)
        return {"again": (scaled[..., 0] if shape[-1] == 1 else scaled).round(4).tolist()}
    if ready.raw.kind != "sequence":
        return {}
    if is_same:
        return {"again": found.reshape(shape[0], -1)[:, 0].tolist()}
    return {"ahead": true.ravel().astype(float).tolist(), "foretold": found.ravel().tolist()}
