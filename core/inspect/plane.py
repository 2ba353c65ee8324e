"""What a model of two inputs says everywhere in the plane, and what each of its units does; as small as may be."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core import data, document
from core.data import Folders, Prepared, recent
from core.data.facts import Array, DataFacts
from core.errors import DataError
from core.inspect import answers, trained
from core.inspect.outputs import Question, question
from core.spec import Project

SIZE = 50
UNIT_SIZE = SIZE // 2
MARGIN = 0.08
MOST_POINTS = 1000
MOST_LAYERS = 8
MOST_UNITS = 16


def can_be_drawn(facts: DataFacts) -> bool:
    """Is a row two numbers, so that a picture can show all rows there could be?"""
    return facts.kind in ("points", "table") and facts.feature_shape == (2,) and len(facts.columns) == 2


def plane(project: Project, run_folder: Path, folders: Folders, weights: str = "last") -> dict[str, Any]:
    """The answers of a run's model on a grid around the data.

    Args:
        project: the project as it was when the run began.
        run_folder: where the run left its weights.
        folders: where data is read from.
        weights: "last", "best", or "now" for those that a run in progress has this moment.

    Returns:
        JSON data: `names` of the two columns; `x`, `y` (the ends of each); `size`; `points`: `{"train": [[x, y,
        class or value], …], "validation": …}`; `task`; for classes `class_names`, `classes` and `sure`, for numbers
        `values` and their ends `range`; `layers`: `{"layer", "units" (in all), "maps"}`. Pictures are base64 of one
        byte a point, row by row from the smallest y: `sure` from 0 (no better than a guess) to 255, `values` from
        the lower to the upper end, each of the `maps` (of half the size) with 128 for zero.

    Raises:
        DataError: if the rows are not two numbers.
        RunError: if the run has no such weights, or they belong to another model.
    """
    scene = _scene(document.dump(project), folders)
    trained.load(scene.model, run_folder, weights)
    *units, outputs = (np.asarray(values, np.float64) for values in scene.seen())
    layers = [_layer(name, values) for name, values in zip(scene.names, units, strict=True)]
    return {**scene.still, **_said(scene.asked, outputs, scene.range), "layers": layers}


@dataclass(frozen=True)
class _Scene:
    """What stays the same while the weights change."""

    model: Any
    asked: Question
    seen: Callable[[], list[Any]]
    names: tuple[str, ...]
    range: tuple[float, float]
    still: dict[str, Any]


@lru_cache(maxsize=8)
def _scene(text: str, folders: Folders) -> _Scene:
    project = document.load(text)
    ready = recent.prepared(project.data, folders)
    if not can_be_drawn(ready.facts):
        raise DataError(
            f"A boundary is drawn for two features that are numbers; these rows have {ready.facts.feature_shape}. "
            "Choose one of the sets of points in the plane."
        )
    rows = np.asarray(ready.raw.features, np.float64).reshape(-1, 2)
    across, up = (_ends(rows[:, place]) for place in (0, 1))
    grid = np.stack(np.meshgrid(np.linspace(*across, SIZE), np.linspace(*up, SIZE)), axis=-1).reshape(-1, 2)
    asked, model = question(project, ready, None), trained.built(project)
    names, seen = _seen(model, data.encode(project, ready, grid.tolist()), asked.place)
    still = {
        "names": [column.name for column in ready.facts.columns],
        "x": across,
        "y": up,
        "size": SIZE,
        "points": _points(ready, rows),
    }
    values = np.asarray(ready.raw.target.values, np.float64)
    return _Scene(model, asked, seen, names, (float(values.min()), float(values.max())), still)


def _seen(model: Any, grid: tuple[Array, ...], place: int) -> tuple[tuple[str, ...], Callable[[], list[Any]]]:
    """Which layers are shown, and a function for their outputs on the grid and the model's own, last."""
    import keras
    import tensorflow as tf

    layers = [layer for layer in trained.shown(model) if _has_units(layer)][:MOST_LAYERS]
    watched = keras.Model(model.inputs, [*(layer.output for layer in layers), model.outputs[place]])
    given = [tf.constant(values, tf.float32) for values in grid]
    seen = tf.function(lambda: watched(given if len(given) > 1 else given[0], training=False), autograph=False)
    return tuple(layer.name for layer in layers), seen


def _has_units(layer: Any) -> bool:
    """Does it give one number a unit, and do more than hand on what came?"""
    shown = bool(layer.weights) or type(layer).__name__ in ("InputLayer", "Activation")
    return shown and len(layer.output.shape) == 2


def _layer(name: str, values: Array) -> dict[str, Any]:
    count = values.shape[1]
    maps = values[:, :MOST_UNITS].reshape(SIZE, SIZE, -1)[1::2, 1::2]
    largest = np.abs(maps).max(axis=(0, 1), keepdims=True)
    signed = np.nan_to_num(maps / np.where(largest > 0, largest, 1))
    return {
        "layer": name,
        "units": count,
        "maps": [_packed(128 + 127 * signed[..., at]) for at in range(maps.shape[-1])],
    }


def _said(asked: Question, outputs: Array, ends: tuple[float, float]) -> dict[str, Any]:
    target = asked.names_classes(outputs)
    if target is None:
        low, high = ends
        values = np.nan_to_num(outputs.reshape(len(outputs), -1)[:, 0])
        share = (values - low) / (high - low if high > low else 1)
        return {"task": "regression", "range": ends, "values": _packed(255 * share)}
    names = target.class_names
    decided = answers.classes(np.nan_to_num(outputs), len(names), asked.loss)
    guess = 1 / max(2, len(names))
    sure = decided.probabilities[np.arange(len(outputs)), decided.chosen]
    return {
        "task": "classification",
        "class_names": list(names),
        "classes": _packed(decided.chosen),
        "sure": _packed(255 * (sure - guess) / (1 - guess)),
    }


def _packed(values: Array) -> str:
    return base64.b64encode(np.clip(np.rint(values), 0, 255).astype(np.uint8).tobytes()).decode()


def _ends(values: Array) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _points(ready: Prepared, rows: Array) -> dict[str, list[list[float]]]:
    labels = np.asarray(ready.raw.target.values, np.float64)
    return {
        name: [
            [*(round(float(value), 4) for value in rows[row]), round(float(labels[row]), 4)]
            for row in chosen[:MOST_POINTS]
            if not np.isnan(rows[row]).any()
        ]
        for name, chosen in ready.split.parts().items()
        if len(chosen)
    }
