"""From the project to facts and arrays: read, split, prepare, shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from core.data import augmentation, balance, downloaded, prepare, shaping, sources, texts
from core.data.facts import Array, DataFacts, Dataset, Folders, Part
from core.data.prepare import Preparation
from core.data.raw import Raw
from core.data.split import Split, split
from core.data.tables import Table
from core.data.texts import TextPreparation
from core.data.windows import Windows
from core.spec import DataSpec, DownloadedData, Project


@dataclass(frozen=True)
class Prepared:
    """The rows, how they are split, and what was learned from the training part."""

    raw: Raw
    split: Split
    preparation: Preparation
    facts: DataFacts


def describe(data: DataSpec, folders: Folders) -> DataFacts:
    """What is known about the data; remembered, so that asking again costs nothing.

    Sets that would have to be downloaded are described without them.

    Raises:
        DataError: if the data cannot be read.
    """
    if isinstance(data, DownloadedData):
        return downloaded.describe(data)
    data = data.model_copy(update={"augmentation": None})  # says nothing about the rows
    return _describe(_Frozen(data.model_dump_json(), data), folders, sources.stamp(data, folders))


@dataclass(frozen=True)
class _Frozen:
    """A data spec that can be a key: specs hold lists."""

    key: str
    data: DataSpec

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self.key == other.key


@lru_cache(maxsize=256)
def _describe(frozen: _Frozen, folders: Folders, stamp: object) -> DataFacts:
    return prepared(frozen.data, folders).facts


def prepared(data: DataSpec, folders: Folders, table: Table | None = None) -> Prepared:
    """Read and split the rows, and fit the preparation on the training part; `table` spares reading it again."""
    raw = sources.read(data, folders, table)
    balance.check(raw, data)
    parts = split(raw, data)
    preparation = prepare.fit(raw, parts.train, data)
    return Prepared(raw, parts, preparation, _facts(data, raw, parts, preparation))


def _facts(data: DataSpec, raw: Raw, parts: Split, preparation: Preparation) -> DataFacts:
    return DataFacts(
        source=data.source,
        title=raw.title,
        rows=len(raw),
        task=raw.target.task,
        feature_shape=_row_shape(raw, preparation),
        feature_names=preparation.feature_names,
        classes=raw.target.classes,
        class_names=raw.target.class_names,
        kind=raw.kind,
        target_name=raw.target.name,
        parts={name: len(rows) for name, rows in parts.parts().items()},
        help=raw.help,
        licence=raw.licence,
        notes=raw.notes + parts.notes + preparation.notes,
        stratified=parts.stratified,
        scaling=preparation.scaling,
        columns=preparation.columns,
        targets=tuple(target.facts(parts.train) for target in raw.targets),
        header=raw.header,
        reading=raw.reading,
        tokens=_tokens(raw, preparation),
        value_range=augmentation.value_range(data, raw, parts.train, preparation),
    )


def _tokens(raw: Raw, preparation: Preparation) -> int | None:
    if isinstance(preparation, TextPreparation):
        return texts.FIRST_WORD + len(preparation.vocabulary)
    return int(raw.features.max()) + 1 if raw.kind == "text" else None


def _row_shape(raw: Raw, preparation: Preparation) -> tuple[int, ...]:
    if isinstance(preparation, TextPreparation):
        return (preparation.length,)
    if raw.table is None:
        return tuple(raw.features.shape[1:])
    width = len(preparation.feature_names)
    return (raw.features.length, width) if isinstance(raw.features, Windows) else (width,)


def load(project: Project, folders: Folders, ready: Prepared | None = None) -> Dataset:
    """The arrays for this model and these losses; from `ready`, if the rows were read before.

    Returns:
        Parts whose `x` follow the model's Input nodes (float32; int32 for words) and whose `y` follow its
        outputs: one_hot float32 (n, classes), integer int32 (n,), binary and real float32 (n, 1). With `oversample`
        the training part has rows more than once.

    Raises:
        DataError: if the data cannot be read, or does not fit the model or its loss.
    """
    ready = ready or prepared(project.data, folders)
    for output in project.model.outputs:
        shaping.form(project, ready.raw, output)  # refuse before the costly part
    asked = ready.split.parts()
    asked["train"] = balance.oversampled(ready.raw, asked["train"], project.data)
    parts = {name: _part(project, ready, name, rows) for name, rows in asked.items() if len(rows)}
    return Dataset(parts["train"], parts.get("validation"), parts.get("test"), ready.facts)


def _part(project: Project, ready: Prepared, name: str, rows: Array) -> Part:
    features = ready.preparation.apply(taken(ready.raw.features, rows))
    x = shaping.inputs(project, ready.preparation, features)
    weights = balance.weights(ready.raw, rows, project.data, name == "train")
    return Part(x, shaping.outputs(project, ready.raw, x, rows), np.asarray(rows), weights)


def taken(features: Any, rows: Array) -> Any:
    """Some of the rows."""
    if isinstance(features, Windows):
        return features.taken(rows)
    return features.iloc[rows] if isinstance(features, pd.DataFrame) else features[rows]
