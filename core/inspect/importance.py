"""Which columns a model of a table needs: how much worse it is when one of them is shuffled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.data import Folders, Part, Prepared, recent, shaping
from core.data.facts import Array
from core.errors import DataError
from core.inspect import answers, trained
from core.inspect.outputs import Question, question
from core.spec import Project

ROWS = (100, 1000)
"""So many rows are shuffled, at least and at most."""
REPEATS = (3, 30)
"""And so often."""
MOST_SHUFFLED = 200_000
"""The model is asked about as many rows in all, for all columns, if least and most allow it."""


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
    ready = recent.prepared(project.data, folders)
    chosen = recent.dataset(project, folders).part(part)
    if ready.facts.kind != "table" or chosen is None:
        raise DataError("Importance is measured for the columns of a table.")
    asked, groups = question(project, ready, output), ready.preparation.groups
    rows, times = _effort(len(chosen), len(groups))
    places, random = _places(project, ready), np.random.default_rng(1)
    given = tuple(x[:rows] for x in chosen.x)

    def said(x: tuple[Array, ...]) -> Array:
        return trained.predictions(project, run_folder, x, weights)[asked.place]

    usual = said(given)
    before = _error(asked, usual, chosen, rows)
    found = [said(_shuffled(given, places, set(group), times, random)) for group in groups.values()]
    worse = [_error(asked, one, chosen, rows) - before for one in found]
    listed = [{"column": name, "worse": value} for name, value in zip(groups, worse, strict=True)]
    return {
        "columns": sorted(listed, key=lambda item: -item["worse"]),
        "measure": "error rate" if asked.names_classes(usual) else "mean absolute error",
        "target": asked.target.name if asked.target else shaping.FEATURES,
        "output": asked.output,
        "outputs": list(project.model.outputs),
    }


def _effort(rows: int, columns: int) -> tuple[int, int]:
    """How many rows are shuffled, and how often: of very many columns as few as say something."""
    least, most = REPEATS
    rows = min(rows, max(ROWS[0], min(ROWS[1], MOST_SHUFFLED // (least * max(columns, 1)))))
    return rows, min(max(MOST_SHUFFLED // (rows * max(columns, 1)), least), most)


def _places(project: Project, ready: Prepared) -> list[list[int]]:
    """Which of the prepared numbers each Input takes, in the order in which it takes them."""
    groups, given = ready.preparation.groups, project.data.inputs or {}
    nodes = [node.id for node in project.model.nodes if node.layer == "Input"]
    return [shaping.places(node, given.get(node) or list(groups), ready.preparation) for node in nodes]


def _shuffled(
    given: tuple[Array, ...], places: list[list[int]], group: set[int], times: int, random: np.random.Generator
) -> tuple[Array, ...]:
    """For each Input the rows so many times; the numbers that one column of the table became move together."""
    order = np.concatenate([random.permutation(len(given[0])) for _ in range(times)])
    pieces = []
    for taken, x in zip(places, given, strict=True):
        flat = np.concatenate([x.reshape(len(x), -1)] * times)
        moved = [here for here, place in enumerate(taken) if place in group]
        flat[:, moved] = flat[order][:, moved]
        pieces.append(flat.reshape(-1, *x.shape[1:]))
    return tuple(pieces)


def _error(asked: Question, found: Array, chosen: Part, rows: int) -> float:
    """The share of wrong answers where the target is a class, as the confusion has it, else the mean distance."""
    target, times = asked.names_classes(found), len(found) // rows
    if target is None:
        true = np.concatenate([chosen.y[asked.place][:rows].reshape(rows, -1)] * times)
        return float(np.abs(found.reshape(len(found), -1) - true).mean())
    decided = answers.classes(found, len(target.class_names), asked.loss)
    return float((decided.chosen != np.tile(target.values[chosen.rows[:rows]], times)).mean())
