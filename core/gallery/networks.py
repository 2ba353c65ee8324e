"""Which hidden layers suit which kind of rows: a short chain for tables, points, pictures, sequences and texts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Protocol

WORDS = 10_000
"""Word numbers in texts stay below this, as `core.data.archives` reads them."""
LETTERS = 32
"""Letter numbers in made-up sentences stay below this."""
MOST_WEIGHTS = 20_000_000
"""No layer gets more weights than this: it is made narrower where rows are very long."""

Layers = Iterator[tuple[str, dict[str, Any]]]
"""The layer's name and its parameters."""


class Rows(Protocol):
    """What a network needs to know of the rows."""

    @property
    def source(self) -> str:
        """The project's name for where they come from."""
        ...

    @property
    def kind(self) -> str:
        """`image`, `table`, `points`, `sequence` or `text`."""
        ...

    @property
    def feature_shape(self) -> tuple[int, ...]:
        """The shape of one row."""
        ...

    @property
    def parts(self) -> dict[str, int]:
        """How many rows there are to train, validate and test."""
        ...


def hidden(rows: Rows) -> Layers:
    """The layers between the Input and the last one; each row ends as one list of numbers."""
    shape = rows.feature_shape
    if rows.kind == "text" and len(shape) == 1:
        return _letters() if rows.source == "sentences" else _text()
    if rows.kind == "image" and len(shape) == 3:
        return _image(*shape)
    if len(shape) == 2:
        return _sequence(*shape)
    if rows.kind == "points":
        return _points()
    return _table(shape, rows.parts.get("train", 0))


def _points() -> Layers:
    """Two small layers draw curved borders; relu bends them sharply enough for a spiral."""
    yield "Dense", {"units": 32, "activation": "relu"}
    yield "Dense", {"units": 32, "activation": "relu"}


def _table(shape: tuple[int, ...], rows: int) -> Layers:
    """Wider with more rows; few rows are easily learned by heart, so some of the layer is dropped then."""
    size = math.prod(shape)
    if len(shape) > 1:
        yield "Flatten", {}
    units = 32 if rows < 500 else 64 if rows < 10_000 else 128
    yield "Dense", {"units": _narrow(units, size), "activation": "relu"}
    if rows >= 500:
        yield "Dense", {"units": units // 2, "activation": "relu"}
    if rows < 5000:
        yield "Dropout", {"rate": 0.1}


def _image(height: int, width: int, channels: int) -> Layers:
    """Convolutions and pooling in turn until few places are left, then a dense layer."""
    filters = 16
    for _ in range(6):
        yield (
            "Conv2D",
            {
                "filters": _narrow(filters, 9 * channels),
                "kernel_size": 3,
                "padding": "same",
                "activation": "relu",
            },
        )
        channels = _narrow(filters, 9 * channels)
        if min(height, width) < 8:
            break
        yield "MaxPooling2D", {"pool_size": 2}
        height, width, filters = height // 2, width // 2, min(2 * filters, 64)
    yield "Flatten", {}
    yield "Dense", {"units": _narrow(64, height * width * channels), "activation": "relu"}
    yield "Dropout", {"rate": 0.2}


def _sequence(steps: int, features: int) -> Layers:
    """A GRU reads up to 64 steps; more are first shortened by convolutions."""
    for _ in range(6):
        if steps <= 64:
            break
        filters = _narrow(32, 5 * features)
        yield "Conv1D", {"filters": filters, "kernel_size": 5, "padding": "same", "activation": "relu"}
        yield "MaxPooling1D", {"pool_size": 4}
        steps, features = steps // 4, filters
    yield "GRU", {"units": _narrow(32, 3 * features)}


def _text() -> Layers:
    """The mean of the words' vectors: fast, and hard to beat on whole reviews."""
    yield "Embedding", {"input_dim": WORDS, "output_dim": 16, "mask_zero": True}
    yield "GlobalAveragePooling1D", {}
    yield "Dense", {"units": 32, "activation": "relu"}
    yield "Dropout", {"rate": 0.3}


def _letters() -> Layers:
    """A GRU reads letter after letter: their order is the word."""
    yield "Embedding", {"input_dim": LETTERS, "output_dim": 16}
    yield "GRU", {"units": 64}


def _narrow(units: int, size: int) -> int:
    """As many units as asked for, or as few as the limit on weights leaves."""
    return min(units, max(MOST_WEIGHTS // max(size, 1), 1))
