"""Which pixels of one image decided: gradients, integrated gradients, Grad-CAM."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from core.data.facts import Array
from core.inspect import trained
from core.inspect.inside import picture

STEPS = 32
"""Points on the way from nothing to the row, for integrated gradients."""


def why(model: Any, row: list[Array], pixels: tuple[int, ...]) -> dict[str, Any]:
    """Pictures of what mattered to the strongest output; only for one image that one Input takes, flat or not.

    Args:
        row: one array for each Input node, with a batch axis of one.
        pixels: the shape of the image; empty where a row is none.

    Returns:
        `strongest`: the number of the output; `why`: pictures by name: `gradients` (Simonyan et al., 2013, arXiv
        1312.6034), `integrated_gradients` (Sundararajan et al., 2017, arXiv 1703.01365) and, where the model has a
        convolution, `grad_cam` (Selvaraju et al., 2017, arXiv 1610.02391). None and empty for other rows.
    """
    if len(row) != 1 or not pixels or row[0].size != math.prod(pixels):
        return {"strongest": None, "why": {}}
    import tensorflow as tf

    image = tf.constant(row[0], tf.float32)
    scores = _first(model(image, training=False))
    if len(scores.shape) != 2:
        return {"strongest": None, "why": {}}
    strongest = int(np.argmax(scores[0]))
    found = {
        "gradients": _picture(_slopes(model, image, strongest), pixels),
        "integrated_gradients": _picture(_integrated(model, image, strongest), pixels),
    }
    seen = [layer for layer in trained.shown(model) if len(layer.output.shape) == 4 and "Conv" in type(layer).__name__]
    if seen and len(pixels) == 3:
        found["grad_cam"] = _grad_cam(model, seen[-1], image, strongest, pixels).round(3).tolist()
    return {"strongest": strongest, "why": found}


def _picture(mattered: Any, pixels: tuple[int, ...]) -> list[list[float]]:
    return picture(np.abs(np.asarray(mattered, np.float64)).reshape(pixels).sum(axis=-1))


def _slopes(model: Any, images: Any, strongest: int) -> Any:
    """How much the output changes with each pixel."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(images)
        score = _first(model(images, training=False))[:, strongest]
    return tape.gradient(score, images)


def _integrated(model: Any, image: Any, strongest: int) -> Any:
    """The gradients on the way from black to the image, times the image."""
    import tensorflow as tf

    way = tf.reshape(tf.linspace(1 / STEPS, 1.0, STEPS), (-1,) + (1,) * (len(image.shape) - 1))
    return tf.reduce_mean(_slopes(model, way * image, strongest), axis=0) * image[0]


def _grad_cam(model: Any, layer: Any, image: Any, strongest: int, pixels: tuple[int, ...]) -> Array:
    """The maps of a convolution, each as much as it speaks for the output; 0 to 1, as large as the image.

    All 0 where nothing speaks for it, as happens when the place of a thing decides, and not that it is there.
    """
    import keras
    import tensorflow as tf

    score_of, before = _scores(model)
    seen = keras.Model(model.inputs, [layer.output, before])
    with tf.GradientTape() as tape:
        tape.watch(image)
        maps, values = seen(image, training=False)
        score = score_of(values)[:, strongest]
    strengths = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
    heat = tf.nn.relu(tf.reduce_sum(strengths * maps, axis=-1, keepdims=True))
    shown = np.asarray(tf.image.resize(heat, pixels[:2]), np.float64)[0, ..., 0]
    return shown / max(float(shown.max()), 1e-12)


def _scores(model: Any) -> tuple[Callable[[Any], Any], Any]:
    """Where the scores before a softmax come from: the softmax itself flattens the gradients of what it is sure of.

    They count from their mean, because a softmax takes no notice of what all of them have in common.
    """
    import tensorflow as tf

    last: Any = next((layer for layer in trained.shown(model) if layer.output is model.outputs[0]), None)
    if type(last).__name__ != "Dense" or getattr(last.activation, "__name__", "") != "softmax":
        return (lambda values: values), model.outputs[0]

    def before(values: Any) -> Any:
        scores = values @ last.kernel + (last.bias if last.use_bias else 0)
        return scores - tf.reduce_mean(scores, axis=1, keepdims=True)

    return before, last.input


def _first(results: Any) -> Any:
    return results[0] if isinstance(results, list | tuple) else results
