"""What a model of two inputs says everywhere in the plane: the decision boundary, or the surface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core import data
from core.data import Folders, Prepared
from core.data.facts import Array, DataFacts
from core.errors import DataError
from core.inspect import answers, trained
from core.inspect.outputs import question
from core.spec import Project

SIZE = 60
MARGIN = 0.08
MOST_POINTS = 1000


def can_be_drawn(facts: DataFacts) -> bool:
    """Is a row two numbers, so that a picture can show all rows there could be?"""
    return facts.kind in ("points", "table") and facts.feature_shape == (2,) and len(facts.columns) == 2


def boundary(
    project: Project, run_folder: Path, folders: Folders, weights: str = "last", size: int = SIZE
) -> dict[str, Any]:
    """The answers of a run's model on a grid around the data.

    Returns:
        JSON data: `names` of the two columns; `x`, `y` (size values each); for classes `classes` and `sure`
        (size × size, row by row from the smallest y: the chosen class and its probability) and `class_names`,
        for numbers `values`; `points`: `{"train": [[x, y, class or value], …], "validation": …}`.

    Raises:
        DataError: if the rows are not two numbers.
        RunError: if the run has no such weights, or they belong to another model.
    """
    ready = data.prepared(project.data, folders)
    if not can_be_drawn(ready.facts):
        raise DataError(
            f"A boundary is drawn for two features that are numbers; these rows have {ready.facts.feature_shape}. "
            "Choose one of the sets of points in the plane."
        )
    plane = _plane(ready)
    across, up = (_ends(plane[:, place], size) for place in (0, 1))
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    found = trained.predictions(project, run_folder, data.encode(project, ready, grid.tolist()), weights)
    asked = question(project, ready, None)
    said: dict[str, Any] = {"names": [column.name for column in ready.facts.columns]}
    said |= {"x": across.tolist(), "y": up.tolist(), "points": _points(ready, plane)}
    outputs = found[asked.place]
    target = asked.names_classes(outputs)
    if target is None:
        values = outputs.reshape(len(grid), -1)[:, 0].reshape(size, size)
        return said | {"task": "regression", "values": values.tolist()}
    names = target.class_names
    decided = answers.classes(outputs, len(names), asked.loss)
    sure = decided.probabilities[np.arange(len(grid)), decided.chosen]
    return said | {
        "task": "classification",
        "class_names": list(names),
        "classes": decided.chosen.reshape(size, size).tolist(),
        "sure": sure.reshape(size, size).tolist(),
    }


def _plane(ready: Prepared) -> Array:
    """All rows as the user knows them: (rows, 2)."""
    return np.asarray(ready.raw.features, np.float64).reshape(-1, 2)


def _ends(values: Array, size: int) -> Array:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = MARGIN * (high - low) or 1.0
    return np.linspace(low - margin, high + margin, size)


def _points(ready: Prepared, plane: Array) -> dict[str, list[list[float]]]:
    labels = np.asarray(ready.raw.target.values, np.float64)
    return {
        name: [
            [*map(float, plane[row]), float(labels[row])]
            for row in rows[:MOST_POINTS]
            if not np.isnan(plane[row]).any()
        ]
        for name, rows in ready.split.parts().items()
        if len(rows)
    }
