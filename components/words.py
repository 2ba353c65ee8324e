"""Numbers and shapes as the page writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

COLOURS = {
    "core": "blue",
    "convolution": "green",
    "pooling": "violet",
    "recurrent": "orange",
    "normalization": "yellow",
    "regularization": "yellow",
    "attention": "red",
    "reshaping": "gray",
    "merging": "red",
    "preprocessing": "gray",
    "activation": "blue",
    "wrapper": "orange",
}
"""One colour for each category of layers, everywhere."""


def shape(sizes: Sequence[Any] | None) -> str:
    """`[null, 8, 8, 1]` as 8×8×1; the batch axis is left out."""
    if sizes is None:
        return "?"
    if sizes and isinstance(sizes[0], (list, tuple)):
        return ", ".join(shape(one) for one in sizes)
    return "×".join("?" if size is None else f"{size:,}" for size in sizes[1:]) or "scalar"


def count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def flops(number: int | None) -> str:
    """`326000` as 326 kFLOP."""
    if number is None:
        return "–"
    size = float(number)
    for unit in ("", "k", "M", "G"):
        if size < 1000:
            return f"{size:.3g} {unit}FLOP"
        size /= 1000
    return f"{size:.3g} TFLOP"


def size(number: int | None) -> str:
    """`38440` as 37.5 kB."""
    if number is None:
        return "–"
    amount = float(number)
    for unit in ("B", "kB", "MB"):
        if amount < 1024:
            return f"{amount:.3g} {unit}"
        amount /= 1024
    return f"{amount:.3g} GB"


def layer(name: str, category: str) -> str:
    """A layer's kind with its category's colour."""
    return f":{COLOURS.get(category, 'gray')}[■] {plain(name)}"


def metric(number: float | None) -> str:
    return "–" if number is None else f"{number:.4g}"


def duration(seconds: float | None) -> str:
    """`0.0124` as 12.4 ms, `75` as 1 min 15 s."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{1000 * seconds:.3g} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def snake_case(name: str) -> str:
    """`MeanSquaredError` as mean_squared_error: how Keras names a metric in its logs."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def metric_name(name: str) -> str:
    """`val_sparse_categorical_accuracy` as val_accuracy: which kind of target it is for goes without saying."""
    return re.sub(r"(sparse_categorical|categorical|binary)_(?=accuracy|crossentropy)", "", name)


def plain(text: str) -> str:
    """A user's words in Markdown that shows them as they are."""
    return "".join("\\" + sign if sign in r"\`*_{}[]()<>#+-.!|$:~&" else sign for sign in text)
