"""Which columns a model of a table needs: how much worse it is when one of them is shuffled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.data import Folders, Part, Prepared, shaping
from core.data.facts import Array
from core.errors import DataError
from core.inspect import answers, recent, trained
from core.inspect.outputs import Question, question
from core.spec import Project

MOST_ROWS = 1000
MOST_SHUFFLED = 100_000
"""So many rows are asked about in all, if each column is then shuffled three times at least."""
REPEATS = (3, 30)


def importance(
    project: Project,
    run_folder: Path,
    folders: Folders,
    part: str = "validation",
    weights: str = "last",
    output: str | None = None,
) -> dict[str, Any]:
    """Permutation importance of each column (Breiman, 2001), the most important first.

    Args:
        output: the output node to look at; the first one if None.

    Returns:
        `columns`, a list of `{"column", "worse"}`: by how much the `measure` rises when the column's values are
        shuffled among the rows, the mean of 3 to 30 shuffles; near 0 or below: not needed. `measure` is "error rate"
        for classes and "mean absolute error" for numbers, of the target `target` of `output`, one of `outputs`.

    Raises:
        DataError: if the rows are no table.
        RunError: if the run has no such weights.
    """
    ready = recent.prepared(project, folders)
    chosen = recent.dataset(project, folders).part(part)
    if ready.facts.kind != "table" or chosen is None:
        raise DataError("Importance is measured for the columns of a table.")
    asked, rows = question(project, ready, output), min(len(chosen), MOST_ROWS)
    found = trained.predictions(project, run_folder, _shuffled(project, ready, chosen, rows), weights)[asked.place]
    errors = [_error(asked, said, chosen, rows) for said in found.reshape(-1, rows, *found.shape[1:])]
    groups = ready.preparation.groups
    worse = np.array(errors[1:]).reshape(len(groups), -1).mean(axis=1) - errors[0]
    listed = [{"column": name, "worse": float(value)} for name, value in zip(groups, worse, strict=True)]
    return {
        "columns": sorted(listed, key=lambda item: -item["worse"]),
        "measure": "error rate" if asked.names_classes(found) else "mean absolute error",
        "target": asked.target.name if asked.target else shaping.FEATURES,
        "output": asked.output,
        "outputs": list(project.model.outputs),
    }


def _shuffled(project: Project, ready: Prepared, chosen: Part, rows: int) -> tuple[Array, ...]:
    """For each Input the rows as they are, then so many rows again for each shuffle of each column."""
    random, groups = np.random.default_rng(1), ready.preparation.groups
    times = min(max(MOST_SHUFFLED // (rows * max(len(groups), 1)), REPEATS[0]), REPEATS[1])
    orders = [(set(places), random.permutation(rows)) for places in groups.values() for _ in range(times)]
    pieces = []
    for places, x in zip(_places(project, ready), chosen.x, strict=True):
        flat = x[:rows].reshape(rows, -1)
        copies = [flat]
        for group, order in orders:
            moved = [here for here, place in enumerate(places) if place in group]
            copies.append(flat.copy())
            copies[-1][:, moved] = flat[order][:, moved]
        pieces.append(np.concatenate(copies).reshape(-1, *x.shape[1:]))
    return tuple(pieces)


def _places(project: Project, ready: Prepared) -> list[list[int]]:
    """Which of the prepared numbers each Input takes, in the order in which it takes them."""
    groups, given = ready.preparation.groups, project.data.inputs or {}
    nodes = [node.id for node in project.model.nodes if node.layer == "Input"]
    return [shaping.places(node, given.get(node) or list(groups), ready.preparation) for node in nodes]


def _error(asked: Question, found: Array, chosen: Part, rows: int) -> float:
    """The share of wrong answers where the target is a class, as the confusion has it, else the mean distance."""
    target = asked.names_classes(found)
    if target is None:
        true = chosen.y[asked.place][:rows]
        return float(np.abs(found.reshape(rows, -1) - true.reshape(rows, -1)).mean())
    decided = answers.classes(found, len(target.class_names), asked.loss)
    return float((decided.chosen != target.values[chosen.rows[:rows]]).mean())
