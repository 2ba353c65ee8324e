"""How good a regression is: residuals, what was predicted beside what is true, and the worst rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from core.data.facts import Array

MOST_POINTS = 2000
MOST_ROWS = 24
BINS = 40


def report(true: Array, predicted: Array) -> dict[str, Any]:
    """Numbers as scikit-learn counts them; `r2` is None for fewer than two rows."""
    from sklearn import metrics

    residuals = (predicted - true).reshape(len(true), -1)
    flat = true.reshape(len(true), -1), predicted.reshape(len(true), -1)
    shown = np.linspace(0, len(true) - 1, min(len(true), MOST_POINTS)).astype(int)
    return {
        "mae": float(metrics.mean_absolute_error(*flat)),
        "rmse": float(metrics.root_mean_squared_error(*flat)),
        "r2": float(metrics.r2_score(*flat)) if len(true) > 1 else None,
        "residual_mean": float(residuals.mean()),
        "residual_std": float(residuals.std()),
        "true": [float(value) for value in flat[0][shown].mean(axis=1)],
        "predicted": [float(value) for value in flat[1][shown].mean(axis=1)],
        **_spread(residuals.mean(axis=1)),
    }


def _spread(residuals: Array) -> dict[str, Any]:
    """The distribution of the errors: how many are how far off; few rows have few bins (Rice's rule)."""
    counts, edges = np.histogram(residuals, bins=min(BINS, math.ceil(2 * len(residuals) ** (1 / 3))))
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def worst(true: Array, predicted: Array) -> list[dict[str, Any]]:
    """The rows with the largest errors; `place` counts the examined rows from 0."""
    return _listed(true, predicted, -1)


def best(true: Array, predicted: Array) -> list[dict[str, Any]]:
    """The rows with the smallest errors, as `worst` lists them."""
    return _listed(true, predicted, +1)


def _listed(true: Array, predicted: Array, by: int) -> list[dict[str, Any]]:
    wide = true.reshape(len(true), -1), predicted.reshape(len(true), -1)
    errors = np.abs(wide[1] - wide[0]).mean(axis=1)
    return [
        {
            "place": int(place),
            "true": float(wide[0][place].mean()),
            "predicted": float(wide[1][place].mean()),
            "error": float(errors[place]),
        }
        for place in np.argsort(by * errors, kind="stable")[:MOST_ROWS]
    ]
