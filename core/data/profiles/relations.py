"""Pearson's correlation of columns with gaps, in portions, so that no second copy of a large table is made."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.data.facts import Array
from core.data.profiles.found import Number

MOST_COLUMNS = 30
_ROWS_AT_ONCE = 65_536
_FLAT = 1e-9
"""Columns come scaled to deviation 1; below this it is rounding that varies."""


def correlation(columns: Mapping[str, Array]) -> tuple[tuple[Number, ...], ...]:
    """Pearson's r of each pair, over the rows where both are known; None where one of them does not vary."""
    arrays = list(columns.values())
    if not arrays:
        return ()
    centers, scales = np.array([_center_and_scale(values) for values in arrays]).T
    sums = np.zeros((4, len(arrays), len(arrays)))
    for start in range(0, len(arrays[0]), _ROWS_AT_ONCE):
        values = np.stack([array[start : start + _ROWS_AT_ONCE] for array in arrays]).astype(np.float64, copy=False)
        sums += _sums((values - centers[:, None]) / scales[:, None])
    return _from_sums(*sums)


def _sums(values: Array) -> Array:
    """Of these rows: how many both columns know, and the sums of values, squares and products over those."""
    known = np.isfinite(values)
    if known.all():
        ones = np.ones(len(values))
        first, squares = np.outer(values.sum(axis=1), ones), np.outer((values * values).sum(axis=1), ones)
        return np.stack([np.full_like(first, values.shape[1]), first, squares, values @ values.T])
    values, seen = np.where(known, values, 0.0), known.astype(np.float64)
    return np.stack([seen @ seen.T, values @ seen.T, values**2 @ seen.T, values @ values.T])


def _center_and_scale(values: Array) -> tuple[float, float]:
    known = values[np.isfinite(values)].astype(np.float64)
    return (float(known.mean()), float(known.std()) or 1.0) if len(known) else (0.0, 1.0)


def _from_sums(count: Array, first: Array, squares: Array, products: Array) -> tuple[tuple[Number, ...], ...]:
    """`first[i, j]` is the sum of column i over the rows where column j is known, and so on."""
    count = np.maximum(count, 1)
    covariance = products / count - first * first.T / count**2
    variance = np.maximum(squares / count - (first / count) ** 2, 0)
    scale = np.sqrt(variance * variance.T)
    is_flat = scale < _FLAT
    r = np.clip(covariance / np.where(is_flat, 1, scale), -1, 1)
    return tuple(
        tuple(None if flat else round(float(value), 4) for value, flat in zip(*pair, strict=True))
        for pair in zip(r, is_flat, strict=True)
    )
