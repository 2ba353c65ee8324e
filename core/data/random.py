"""Standard normal features with a target that a linear model can learn from them."""

from __future__ import annotations

import math

import numpy as np

from core.data import raw
from core.data.facts import Array, Folders, Kind
from core.data.raw import MOST_VALUES, Raw, Target
from core.errors import DataError
from core.spec import RandomData

NOISE = 0.1
"""Standard deviation of what the features cannot explain in a real target, whose own is about 1."""
_KINDS: dict[int, Kind] = {1: "table", 2: "sequence", 3: "image", 4: "sequence"}


def read(data: RandomData, folders: Folders) -> Raw:
    """Draw the rows; the same seed always gives the same ones.

    Raises:
        DataError: if there would be more values than fit in memory.
    """
    size = math.prod(data.shape)
    if size * data.rows > MOST_VALUES:
        raise DataError(
            f"{data.rows:,} rows of shape {tuple(data.shape)} are {size * data.rows:,} values; at most "
            f"{MOST_VALUES:,} are possible. Ask for {max(MOST_VALUES // size, 1):,} rows or fewer."
        )
    generator = np.random.default_rng(data.seed)
    features = generator.standard_normal((data.rows, size), dtype=np.float32)
    return Raw(
        title="Random numbers",
        kind=_KINDS[len(data.shape)],
        features=features.reshape(data.rows, *data.shape),
        targets=(_target(data, features, generator),),
        help="Made-up numbers whose target is a linear map of the features: good to test a model's speed and shapes.",
        licence="Generated; no rights.",
        feature_names=tuple(f"x{index + 1}" for index in range(size)) if len(data.shape) == 1 else (),
        stratify=False,
    )


def _target(data: RandomData, features: Array, generator: np.random.Generator) -> Target:
    """A linear teacher: its output, or which of its outputs is the largest."""
    outputs = 1 if data.target == "real" else data.classes
    weights = generator.standard_normal((features.shape[1], outputs)) / math.sqrt(features.shape[1])
    scores = features @ weights.astype(np.float32)
    if data.target == "real":
        return raw.numbers("y", scores[:, 0] + NOISE * generator.standard_normal(data.rows))
    return raw.classes("class", scores.argmax(axis=1), tuple(str(index) for index in range(data.classes)))
