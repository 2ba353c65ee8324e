"""Which rows train, which validate, which test: seeded, and stratified by class where that is possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.data.facts import Array
from core.data.raw import Target
from core.errors import DataError
from core.spec import Source


@dataclass(frozen=True)
class Split:
    """Row numbers by part; a part that was not asked for is empty."""

    train: Array
    validation: Array
    test: Array
    stratified: bool
    notes: tuple[str, ...] = ()

    def parts(self) -> dict[str, Array]:
        return {"train": self.train, "validation": self.validation, "test": self.test}


def sizes(rows: int, data: Source) -> dict[str, int]:
    """How many rows each part gets.

    Raises:
        DataError: if nothing would be left to train on.
    """
    validation, test = (
        max(round(rows * fraction), 1) if fraction else 0 for fraction in (data.validation_fraction, data.test_fraction)
    )
    train = rows - validation - test
    if train < 1:
        raise DataError(
            f"The data has {rows} rows; with {validation} to validate and {test} to test, none is left to train on. "
            "Use smaller fractions, or more rows."
        )
    return {"train": train, "validation": validation, "test": test}


def split(rows: int, target: Target, data: Source, stratify: bool = True) -> Split:
    """Divide the rows with scikit-learn's train_test_split: first the test part, then the validation part."""
    counts = sizes(rows, data)
    reason = _why_not_stratified(target, counts) if stratify and target.task != "regression" else ""
    stratified = stratify and target.task != "regression" and not reason
    labels = target.values if stratified else None
    train, test = _take(np.arange(rows), counts["test"], labels, data.seed)
    train, validation = _take(train, counts["validation"], labels, data.seed)
    return Split(train, validation, test, stratified, (reason,) if reason else ())


def _take(rows: Array, count: int, labels: Array | None, seed: int) -> tuple[Array, Array]:
    """Set `count` of the rows aside."""
    if not count:
        return rows, rows[:0]
    from sklearn.model_selection import train_test_split

    stratify = None if labels is None else labels[rows]
    kept, taken = train_test_split(rows, test_size=count, random_state=seed, stratify=stratify)
    return kept, taken


def _why_not_stratified(target: Target, counts: dict[str, int]) -> str:
    """A sentence for the user if some part cannot hold every class."""
    present, per_class = np.unique(target.values, return_counts=True)
    asked = [count for count in counts.values() if count]
    rare = int(per_class.argmin())
    if per_class[rare] < len(asked):
        name = target.class_names[present[rare]]
        return (
            f"Class {name!r} has only {per_class[rare]} row{'s' if per_class[rare] > 1 else ''}, "
            "so the split could not keep the proportions of the classes."
        )
    small = min(asked)
    if small < len(present):
        return (
            f"A part of {small} rows is too small for {len(present)} classes, "
            "so the split could not keep the proportions of the classes."
        )
    return ""
