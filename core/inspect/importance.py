"""Which columns a model of a table needs: how much worse it is when one of them is shuffled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.data import Folders, recent
from core.data.facts import Array
from core.errors import DataError
from core.inspect import trained
from core.inspect.outputs import question
from core.spec import Project

MOST_ROWS = 1000
REPEATS = 3


def importance(
    project: Project, run_folder: Path, folders: Folders, part: str = "validation", weights: str = "last", seed: int = 1
) -> list[dict[str, Any]]:
    """Permutation importance of each column (Breiman, 2001), the most important first.

    Returns:
        `{"column", "worse"}`: by how much the error rate (classes) or the mean absolute error (numbers) rises when
        the column's values are shuffled among the rows, the mean of three shuffles; near 0 or below: not needed.

    Raises:
        DataError: if the rows are no table.
        RunError: if the run has no such weights.
    """
    ready = recent.prepared(project.data, folders)
    groups = ready.preparation.groups
    chosen = recent.dataset(project, folders).part(part)
    if ready.facts.kind != "table" or chosen is None or len(chosen.x) != 1 or chosen.x[0].ndim != 2:
        raise DataError("Importance is measured for the columns of a table that one Input takes.")
    rows, asked = min(len(chosen), MOST_ROWS), question(project, ready, None)
    x, y = chosen.x[0][:rows], chosen.y[asked.place][:rows]
    random = np.random.default_rng(seed)
    shuffled = [x] + [_shuffled(x, list(places), random) for places in groups.values() for _ in range(REPEATS)]
    found = trained.predictions(project, run_folder, (np.concatenate(shuffled),), weights)[asked.place]
    errors = [_error(said, y) for said in found.reshape(len(shuffled), rows, *found.shape[1:])]
    worse = np.array(errors[1:]).reshape(len(groups), REPEATS).mean(axis=1) - errors[0]
    listed = [{"column": name, "worse": float(value)} for name, value in zip(groups, worse, strict=True)]
    return sorted(listed, key=lambda item: -item["worse"])


def _shuffled(x: Array, places: list[int], random: np.random.Generator) -> Array:
    """The columns that one column of the table became are shuffled together."""
    copy = x.copy()
    copy[:, places] = x[random.permutation(len(x))][:, places]
    return copy


def _error(found: Array, y: Array) -> float:
    """The share of wrong answers where the target is a class, else the mean absolute error."""
    if found.ndim == 2 and found.shape[1] > 1:
        true = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(-1)
        return float((found.argmax(axis=1) != true).mean())
    return float(np.abs(found.reshape(len(y), -1) - y.reshape(len(y), -1)).mean())
