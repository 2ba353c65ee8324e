"""Which rows train, which validate, which test: by chance, in time, by groups, or as a column says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.data import dates
from core.data.facts import Array
from core.data.raw import Raw, Target
from core.data.windows import Windows
from core.errors import DataError
from core.spec import Source

PARTS = {
    "train": ("train", "training", "fit"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "holdout"),
}
"""What a column that splits the rows may say, whatever the case of its letters."""
_BY_CHANCE = ("Split by chance", {"data.split": "auto"})


@dataclass(frozen=True)
class Split:
    """Row numbers by part; a part that was not asked for is empty."""

    train: Array
    validation: Array
    test: Array
    stratified: bool = False
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
            "Use smaller fractions, or more rows.",
            "data.validation_fraction",
        )
    return {"train": train, "validation": validation, "test": test}


def check_split(data: Source) -> None:
    """Raise a DataError if the split needs a column of a table, and there is none."""
    if data.split in ("group", "column"):
        raise DataError(
            f"The rows are to be split by a {data.split}, but no column is named. "
            "Name a column of a table of your own in split_by.",
            "data.split_by",
            _BY_CHANCE,
        )


def split(raw: Raw, data: Source) -> Split:
    """Divide the rows as the project says.

    Raises:
        DataError: if they cannot be divided so; the sentence names the row where there is one.
    """
    if raw.split_by is None:
        check_split(data)
    if isinstance(raw.features, Windows) and data.split in ("auto", "time"):
        return _in_stretches(raw.features, data)
    match data.split:
        case "time":
            return _by_time(raw, data)
        case "group":
            return _by_group(raw, data)
        case "column":
            return _by_column(raw, data)
    return _by_chance(raw, data)


def _by_chance(raw: Raw, data: Source) -> Split:
    """scikit-learn's train_test_split: first the test part, then the validation part."""
    counts, target = sizes(len(raw), data), raw.target
    if data.split == "stratified" and target.task == "regression":
        raise DataError(
            f"The split is to keep the proportions of the classes, but the target {target.name!r} is a number.",
            "data.split",
            _BY_CHANCE,
        )
    wanted = data.split == "stratified" or (data.split == "auto" and raw.stratify and target.task != "regression")
    reason = _why_not_stratified(target, counts) if wanted else ""
    labels = target.values if wanted and not reason else None
    train, test = _take(np.arange(len(raw)), counts["test"], labels, data.seed)
    train, validation = _take(train, counts["validation"], labels, data.seed)
    return Split(train, validation, test, labels is not None, (reason,) if reason else ())


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


def _by_time(raw: Raw, data: Source) -> Split:
    """The oldest rows train, the newest test; without a column the rows are in order of time already."""
    counts = sizes(len(raw), data)
    order = np.arange(len(raw)) if raw.split_by is None else np.argsort(_times(raw.split_by, data), kind="stable")
    train, validation, test = np.split(order, [counts["train"], counts["train"] + counts["validation"]])
    return Split(train, validation, test)


def _in_stretches(windows: Windows, data: Source) -> Split:
    """Each series is cut in time; a window belongs to a part if all its rows and its target stand in that stretch.

    Raises:
        DataError: if a part has no window.
    """
    counts = np.bincount(windows.series)
    ends = np.cumsum(counts)
    test = ends - np.round(counts * data.test_fraction).astype(int)
    validation = test - np.round(counts * data.validation_fraction).astype(int)
    borders = {"train": (ends - counts, validation), "validation": (validation, test), "test": (test, ends)}
    own = windows.series[windows.starts]
    parts = {
        name: np.flatnonzero((windows.starts >= begin[own]) & (windows.answers < end[own]))
        for name, (begin, end) in borders.items()
    }
    asked = {"train": 1.0, "validation": data.validation_fraction, "test": data.test_fraction}
    for name, (begin, end) in borders.items():
        if asked[name] and not len(parts[name]):
            raise DataError(*_no_window(name, int((end - begin).max()), windows))
    lost = len(windows) - sum(map(len, parts.values()))
    crossing = (f"{lost:,} windows across the borders between the parts are left out.",) if lost else ()
    return Split(parts["train"], parts["validation"], parts["test"], notes=crossing)


def _no_window(part: str, longest: int, windows: Windows) -> tuple[str, str, tuple[str, dict[str, Any]] | None]:
    need, fits = windows.length + windows.horizon, min(longest - windows.horizon, windows.length)
    called = {"train": "training"}.get(part, part)
    shorter = {"data.windows.length": fits, "data.windows.stride": 1}
    return (
        f"The {called} part has no window: one and its target need {need} rows in order, and the part's longest "
        f"stretch has {longest}. Use a shorter length, horizon or stride, or other fractions.",
        "data.windows.length",
        (f"Use a length of {fits}", shorter) if fits > 0 else None,
    )


def _times(values: pd.Series[Any], data: Source) -> Array:
    """Numbers or dates that can be sorted."""
    name = str(data.split_by)
    choice = (data.columns or {}).get(name)
    found = values
    if not pd.api.types.is_numeric_dtype(values):
        found = dates.parsed(values, choice.date_format if choice else None)
    if found.isna().any():
        row = int(np.flatnonzero(found.isna())[0])
        raise DataError(
            f"The rows are to be split by the time in column {name!r}, but row {values.index[row] + 1} has "
            f"{'none' if pd.isna(values.iloc[row]) else repr(str(values.iloc[row])[:40])}. "
            "Needed is a number or a date such as '2026-11-28' in every row.",
            "data.split_by",
            _BY_CHANCE,
        )
    return found.to_numpy()


def _by_group(raw: Raw, data: Source) -> Split:
    """scikit-learn's GroupShuffleSplit: the rows of one group are all in one part; the fractions are of groups."""
    from sklearn.model_selection import GroupShuffleSplit

    assert raw.split_by is not None
    groups = raw.split_by.astype("str").fillna("").to_numpy(object)
    train, parts = np.arange(len(raw)), {"test": np.arange(0), "validation": np.arange(0)}
    counts = sizes(len(np.unique(groups)), data)
    for part in parts:
        if counts[part]:
            shuffle = GroupShuffleSplit(1, test_size=counts[part], random_state=data.seed)
            kept, taken = next(shuffle.split(train, groups=groups[train]))
            train, parts[part] = train[kept], train[taken]
    return Split(train, parts["validation"], parts["test"])


def _by_column(raw: Raw, data: Source) -> Split:
    """Each row says itself which part it belongs to."""
    assert raw.split_by is not None
    said = raw.split_by.astype("str").str.strip().str.lower().to_numpy(object)
    known = [word for words in PARTS.values() for word in words]
    wrong = np.flatnonzero(~np.isin(said.astype("str"), known))
    if len(wrong):
        row = int(wrong[0])
        raise DataError(
            f"The column {data.split_by!r} is to say which part a row belongs to, but row "
            f"{raw.split_by.index[row] + 1} has {str(raw.split_by.iloc[row])[:40]!r}. "
            "Needed is 'train', 'validation' or 'test'.",
            "data.split_by",
            _BY_CHANCE,
        )
    parts = {name: np.flatnonzero(np.isin(said.astype("str"), words)) for name, words in PARTS.items()}
    if not len(parts["train"]):
        raise DataError(f"The column {data.split_by!r} says 'train' in no row.", "data.split_by", _BY_CHANCE)
    return Split(parts["train"], parts["validation"], parts["test"])
