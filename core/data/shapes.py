"""Made-up pictures: four shapes of different size and place, and real handwritten digits under noise."""

from __future__ import annotations

import numpy as np

from core.data import raw
from core.data.facts import Array, Folders
from core.data.raw import Raw
from core.spec import NoisyDigitsData, ShapesData

_NAMES = ("disc", "square", "triangle", "cross")


def read(data: ShapesData | NoisyDigitsData, folders: Folders) -> Raw:
    """Draw the pictures; the same seed always gives the same ones."""
    return _shapes(data) if isinstance(data, ShapesData) else _digits(data)


def _shapes(data: ShapesData) -> Raw:
    generator = np.random.default_rng(data.seed)
    label = np.arange(data.rows) % len(_NAMES)
    drawn = np.choose(label[:, None, None], _outlines(data, generator))
    return Raw(
        title="Shapes",
        kind="image",
        features=_noisy(drawn, data.noise, generator),
        targets=(raw.classes("shape", label, _NAMES),),
        help=f"{data.rows:,} made-up pictures ({data.size} × {data.size} pixels) of a disc, a square, a triangle or a "
        "cross. Which shape is it?",
        licence="Generated; no rights.",
    )


def _outlines(data: ShapesData, generator: np.random.Generator) -> list[Array]:
    """Each picture in all four shapes; `u` and `v` go to the right and down from the middle of the shape."""
    left, top = generator.uniform(0.35, 0.65, (2, data.rows, 1, 1))
    radius = generator.uniform(0.2, 0.33, (data.rows, 1, 1))
    place = (np.arange(data.size) + 0.5) / data.size
    u, v = np.abs(place - left) / radius, (place[:, None] - top) / radius
    box = np.maximum(u, np.abs(v))
    return [np.hypot(u, v) < 1, box < 0.85, (v < 0.7) & (2 * u < v + 1), (box < 1) & (np.minimum(u, np.abs(v)) < 0.35)]


def _noisy(pictures: Array, noise: float, generator: np.random.Generator) -> Array:
    """Noise on every pixel; black stays 0 and white 1."""
    noisy = np.clip(pictures + noise * generator.standard_normal(pictures.shape), 0, 1)
    return noisy.astype(np.float32)[..., None]


def _digits(data: NoisyDigitsData) -> Raw:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return Raw(
        title="Noisy digits",
        kind="image",
        features=_noisy(bunch.images / 16, data.noise, np.random.default_rng(data.seed)),
        targets=(raw.classes("digit", bunch.target, tuple(str(number) for number in range(10))),),
        help="1,797 handwritten digits (8 × 8 pixels) with noise on every pixel. Which digit is it?",
        licence="Digits distributed with scikit-learn (BSD-3-Clause); from the UCI Machine Learning Repository.",
    )
