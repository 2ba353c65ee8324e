"""What the data room hands out: the facts, the arrays, a preview; plain values that JSON can carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np

from core.settings import Settings

Task = Literal["classification", "binary", "regression"]
Kind = Literal["image", "table", "points", "sequence", "text"]
Array = np.ndarray[Any, Any]
Value = str | float | int | None
Cell = Value | tuple[Value, ...]


@dataclass(frozen=True)
class FileLimits:
    """The most that is read of a user's file."""

    size: int = 50_000_000
    rows: int = 1_000_000


@dataclass(frozen=True)
class Folders:
    """Where files may be read, and how much of one: `uploads` and `datasets` are ours.

    `files` is the folder that relative CSV paths start from (for the command line: the project file's
    folder). It is None on a server, and then only `upload:<hash>` is read and no other file.
    """

    uploads: Path
    datasets: Path
    files: Path | None = None
    limits: FileLimits = FileLimits()

    @classmethod
    def of(cls, settings: Settings, files: Path | None = None) -> Folders:
        return cls(settings.uploads, settings.datasets, files, FileLimits(settings.upload_bytes, settings.max_rows))


@dataclass(frozen=True)
class Column:
    """One column as the user knows it, and how it becomes numbers.

    `typical` is what a form begins with; `missing` is the strategy for gaps, `fill` what the training part made of
    it; `scaling` names a scaler of scikit-learn. `parts` belong to a date.
    """

    name: str
    kind: Literal["number", "category", "date"] = "number"
    categories: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    typical: float | str | None = None
    missing: str = "median"
    fill: float | str | None = None
    scaling: str = "none"
    encoding: str = "one_hot"
    parts: tuple[str, ...] = ()
    date_format: str | None = None

    @property
    def encoded(self) -> tuple[str, ...]:
        """The names of the numbers that the column becomes."""
        if self.kind == "date":
            return tuple(f"{self.name}.{part}" for part in self.parts)
        if self.kind == "category" and self.encoding == "one_hot":
            return tuple(f"{self.name}={item}" for item in self.categories)
        return (self.name,)


def places(columns: Sequence[Column]) -> dict[str, tuple[int, ...]]:
    """Which of the encoded numbers belong to a column."""
    found: dict[str, tuple[int, ...]] = {}
    begin = 0
    for column in columns:
        found[column.name] = tuple(range(begin, begin + len(column.encoded)))
        begin += len(column.encoded)
    return found


@dataclass(frozen=True)
class TargetFacts:
    """One target; the first of the facts is the main one.

    `mean` and standard `deviation` are those of a number in the training part; None for classes and before a download.
    """

    name: str
    task: Task
    classes: int | None = None
    class_names: tuple[str, ...] = ()
    mean: float | None = None
    deviation: float | None = None


@dataclass(frozen=True)
class DataFacts:
    """All that other rooms need to know about the data without holding it.

    `feature_shape` is the shape of one row after preparation; `feature_names` name its columns (tables only).
    `parts` counts rows by part; `stratified` says if the split kept the classes' proportions. `header` names all
    columns of a user's file, `reading` is how pandas reads it. `value_range` holds the pixels that the network
    sees, if they are known without a download; the words (or letters) of texts are numbers below `tokens`.
    """

    source: str
    title: str
    rows: int
    task: Task
    feature_shape: tuple[int, ...]
    feature_names: tuple[str, ...]
    classes: int | None
    class_names: tuple[str, ...]
    kind: Kind
    target_name: str
    parts: dict[str, int]
    help: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()
    stratified: bool = False
    scaling: str = ""
    columns: tuple[Column, ...] = ()
    targets: tuple[TargetFacts, ...] = ()
    header: tuple[str, ...] = ()
    reading: dict[str, Any] = field(default_factory=dict)
    value_range: tuple[float, float] | None = None
    tokens: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The facts as JSON data."""
        return _plain(asdict(self))  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DataFacts:
        """The facts that `to_dict` wrote; fields that this version does not know are left out."""
        values = _known(cls, data)
        for name in ("feature_shape", "feature_names", "class_names", "notes", "header"):
            values[name] = tuple(values.get(name, ()))
        values["columns"] = tuple(
            Column(**{**_known(Column, item), **{name: tuple(item.get(name, ())) for name in ("categories", "parts")}})
            for item in values.get("columns", ())
        )
        values["targets"] = tuple(
            TargetFacts(**{**_known(TargetFacts, item), "class_names": tuple(item.get("class_names", ()))})
            for item in values.get("targets", ())
        )
        low, high = values.get("value_range") or (None, None)
        values["value_range"] = None if low is None else (low, high)
        return cls(**values)


@dataclass(frozen=True)
class Part:
    """One part of the rows: `x` in the order of the model's Input nodes, `y` in that of its outputs."""

    x: tuple[Array, ...]
    y: tuple[Array, ...]
    rows: Array
    """Which rows of the source these are, counted from 0."""
    weights: Array | None = None
    """How much each row counts in the loss, float32."""

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Dataset:
    """The arrays that training needs; a part that was not asked for is None."""

    train: Part
    validation: Part | None
    test: Part | None
    facts: DataFacts

    def part(self, name: str) -> Part | None:
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]


@dataclass(frozen=True)
class Preview:
    """The first rows, to look at: raw values, before scaling. Images are lists of lists from 0 to 1.

    A cell of windows holds the column's values in that window.
    An image is `{"pixels": rows of values or of [r, g, b], "label": text}`; a point is `[x1, x2, target]`.
    """

    kind: Kind
    rows_in_all: int
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    images: tuple[dict[str, Any], ...] = ()
    points: tuple[tuple[float, float, float], ...] = ()
    class_names: tuple[str, ...] = ()
    columns_left_out: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The preview as JSON data."""
        return _plain(asdict(self))  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Preview:
        values = _known(cls, data)
        for name in ("columns", "images", "class_names"):
            values[name] = tuple(values.get(name, ()))
        for name in ("rows", "points"):
            values[name] = tuple(tuple(row) for row in values.get(name, ()))
        return cls(**values)


def _known(cls: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(cls)}
    return {name: value for name, value in data.items() if name in names}


def _plain(value: Any) -> Any:
    """JSON has no tuples."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
