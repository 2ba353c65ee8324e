"""Pictures of the training part, and what the layers of the augmentation make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from core.build.objects import keras_object
from core.data import Prepared, augmentation
from core.data.facts import Array, DataFacts
from core.data.previews import pixels
from core.spec import Choice, DataSpec, Project

MOST = 6
TRIES = 4
"""So many changed pictures stand below each one."""


def pictures(data: DataSpec, ready: Prepared) -> dict[str, Any]:
    """`before` has pictures from all over the training part, `after` a list of the same, changed, for each try.

    The numbers drawn are those of a run's first steps, were these its batches: the same seed gives the same pictures.

    Returns:
        Rows of values from 0 to 1, as in the preview; nothing where there are no pictures or nothing is changed.
    """
    layers, among = augmentation.chosen(data, ready.facts), ready.facts.value_range
    if not layers or among is None:
        return {"before": [], "after": []}
    train = ready.split.train
    chosen = train[np.linspace(0, len(train) - 1, min(MOST, len(train))).astype(int)]
    before = ready.preparation.apply(ready.raw.features[chosen])
    network = _network(layers)
    after = [np.asarray(network(before, training=True)) for _ in range(TRIES)]
    return {"before": _shown(before, among), "after": [_shown(values, among) for values in after]}


def shown(facts: DataFacts, before: Array, after: Array) -> dict[str, Any]:
    """The first pictures of a batch and what became of them, as in `pictures`."""
    first = (values[:MOST].reshape(-1, *facts.feature_shape) for values in (before, after))
    was, is_now = (_shown(values, facts.value_range or (0.0, 1.0)) for values in first)
    return {"before": was, "after": is_now}


def batch(project: Project, facts: DataFacts, x: list[Array]) -> list[Array]:
    """What reaches the network of a batch whose arrays are those of the Input nodes: its pictures, changed.

    The numbers drawn are those of a run's first step. The same list comes back where nothing is changed.
    """
    layers = augmentation.chosen(project.data, facts)
    if not layers:
        return x
    pictures = [values.reshape(-1, *facts.feature_shape) for values in x]
    changed = [np.asarray(_network(layers)(values, training=True)) for values in pictures]
    return [after.reshape(before.shape) for after, before in zip(changed, x, strict=True)]


def _network(layers: Sequence[Choice]) -> Any:
    return keras.Sequential([keras_object("layer", layer) for layer in layers])


def _shown(values: Array, among: tuple[float, float]) -> list[Any]:
    low, high = among
    whole = np.clip((values - low) / (high - low or 1.0), 0.0, 1.0)
    return [pixels(picture, white=1.0) for picture in whole]
