"""One column at a time: what is missing, how many values are different, and how they are spread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.data.facts import Array
from core.data.profiles.found import ColumnProfile

BINS = 24
MOST_LETTERS = 60


def describe(name: str, values: Any) -> ColumnProfile:
    """The profile of a column as it came: numbers, dates, or anything else as categories."""
    if isinstance(values, pd.Series):
        if pd.api.types.is_datetime64_any_dtype(values):
            return _date(name, values)
        if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
            return category(name, values)
        values = values.to_numpy(np.float64, na_value=np.nan)
    return number(name, values)


def number(name: str, values: Array) -> ColumnProfile:
    """The profile of numbers; those that are not finite count as missing."""
    flat = np.asarray(values, np.float64).ravel()
    known = np.sort(flat[np.isfinite(flat)])  # once in order, all else is read off
    missing = len(flat) - len(known)
    if not len(known):
        return ColumnProfile(name, "number", missing=missing)
    quartiles = _quartiles(known)
    edges = _edges(known)
    return ColumnProfile(
        name,
        "number",
        missing=missing,
        distinct=int(np.count_nonzero(np.diff(known))) + 1,
        counts=_counts(known, edges),
        edges=tuple(float(edge) for edge in edges),
        low=float(known[0]),
        mean=float(known.mean()),
        high=float(known[-1]),
        deviation=float(known.std()),
        quartiles=quartiles,
        outliers=_outside(known, quartiles[0], quartiles[2]),
    )


def _quartiles(known: Array) -> tuple[float, ...]:
    """As numpy's percentile has them: between two values in proportion."""
    places = np.array([0.25, 0.5, 0.75]) * (len(known) - 1)
    below = np.floor(places).astype(int)
    lower, upper = known[below], known[np.minimum(below + 1, len(known) - 1)]
    return tuple(float(value) for value in lower + (upper - lower) * (places - below))


def _edges(known: Array) -> Array:
    """A bar for each whole number if they are few; else bars of equal width."""
    low, high = known[0], known[-1]
    if high - low < BINS and (known == np.floor(known)).all():
        return np.arange(low - 0.5, high + 1)
    return np.histogram_bin_edges(known[[0, -1]], BINS)


def _counts(known: Array, edges: Array) -> tuple[int, ...]:
    """How many values each bar has; the last one has its upper edge too."""
    places = np.searchsorted(known, edges[1:-1], side="left")
    return tuple(int(count) for count in np.diff([0, *places, len(known)]))


def _outside(known: Array, first: float, third: float) -> int:
    """Tukey's rule; it says nothing where half of the values are the same."""
    reach = 1.5 * (third - first)
    low = np.searchsorted(known, first - reach, side="left")
    high = np.searchsorted(known, third + reach, side="right")
    return int(low + len(known) - high) if reach else 0


def category(name: str, values: pd.Series[Any]) -> ColumnProfile:
    """The profile of texts, flags and classes: the commonest first."""
    counted = values.value_counts()
    top = counted.iloc[:BINS]
    return ColumnProfile(
        name,
        "category",
        missing=int(values.isna().sum()),
        distinct=len(counted),
        counts=tuple(int(count) for count in top),
        values=tuple(str(value)[:MOST_LETTERS] for value in top.index),
    )


def classes(name: str, numbers: Array, names: tuple[str, ...]) -> ColumnProfile:
    """The profile of a target of classes, in their own order and with those that no row has."""
    counts = np.bincount(numbers, minlength=len(names))
    return ColumnProfile(
        name,
        "category",
        role="target",
        distinct=int((counts > 0).sum()),
        counts=tuple(int(count) for count in counts),
        values=names,
    )


def _date(name: str, values: pd.Series[Any]) -> ColumnProfile:
    """Dates are spread over seconds since 1970."""
    seconds = (values - pd.Timestamp(0, tz=values.dt.tz)) / pd.Timedelta(seconds=1)
    return replace(number(name, seconds.to_numpy(np.float64)), kind="date", outliers=0)
