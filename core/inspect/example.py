"""One row on its way through a model: what each layer makes of it, and which of its numbers mattered."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from core import data
from core.data import Dataset, Folders
from core.data.facts import Array
from core.errors import DataError
from core.inspect import trained
from core.inspect.inside import picture
from core.inspect.outputs import shown
from core.spec import Project

MOST_MAPS = 16
MOST_NUMBERS = 256
STEPS = 32
"""Points on the way from nothing to the row, for integrated gradients."""


def through(project: Project, run_folder: Path, folders: Folders, row: int, weights: str = "last") -> dict[str, Any]:
    """What the layers of a run's model make of one row.

    Args:
        row: its number in the source, from 0, as `examine` gives it with each example.

    Returns:
        `layers`: for each `{"layer", "class", "shape", "maps" (pictures, for images), "values" (up to 256 numbers),
        "dead" (share of exact zeros)}`; `image` or `features`: the row as the user knows it; `saliency`: for an
        image a picture of how much each pixel mattered to the strongest output, by integrated gradients
        (Sundararajan et al., 2017, arXiv 1703.01365), else None; `strongest`: the number of that output.

    Raises:
        DataError: if there is no such row.
        RunError: if the run has no such weights.
    """
    ready = data.prepared(project.data, folders)
    x = _row(data.load(project, folders, ready), row)
    model = trained.loaded(project, run_folder, weights)
    pixels = ready.facts.feature_shape if ready.facts.kind == "image" else ()
    return {"layers": _layers(model, x), **shown(ready, row), **_saliency(model, x, pixels)}


def _row(dataset: Dataset, row: int) -> list[Array]:
    for part in (dataset.train, dataset.validation, dataset.test):
        if part is None:
            continue
        found = np.flatnonzero(part.rows == row)
        if len(found):
            return [values[found[0]][np.newaxis] for values in part.x]
    raise DataError(f"There is no row {row} in this data. Rows are counted from 0.")


def _layers(model: Any, row: list[Array]) -> list[dict[str, Any]]:
    import keras

    shown = trained.shown(model)
    seen = keras.Model(model.inputs, [layer.output for layer in shown])
    found = seen(row if len(row) > 1 else row[0], training=False)
    results = found if isinstance(found, list | tuple) else [found]
    return [_layer(layer, np.asarray(values)[0]) for layer, values in zip(shown, results, strict=True)]


def _layer(layer: Any, values: Array) -> dict[str, Any]:
    maps = (
        [picture(values[..., place]) for place in range(min(values.shape[-1], MOST_MAPS))] if values.ndim == 3 else []
    )
    return {
        "layer": layer.name,
        "class": type(layer).__name__,
        "shape": list(values.shape),
        "maps": maps,
        "values": [] if maps else values.astype(np.float64).ravel()[:MOST_NUMBERS].tolist(),
        "dead": float((values == 0).mean()),
    }


def _saliency(model: Any, row: list[Array], pixels: tuple[int, ...]) -> dict[str, Any]:
    """Only of one image that one Input takes, flat or not: other rows have no picture."""
    if len(row) != 1 or not pixels or row[0].size != math.prod(pixels):
        return {"saliency": None, "strongest": None}
    import tensorflow as tf

    image = tf.constant(row[0], tf.float32)
    scores = _first(model(image, training=False))
    if len(scores.shape) != 2:
        return {"saliency": None, "strongest": None}
    strongest = int(np.argmax(scores[0]))
    way = tf.reshape(tf.linspace(1 / STEPS, 1.0, STEPS), (-1,) + (1,) * (len(image.shape) - 1))
    with tf.GradientTape() as tape:
        walked = way * image
        tape.watch(walked)
        score = _first(model(walked, training=False))[:, strongest]
    gradients = tf.reduce_mean(tape.gradient(score, walked), axis=0)
    mattered = np.abs(np.asarray(gradients * image[0], np.float64)).reshape(pixels).sum(axis=-1)
    return {"saliency": picture(mattered), "strongest": strongest}


def _first(results: Any) -> Any:
    return results[0] if isinstance(results, list | tuple) else results
