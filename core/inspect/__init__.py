"""Looks at what a run learned: where it is right, where it is wrong, and what it says to new rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core import data
from core.data import Dataset, Folders, Part, Prepared, recent, shaping
from core.data.facts import Array
from core.errors import DataError
from core.inspect import answers, classification, curves, regression, trained
from core.inspect.batch import batch
from core.inspect.example import through
from core.inspect.importance import importance
from core.inspect.inside import weights as weights_of
from core.inspect.outputs import Question, beside, question, reproduced, shown
from core.inspect.plane import plane
from core.inspect.trail import trail
from core.spec import Project

__all__ = ["batch", "examine", "importance", "plane", "predict", "through", "trail", "weights_of"]

MOST_ROWS = 10_000
"""More rows than this are not examined; the report says how many were."""


def examine(
    project: Project,
    run_folder: Path,
    folders: Folders,
    part: str = "validation",
    output: str | None = None,
    weights: str = "last",
    cell: Sequence[int] | None = None,
) -> dict[str, Any]:
    """What the run's model gets right and wrong in one part of the rows.

    Args:
        project: the project as it was when the run began.
        run_folder: where the run left its weights.
        folders: where data is read from.
        part: "train", "validation" or "test".
        output: the output node to look at; the first one if None.
        weights: "last" or "best".
        cell: a cell of the confusion, `(true class, predicted class)`, whose examples are wanted.

    Returns:
        JSON data: `part`, `rows` (in the part), `examined`, `task`, `target`, `outputs` (all names), `output`,
        `horizon` (so many steps after a series the value stands that is forecast), and for classes `class_names`,
        `confusion`, `accuracy`, `per_class`, the curves of `core.inspect.curves`, `wrong` (the surest mistakes),
        `unsure` (the least sure hits), `cell`; for numbers `mae`, `rmse`, `r2`, `residual_mean`, `residual_std`,
        `true`, `predicted`, `edges` and `counts` (the errors' distribution), `worst`, `best`. An item of these lists
        carries `index` (its row in the source, from 0), and `image` (pixels from 0 to 1), `series` (values in time)
        or `features` (value by column); where the output is one itself, `again` is what the model made of it; of a
        series that is forecast, `ahead` and `foretold` are its next values.

    Raises:
        DataError: if the part is empty or the data cannot be read.
        RunError: if the run has no such weights, or they belong to another model.
    """
    ready = recent.prepared(project.data, folders)
    chosen = _part(recent.dataset(project, folders), part)
    asked = question(project, ready, output)
    examined = min(len(chosen), MOST_ROWS)
    rows, x = chosen.rows[:examined], tuple(item[:examined] for item in chosen.x)
    found = trained.predictions(project, run_folder, x, weights)[asked.place]
    encoded = chosen.y[asked.place][:examined]
    report = _compared(asked, found, encoded, rows, cell)
    for name in ("wrong", "unsure", "cell"):
        report[name] = [_with_row(item, ready, rows) for item in report.get(name, [])]
    for name in ("worst", "best"):
        report[name] = [
            {**_with_row(item, ready, rows), **beside(ready, asked, encoded[item["place"]], found[item["place"]])}
            for item in report.get(name, [])
        ]
    return {
        "part": part,
        "rows": len(chosen),
        "examined": examined,
        "output": asked.output,
        "outputs": list(project.model.outputs),
        "target": asked.target.name if asked.target else shaping.FEATURES,
        "horizon": data.steps_ahead(project.data),
        **report,
    }


def _part(dataset: Dataset, name: str) -> Part:
    if name not in ("train", "validation", "test"):
        raise DataError(f"There is no part {name!r} of the rows. Choose 'train', 'validation' or 'test'.")
    found = dataset.part(name)
    if found is None:
        raise DataError(f"No rows were set aside for {name}. Set the fraction on the Data page, and train again.")
    return found


def _compared(asked: Question, found: Array, encoded: Array, rows: Array, cell: Sequence[int] | None) -> dict[str, Any]:
    """Classes are compared as classes; everything else in the numbers that the loss saw."""
    target = asked.names_classes(found)
    if target is None:
        if found.size != encoded.size:
            raise DataError(f"The output has {found[0].size} numbers a row, but the target has {encoded[0].size}.")
        true = encoded.reshape(found.shape).astype(np.float64)
        ends = {"worst": regression.worst(true, found), "best": regression.best(true, found)}
        return {"task": "regression", **regression.report(true, found), **ends}
    names, true = target.class_names, target.values[rows]
    decided = answers.classes(found, len(names), asked.loss)
    return {
        "task": target.task,
        **classification.report(true, decided, names),
        **curves.report(true, decided, names),
        "wrong": classification.wrong(true, decided, names),
        "unsure": classification.unsure(true, decided, names),
        "cell": classification.cell(true, decided, names, cell),
    }


def _with_row(item: dict[str, Any], ready: Prepared, rows: Array) -> dict[str, Any]:
    """The item with the row it is about, as the user knows it."""
    index = int(rows[item["place"]])
    known = {name: value for name, value in item.items() if name != "place"}
    return {"index": index, **known, **shown(ready, index)}


def predict(
    project: Project, run_folder: Path, folders: Folders, rows: Sequence[Any], weights: str = "last"
) -> list[dict[str, Any]]:
    """What the run's model says to rows that a user typed or drew.

    Args:
        project: the project as it was when the run began.
        run_folder: where the run left its weights.
        folders: where data is read from: the rows are prepared as the training part was.
        rows: objects by column name or lists for a table; nested lists of numbers otherwise, pixels from 0 to 1.
        weights: "last" or "best".

    Returns:
        For each row `{"output", "target", "class", "probability", "probabilities": {class: p}}` for classes, or
        `{"output", "target", "value"}` (a number, or nested lists; of pictures that are reproduced pixels under
        "again") for numbers; with several outputs that of the first, and all of them under "outputs".
    """
    ready = recent.prepared(project.data, folders)
    found = trained.predictions(project, run_folder, data.encode(project, ready, rows), weights)
    said = [_said(question(project, ready, name), found, ready) for name in project.model.outputs]
    return [{**row[0], "outputs": list(row)} if len(row) > 1 else row[0] for row in zip(*said, strict=True)]


def _said(asked: Question, found: Sequence[Array], ready: Prepared) -> list[dict[str, Any]]:
    outputs = found[asked.place]
    target = asked.names_classes(outputs)
    about = {"output": asked.output, "target": asked.target.name if asked.target else shaping.FEATURES}
    if target is None:
        values = outputs[:, 0] if outputs.shape[1:] == (1,) else outputs
        again = [reproduced(ready, asked, row) for row in outputs]
        return [{**about, "value": value, **seen} for value, seen in zip(values.tolist(), again, strict=True)]
    decided = answers.classes(outputs, len(target.class_names), asked.loss)
    return [
        {
            **about,
            "class": target.class_names[int(chosen)],
            "probability": float(shares[chosen]),
            "probabilities": {name: float(share) for name, share in zip(target.class_names, shares, strict=True)},
        }
        for chosen, shares in zip(decided.chosen, decided.probabilities, strict=True)
    ]
