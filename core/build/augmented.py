"""A few pictures of the training part, and what the layers of the augmentation make of them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from core.build.objects import keras_object
from core.data import Prepared, augmentation
from core.data.facts import Array
from core.data.previews import pixels
from core.spec import DataSpec

MOST = 6
TRIES = 4
"""So many changed pictures stand below each one."""


def pictures(data: DataSpec, ready: Prepared) -> dict[str, Any]:
    """`before` has pictures from all over the training part, `after` a list of the same, changed, for each try.

    The numbers drawn are those of a run's first steps, were these its batches: the same seed gives the same pictures.

    Returns:
        Rows of values from 0 to 1, as in the preview; nothing where there are no pictures or nothing is changed.
    """
    choice, among = data.augmentation, ready.facts.value_range
    layers = augmentation.layers(choice, among) if choice and among else ()
    if not layers or among is None:
        return {"before": [], "after": []}
    train = ready.split.train
    chosen = train[np.linspace(0, len(train) - 1, min(MOST, len(train))).astype(int)]
    before = ready.preparation.apply(ready.raw.features[chosen])
    network = keras.Sequential([keras_object("layer", layer) for layer in layers])
    after = [np.asarray(network(before, training=True)) for _ in range(TRIES)]
    return {"before": _shown(before, among), "after": [_shown(values, among) for values in after]}


def _shown(values: Array, among: tuple[float, float]) -> list[Any]:
    low, high = among
    whole = np.clip((values - low) / (high - low or 1.0), 0.0, 1.0)
    return [pixels(picture, white=1.0) for picture in whole]
