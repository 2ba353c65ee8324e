"""Turns raw features into float32, as the user chose for each column; fitted on the training part only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from core.data import encoders, scales, texts
from core.data.encoders import Encoder
from core.data.facts import Array, Column, places
from core.data.raw import MOST_VALUES, Raw
from core.data.scales import Scale
from core.data.windows import Windows
from core.errors import DataError
from core.spec import ColumnChoice, Source, TableData


class Preparation(Protocol):
    """What was learned from the training part, and how it is applied to any rows."""

    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def feature_names(self) -> tuple[str, ...]: ...
    @property
    def groups(self) -> dict[str, tuple[int, ...]]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def scaling(self) -> str: ...
    def apply(self, features: Any) -> Array: ...


def fit(raw: Raw, train: Array, data: Source) -> Preparation:
    """Learn what fills gaps, categories and scales from the rows `train`, and from no others."""
    method = _method(raw, data.scaling)
    if isinstance(data, TableData) and data.text is not None:
        _check_words(len(raw), data.text.output_sequence_length)
        return texts.fit(raw.features[data.text.column].iloc[train], data.text)
    if isinstance(raw.features, Windows):
        return _fit_windows(raw.features, train, method, data.columns or {})
    if isinstance(raw.features, pd.DataFrame):
        return _fit_table(raw.features, train, method, data.columns or {})
    return _fit_array(raw, raw.features[train], method)


def _check_words(rows: int, length: int) -> None:
    most = MOST_VALUES // rows
    if length > most:
        raise DataError(
            f"{rows:,} texts of {length:,} words each are more than {MOST_VALUES:,} numbers. Use fewer words a text.",
            "data.text.output_sequence_length",
            (f"Use {most} words a text", {"data.text.output_sequence_length": most}),
        )


def _method(raw: Raw, scaling: str) -> str:
    if raw.kind == "text":
        return "none"
    if scaling != "auto":
        return scaling
    if raw.white:
        return "white"
    return "standard" if raw.scaled else "none"


@dataclass(frozen=True)
class ArrayPreparation:
    """Images, points, sequences and generated numbers."""

    scale: Scale
    scaling: str
    columns: tuple[Column, ...]
    feature_names: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]
    notes: tuple[str, ...] = ()
    integers: bool = False

    def apply(self, features: Any) -> Array:
        values = np.asarray(features)
        return values.astype(np.int32) if self.integers else self.scale(values)


def _fit_array(raw: Raw, train: Array, method: str) -> ArrayPreparation:
    """Pictures have one scale for all their pixels; other arrays have one for each feature."""
    axis = None if raw.kind == "image" else 0
    scale = Scale(by=raw.white) if method == "white" else scales.fit(train, method, axis)
    return ArrayPreparation(
        scale=scale,
        scaling=scales.SENTENCES[method],
        columns=_number_columns(raw.feature_names, train),
        feature_names=raw.feature_names,
        groups={name: (index,) for index, name in enumerate(raw.feature_names)},
        integers=raw.kind == "text",
    )


def _number_columns(names: tuple[str, ...], train: Array) -> tuple[Column, ...]:
    """All columns at once: there may be millions."""
    if not names:
        return ()
    found = zip(names, np.nanmin(train, 0), np.nanmedian(train, 0), np.nanmax(train, 0), strict=True)
    return tuple(
        Column(name, "number", low=float(low), high=float(high), typical=float(typical))
        for name, low, typical, high in found
    )


@dataclass(frozen=True)
class TablePreparation:
    """A table: each column becomes numbers in its own way."""

    encoders: tuple[Encoder, ...]
    notes: tuple[str, ...]
    scaling: str

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(encoder.column for encoder in self.encoders)

    @property
    def feature_names(self) -> tuple[str, ...]:
        return tuple(name for column in self.columns for name in column.encoded)

    @property
    def groups(self) -> dict[str, tuple[int, ...]]:
        return places(self.columns)

    def apply(self, features: Any) -> Array:
        result = np.zeros((len(features), len(self.feature_names)), np.float32)
        for encoder, found in zip(self.encoders, self.groups.values(), strict=True):
            result[:, list(found)] = encoder(features[encoder.column.name])
        return result


def _fit_table(frame: pd.DataFrame, train: Array, method: str, choices: Mapping[str, ColumnChoice]) -> TablePreparation:
    ready = [encoders.fit(name, frame[name].iloc[train], choices.get(name, _DEFAULT), method) for name in frame.columns]
    width = sum(len(encoder.column.encoded) for encoder in ready)
    if width * len(frame) > MOST_VALUES:
        raise DataError(
            f"Encoded as one-hot columns, the table would have {width:,} columns and {len(frame):,} rows, "
            f"more than {MOST_VALUES:,} values. Choose fewer feature columns."
        )
    notes = tuple(note for encoder in ready for note in _gaps(encoder.column, frame[encoder.column.name]))
    return TablePreparation(tuple(ready), notes, scales.SENTENCES[method])


@dataclass(frozen=True)
class WindowsPreparation(TablePreparation):
    """Windows of a table: each row of it becomes numbers once, however many windows it stands in."""

    length: int

    def apply(self, features: Any) -> Array:
        places = features.places
        used = _used(features)
        encoded = super().apply(features.rows[used])
        found: Array = encoded[(np.cumsum(used) - 1)[places]]
        return found


def _used(windows: Windows) -> Array:
    """Which rows stand in some window."""
    used = np.zeros(len(windows.rows), bool)
    used[windows.places] = True
    return used


def _fit_windows(
    windows: Windows, train: Array, method: str, choices: Mapping[str, ColumnChoice]
) -> WindowsPreparation:
    table = _fit_table(windows.rows, np.flatnonzero(_used(windows.taken(train))), method, choices)
    values = len(windows) * windows.length * len(table.feature_names)
    if values > MOST_VALUES:
        raise DataError(
            f"{len(windows):,} windows of {windows.length} rows with {len(table.feature_names)} numbers each are more "
            f"than {MOST_VALUES:,} values. Use a larger stride, a shorter length or fewer feature columns.",
            "data.windows.stride",
        )
    return WindowsPreparation(table.encoders, table.notes, table.scaling, windows.length)


_DEFAULT = ColumnChoice()
_WORDS = {"mean": "mean", "median": "median", "most_frequent": "most frequent value"}


def _gaps(column: Column, values: pd.Series[Any]) -> tuple[str, ...]:
    """What the user should know about missing values in a column."""
    missing = int(values.isna().sum())
    if not missing:
        return ()
    many = f"{missing} missing value{'s' if missing > 1 else ''}"
    if column.kind == "date":
        return (f"Column {column.name!r}: {many}; each part gets the training part's {_WORDS[column.missing]}.",)
    if column.fill is None:
        return (f"Column {column.name!r}: {many} became 'none of the categories'.",)
    value = f"{column.fill:g}" if isinstance(column.fill, float) else repr(column.fill)
    why = f", the training part's {_WORDS[column.missing]}" if column.missing in _WORDS else ""
    return (f"Column {column.name!r}: {many} replaced by {value}{why}.",)
