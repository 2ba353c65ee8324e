"""Turns raw features into float32: medians for gaps, one-hot categories, scaling; fitted on the training part only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from core.data.facts import Array, Column
from core.data.raw import MOST_VALUES, Raw
from core.errors import DataError


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


@dataclass(frozen=True)
class Scale:
    """Subtract `shift`, divide by `by`."""

    shift: Any = 0.0
    by: Any = 1.0

    def __call__(self, values: Array) -> Array:
        scaled: Array = (values - self.shift) / self.by
        return scaled.astype(np.float32)


def fit(raw: Raw, train: Array, scaling: str) -> Preparation:
    """Learn medians, categories and scales from the rows `train`, and from no others."""
    method = _method(raw, scaling)
    if isinstance(raw.features, pd.DataFrame):
        return _fit_table(raw.features, train, method)
    return _fit_array(raw, raw.features[train], method)


def _method(raw: Raw, scaling: str) -> str:
    if raw.kind == "text":
        return "none"
    if scaling != "auto":
        return scaling
    if raw.white:
        return "white"
    return "standard" if raw.scaled else "none"


def _scale(values: Array, method: str, axis: int | None) -> Scale:
    """The scale that brings these values to mean 0 and deviation 1, or to 0..1; a constant is only shifted."""
    if method == "none":
        return Scale()
    values = values.astype(np.float64)
    if method == "min_max":
        low = values.min(axis=axis)
        return Scale(low, _not_zero(values.max(axis=axis) - low))
    return Scale(values.mean(axis=axis), _not_zero(values.std(axis=axis)))


def _not_zero(by: Any) -> Any:
    return np.where(by > 0, by, 1.0)


_SENTENCES = {
    "none": "Features are used as they are.",
    "standard": "Features are scaled to mean 0 and standard deviation 1, by the training part.",
    "min_max": "Features are scaled to 0..1, by the training part.",
    "white": "Pixels are scaled to 0..1.",
}


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
    scale = Scale(by=raw.white) if method == "white" else _scale(train, method, axis)
    return ArrayPreparation(
        scale=scale,
        scaling=_SENTENCES[method],
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
    """A table: numbers get their gaps filled and are scaled, categories become one-hot columns."""

    columns: tuple[Column, ...]
    scales: dict[str, Scale]
    feature_names: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]
    notes: tuple[str, ...]
    scaling: str

    def apply(self, features: Any) -> Array:
        result = np.zeros((len(features), len(self.feature_names)), np.float32)
        for column in self.columns:
            result[:, list(self.groups[column.name])] = self._encode(column, features[column.name])
        return result

    def _encode(self, column: Column, values: pd.Series[Any]) -> Array:
        if column.kind == "category":
            categories = np.array(column.categories, object)
            return np.asarray(values.to_numpy(object)[:, None] == categories[None, :])
        return self.scales[column.name](_filled(values, column))[:, None]


def _fit_table(frame: pd.DataFrame, train: Array, method: str) -> TablePreparation:
    columns = tuple(_column(name, frame[name].iloc[train]) for name in frame.columns)
    names: list[str] = []
    groups = {}
    for column in columns:
        encoded = [f"{column.name}={item}" for item in column.categories] or [column.name]
        groups[column.name] = tuple(range(len(names), len(names) + len(encoded)))
        names += encoded
    if len(names) * len(frame) > MOST_VALUES:
        raise DataError(
            f"Encoded as one-hot columns, the table would have {len(names):,} columns and {len(frame):,} rows, "
            f"more than {MOST_VALUES:,} values. Choose fewer feature columns."
        )
    scales = {
        column.name: _scale(_filled(frame[column.name].iloc[train], column), method, None)
        for column in columns
        if column.kind == "number"
    }
    notes = tuple(note for column in columns for note in _gaps(column, frame[column.name]))
    return TablePreparation(columns, scales, tuple(names), groups, notes, _SENTENCES[method])


def _column(name: str, train: pd.Series[Any]) -> Column:
    known = train.dropna()
    if not pd.api.types.is_numeric_dtype(train):
        counts = known.value_counts()
        common = str(counts.index[0]) if len(counts) else None
        return Column(name, "category", categories=tuple(sorted(counts.index)), typical=common)
    if known.empty:
        return Column(name, "number", low=0.0, high=0.0, typical=0.0)
    return _number_columns((name,), known.to_numpy(np.float64)[:, None])[0]


def _filled(values: pd.Series[Any], column: Column) -> Array:
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(numbers), float(column.typical or 0), numbers)


def _gaps(column: Column, values: pd.Series[Any]) -> tuple[str, ...]:
    """What the user should know about missing values in a column."""
    missing = int(values.isna().sum())
    if not missing:
        return ()
    many = f"{missing} missing value{'s' if missing > 1 else ''}"
    if column.kind == "category":
        return (f"Column {column.name!r}: {many} became 'none of the categories'.",)
    return (f"Column {column.name!r}: {many} replaced by {column.typical:g}, the training part's median.",)
