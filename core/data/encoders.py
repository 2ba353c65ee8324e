"""How one column of a table becomes numbers: gaps filled and scaled, categories, parts of dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from core.data import scales
from core.data.facts import Array, Column
from core.data.scales import Scale
from core.errors import DataError
from core.spec import ColumnChoice

Series = pd.Series


class Encoder(Protocol):
    """What was learned for one column; `column` describes it, a call gives float32 of shape (rows, numbers)."""

    @property
    def column(self) -> Column: ...
    def __call__(self, values: Series[Any]) -> Array: ...


def fit(name: str, train: Series[Any], choice: ColumnChoice, scaling: str) -> Encoder:
    """Learn from the values of the training part.

    Args:
        name: the column's name.
        train: numbers, dates or text, NaN where a value is missing.
        choice: what the user wants for the column.
        scaling: the scaler of the whole table, for a column whose own is "auto".
    """
    method = scaling if choice.scaling == "auto" else choice.scaling
    if pd.api.types.is_datetime64_any_dtype(train):
        return _fit_date(name, train, choice, method)
    if pd.api.types.is_numeric_dtype(train):
        return _fit_number(name, train.to_numpy(np.float64, na_value=np.nan), choice, method)
    return _fit_category(name, train, choice)


@dataclass(frozen=True)
class NumberEncoder:
    """A number: the gaps get `fill`, then it is scaled."""

    column: Column
    fill: float
    scale: Scale

    def __call__(self, values: Series[Any]) -> Array:
        return self.of(values.to_numpy(np.float64, na_value=np.nan))[:, None]

    def of(self, numbers: Array) -> Array:
        return self.scale(np.where(np.isnan(numbers), self.fill, numbers))


def _fit_number(name: str, train: Array, choice: ColumnChoice, method: str) -> NumberEncoder:
    known = train[~np.isnan(train)]
    strategy = "median" if choice.missing == "auto" else choice.missing
    fill = _filling(name, known, strategy, choice.fill)
    low, typical, high = map(float, np.percentile(known, [0, 50, 100])) if len(known) else (0.0, 0.0, 0.0)
    scale = scales.fit(np.where(np.isnan(train), fill, train), method, None)
    column = Column(name, "number", low=low, high=high, typical=typical, missing=strategy, fill=fill, scaling=method)
    return NumberEncoder(column, fill, scale)


_STRATEGIES: dict[str, Callable[[Array], Any]] = {"mean": np.mean, "median": np.median}


def _filling(name: str, known: Array, strategy: str, constant: float | str | None) -> float:
    """As scikit-learn's SimpleImputer; of several most frequent values the smallest."""
    if strategy == "constant":
        try:
            return float(constant or 0)
        except ValueError:
            raise DataError(
                f"Gaps in the column {name!r} are to be filled with {constant!r}, but it is a column of numbers. "
                "Give a number.",
                f"data.columns.{name}.fill",
                ("Fill with the median", {f"data.columns.{name}.missing": "median"}) if "." not in name else None,
            ) from None
    if not len(known):
        return 0.0
    if strategy == "most_frequent":
        values, counts = np.unique(known, return_counts=True)
        return float(values[counts.argmax()])
    return float(_STRATEGIES[strategy](known))


@dataclass(frozen=True)
class CategoryEncoder:
    """A text: one number for each category, or its place among them counted from 1; 0 is none of them."""

    column: Column

    def __call__(self, values: Series[Any]) -> Array:
        column = self.column
        known = values.astype("object")
        if column.fill is not None:
            known = known.where(known.notna(), column.fill)
        places = pd.Index(column.categories, dtype="object").get_indexer(pd.Index(known, dtype="object"))
        if column.encoding != "one_hot":
            return (places + 1).astype(np.float32)[:, None]
        encoded = np.zeros((len(places), len(column.categories) + 1), np.float32)
        encoded[np.arange(len(places)), places] = 1  # place -1 is the last one, which nobody sees
        return encoded[:, :-1]


def _fit_category(name: str, train: Series[Any], choice: ColumnChoice) -> CategoryEncoder:
    counts = train.dropna().astype("str").value_counts()
    counts = counts.sort_index().sort_values(ascending=False, kind="stable")
    common = str(counts.index[0]) if len(counts) else None
    strategy = "none" if choice.missing in ("auto", "mean", "median") else choice.missing
    fill = {"constant": str(choice.fill), "most_frequent": common}.get(strategy)
    categories = {*counts.index, *([fill] if fill is not None and strategy == "constant" else [])}
    column = Column(
        name,
        "category",
        categories=tuple(sorted(categories)),
        typical=common,
        missing=strategy,
        fill=fill,
        encoding=choice.encoding,
    )
    return CategoryEncoder(column)


@dataclass(frozen=True)
class DateEncoder:
    """A date: each of its parts is a number of its own, with gaps filled and scaled."""

    column: Column
    numbers: tuple[NumberEncoder, ...]

    def __call__(self, values: Series[Any]) -> Array:
        parts = [number.of(part(values, name)) for name, number in zip(self.column.parts, self.numbers, strict=True)]
        return np.stack(parts, axis=1)


def part(values: Series[Any], name: str) -> Array:
    """One part of dates as float64, NaN where there is no date."""
    if name == "days":
        days: Array = (values - pd.Timestamp(0)).dt.total_seconds().to_numpy(np.float64, na_value=np.nan) / 86400
        return days
    found: Array = getattr(values.dt, name).to_numpy(np.float64, na_value=np.nan)
    return found


def _fit_date(name: str, train: Series[Any], choice: ColumnChoice, method: str) -> DateEncoder:
    if choice.missing == "constant":
        choice = _by_the_median(choice)
    numbers = tuple(_fit_number(f"{name}.{item}", part(train, item), choice, method) for item in choice.parts)
    typical = pd.Timestamp(train.dropna().median()) if train.notna().any() else None
    column = Column(
        name,
        "date",
        typical=str(typical.floor("s")) if typical is not None else None,
        missing=numbers[0].column.missing,
        scaling=method,
        parts=choice.parts,
        date_format=choice.date_format,
    )
    return DateEncoder(column, numbers)


def _by_the_median(choice: ColumnChoice) -> ColumnChoice:
    """One constant suits no two parts of a date; gaps get the median of each."""
    return choice.model_copy(update={"missing": "auto"})
