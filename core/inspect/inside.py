"""What a model has learned, layer by layer: the spread of its weights, and the pictures that its filters are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.data.facts import Array
from core.inspect import trained
from core.spec import Project

BINS = 40
MOST_FILTERS = 32


def weights(project: Project, run_folder: Path, which: str = "last") -> list[dict[str, Any]]:
    """For each layer with weights `{"layer", "class", "weights": [...], "filters"}`.

    A weight is `{"name", "shape", "mean", "std", "zeros" (share of values within 1e-6 of 0), "edges", "counts"}`;
    `filters` are up to 32 pictures (height × width, from 0 to 1, over the mean of the input channels) of a
    two-dimensional convolution, else empty.

    Raises:
        RunError: if the run has no such weights, or they belong to another model.
    """
    model = trained.loaded(project, run_folder, which)
    return [
        {
            "layer": layer.name,
            "class": type(layer).__name__,
            "weights": [_weight(variable) for variable in layer.weights],
            "filters": _filters(layer),
        }
        for layer in model.layers
        if layer.weights
    ]


def _weight(variable: Any) -> dict[str, Any]:
    values = np.asarray(variable.numpy(), np.float64).ravel()
    counts, edges = np.histogram(values, bins=BINS)
    return {
        "name": variable.name,
        "shape": list(variable.shape),
        "mean": float(values.mean()),
        "std": float(values.std()),
        "zeros": float((np.abs(values) < 1e-6).mean()),
        "edges": edges.tolist(),
        "counts": counts.tolist(),
    }


def _filters(layer: Any) -> list[list[list[float]]]:
    kernel = getattr(layer, "kernel", None)
    if kernel is None or len(kernel.shape) != 4 or min(kernel.shape[:2]) < 2:
        return []
    pictures = np.asarray(kernel.numpy(), np.float64).mean(axis=2)  # (height, width, filters)
    return [picture(pictures[..., place]) for place in range(min(pictures.shape[-1], MOST_FILTERS))]


def picture(values: Array) -> list[list[float]]:
    """Scaled to 0..1; what is the same everywhere is a half, or black if it is zero."""
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.full(values.shape, 0.5 if low else 0.0).tolist()
    return ((values - low) / (high - low)).round(3).tolist()  # type: ignore[no-any-return]
