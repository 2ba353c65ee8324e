"""The scalers: subtract one number and divide by another, both learned from the training part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.data.facts import Array


@dataclass(frozen=True)
class Scale:
    """Subtract `shift`, divide by `by`."""

    shift: Any = 0.0
    by: Any = 1.0

    def __call__(self, values: Array) -> Array:
        scaled: Array = (values - self.shift) / self.by
        return scaled.astype(np.float32)


def fit(values: Array, method: str, axis: int | None) -> Scale:
    """The scale of scikit-learn's StandardScaler, MinMaxScaler or RobustScaler; a constant is only shifted."""
    if method == "none":
        return Scale()
    values = values.astype(np.float64)
    if method == "min_max":
        low = values.min(axis=axis)
        return Scale(low, _not_zero(values.max(axis=axis) - low))
    if method == "robust":
        low, middle, high = np.percentile(values, [25, 50, 75], axis=axis)
        return Scale(middle, _not_zero(high - low))
    return Scale(values.mean(axis=axis), _not_zero(values.std(axis=axis)))


def _not_zero(by: Any) -> Any:
    return np.where(by > 0, by, 1.0)


SENTENCES = {
    "none": "Features are used as they are.",
    "standard": "Features are scaled to mean 0 and standard deviation 1, by the training part.",
    "min_max": "Features are scaled to 0..1, by the training part.",
    "robust": "Features are scaled to median 0 and interquartile range 1, by the training part.",
    "white": "Pixels are scaled to 0..1.",
}
