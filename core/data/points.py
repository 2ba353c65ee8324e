"""Points in the plane, as in TensorFlow Playground (dataset.ts): four to classify, two to regress."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.data import raw
from core.data.facts import Array, Folders
from core.data.raw import Raw
from core.spec import PointsData

RADIUS = 5.0


class _Drawn(NamedTuple):
    points: Array
    target: Array


_Draw = Callable[[int, float, np.random.Generator], _Drawn]


def _halves(rows: int) -> Array:
    """Class numbers: the first half of the rows is 1, as in Playground."""
    return (np.arange(rows) < (rows + 1) // 2).astype(np.int64)


def _gaussians(rows: int, noise: float, generator: np.random.Generator) -> _Drawn:
    """Two round clouds; noise widens them (variance 0.5 at 0, 4 at 0.5)."""
    label = _halves(rows)
    center = np.where(label == 1, 2.0, -2.0)[:, None]
    deviation = np.sqrt(0.5 + 7.0 * noise)
    return _Drawn(center + deviation * generator.standard_normal((rows, 2)), label)


def _circle(rows: int, noise: float, generator: np.random.Generator) -> _Drawn:
    """A disc inside a ring. As in Playground, noise moves the point that decides the class."""
    inner = _halves(rows) == 1
    low, high = np.where(inner, 0.0, 0.7 * RADIUS), np.where(inner, 0.5 * RADIUS, RADIUS)
    radius, angle = generator.uniform(low, high), generator.uniform(0, 2 * np.pi, rows)
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    moved = points + generator.uniform(-RADIUS, RADIUS, (rows, 2)) * noise
    return _Drawn(points, (np.hypot(*moved.T) < 0.5 * RADIUS).astype(np.int64))


def _xor(rows: int, noise: float, generator: np.random.Generator) -> _Drawn:
    """Four squares with a gap between them; equal signs are one class."""
    points = generator.uniform(-RADIUS, RADIUS, (rows, 2))
    points += np.where(points > 0, 0.3, -0.3)
    moved = points + generator.uniform(-RADIUS, RADIUS, (rows, 2)) * noise
    return _Drawn(points, (moved[:, 0] * moved[:, 1] >= 0).astype(np.int64))


def _spiral(rows: int, noise: float, generator: np.random.Generator) -> _Drawn:
    """Two arms that wind around each other."""
    label = _halves(rows)
    along = np.concatenate([np.linspace(0, 1, count, endpoint=False) for count in ((rows + 1) // 2, rows // 2)])
    angle = 1.75 * along * 2 * np.pi + np.pi * (1 - label)
    points = RADIUS * along[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return _Drawn(points + generator.uniform(-1, 1, (rows, 2)) * noise, label)


def _plane(rows: int, noise: float, generator: np.random.Generator) -> _Drawn:
    """The sum of both features, scaled to -1..1."""
    points = generator.uniform(-6, 6, (rows, 2))
    moved = points + generator.uniform(-6, 6, (rows, 2)) * noise
    return _Drawn(points, moved.sum(axis=1) / 10)


_HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def _hills(rows: int, noise: float, generator: np.random.Generator) -> _Drawn:
    """Three hills and three hollows; the one that is strongest at a point counts."""
    points = generator.uniform(-6, 6, (rows, 2))
    moved = points + generator.uniform(-6, 6, (rows, 2)) * noise
    heights = np.stack([sign * np.clip(1 - np.hypot(*(moved - (x, y)).T) / 2, 0, 1) for x, y, sign in _HILLS])
    return _Drawn(points, heights[np.abs(heights).argmax(axis=0), np.arange(rows)])


_SHAPES: dict[str, tuple[str, _Draw, str]] = {
    "gaussians": ("Two clouds", _gaussians, "Two clouds of points that a straight line can part."),
    "circle": ("Circle", _circle, "A disc inside a ring: no straight line can part them, one hidden layer can."),
    "xor": ("Exclusive or", _xor, "Four squares, opposite ones belong together: needs a hidden layer."),
    "spiral": ("Spiral", _spiral, "Two arms that wind around each other: the hardest of the four."),
    "plane": ("Plane", _plane, "A number that grows evenly from one corner to the other."),
    "hills": ("Hills", _hills, "Three hills and three hollows: a number for each point."),
}


def read(data: PointsData, folders: Folders) -> Raw:
    """Draw the points; the same seed always gives the same ones."""
    title, draw, text = _SHAPES[data.source]
    drawn = draw(data.rows, data.noise, np.random.default_rng(data.seed))
    number = data.source in ("plane", "hills")
    target = raw.numbers("height", drawn.target) if number else raw.classes("side", drawn.target, ("orange", "blue"))
    return Raw(
        title=title,
        kind="points",
        features=drawn.points.astype(np.float32),
        targets=(target,),
        help=text,
        licence="Generated, after TensorFlow Playground (Apache-2.0).",
        feature_names=("x1", "x2"),
    )
