"""The promise of every source: rows as they are, with what is known about them, before split and scaling."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from core.data.facts import Array, Kind, TargetFacts, Task
from core.data.windows import Windows

MOST_VALUES = 100_000_000
"""More feature values than this (400 MB of float32) are refused."""


@dataclass(frozen=True)
class Target:
    """What is to be predicted: class numbers (int64) or numbers (float64), one a row."""

    name: str
    values: Array
    task: Task
    class_names: tuple[str, ...] = ()

    @property
    def classes(self) -> int | None:
        return len(self.class_names) or None

    def facts(self, train: Array) -> TargetFacts:
        """What is known of it; `train` are the places of the training part."""
        plain = TargetFacts(self.name, self.task, self.classes, self.class_names)
        if self.task != "regression":
            return plain
        with np.errstate(over="ignore", invalid="ignore"):  # of numbers near the largest there is no more to know
            mean, deviation = float(self.values[train].mean()), float(self.values[train].std())
        return replace(plain, mean=mean, deviation=deviation) if np.isfinite([mean, deviation]).all() else plain


@dataclass(frozen=True)
class Raw:
    """What a source gives.

    `features` is a DataFrame (numbers and text, NaN where a value is missing), windows of one, or an array with the
    rows first.
    `white` is the value of a white pixel: images are divided by it. `scaled` says if tables of this
    source are standard-scaled unless the user asks for something else. `header` names all columns of a user's file,
    `reading` is how pandas reads it. `split_by` and `weights` have a value for each row. `left_out` has the columns
    of a user's table that are neither learned from nor predicted. `letters` are what the numbers of a text stand for.
    """

    title: str
    kind: Kind
    features: Any
    targets: tuple[Target, ...]
    help: str
    licence: str
    feature_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    white: float | None = None
    scaled: bool = False
    stratify: bool = True
    split_by: pd.Series[Any] | None = None
    weights: Array | None = None
    header: tuple[str, ...] = ()
    reading: dict[str, Any] = field(default_factory=dict)
    left_out: pd.DataFrame | None = None
    letters: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        return self.targets[0]

    def __len__(self) -> int:
        return len(self.features)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, as the user knows them."""
        return self.feature_names if self.table is None else tuple(self.table.columns)

    @property
    def table(self) -> pd.DataFrame | None:
        """The columns that are learned from, if the rows are those of a table or windows of it."""
        if isinstance(self.features, Windows):
            return self.features.rows
        return self.features if isinstance(self.features, pd.DataFrame) else None


def classes(name: str, values: Array, class_names: tuple[str, ...]) -> Target:
    """A target of class numbers that index `class_names`."""
    task: Task = "binary" if len(class_names) == 2 else "classification"
    return Target(name, values.astype(np.int64), task, class_names)


def numbers(name: str, values: Array) -> Target:
    """A target to regress."""
    return Target(name, values.astype(np.float64), "regression")
