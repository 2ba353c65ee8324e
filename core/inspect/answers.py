"""What a model's numbers mean: a class with a probability for each, or a value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.data.facts import Array
from core.errors import DataError
from core.spec import Choice

_MARGIN_LOSSES = ("Hinge", "SquaredHinge")


@dataclass(frozen=True)
class Classes:
    """Which class the model chose in each row, and how sure it was of each: (rows, classes)."""

    chosen: Array
    probabilities: Array


def classes(outputs: Array, count: int, loss: Choice) -> Classes:
    """Read outputs as classes, as the loss reads them.

    Args:
        outputs: (rows, classes), or (rows, 1) for two classes.
        count: how many classes there are.
        loss: says if the outputs are logits, margins or probabilities.

    Raises:
        DataError: if the outputs cannot be one of `count` classes.
    """
    if outputs.ndim != 2 or outputs.shape[1] not in ({count, 1} if count == 2 else {count}):
        raise DataError(
            f"The output has the shape {list(outputs.shape[1:])} for each row, but the target has {count} classes. "
            f"Give the last layer {count} units."
        )
    logits = bool(loss.params.get("from_logits"))
    if outputs.shape[1] == 1:
        positive = _positive(outputs[:, 0], logits, loss.name)
        return Classes((positive >= 0.5).astype(np.int64), np.stack([1 - positive, positive], axis=1))
    return Classes(outputs.argmax(axis=1), _shares(outputs, logits))


def _positive(outputs: Array, logits: bool, loss: str) -> Array:
    """The probability of the second class, from one number a row; a margin of 0 is a half."""
    if logits:
        return np.asarray(1 / (1 + np.exp(-np.clip(outputs, -500, 500))))
    return np.clip((outputs + 1) / 2 if loss in _MARGIN_LOSSES else outputs, 0, 1)


def _shares(outputs: Array, logits: bool) -> Array:
    """Probabilities that sum to 1; outputs that are none yet go through a softmax."""
    sums = outputs.sum(axis=1, keepdims=True)
    if not logits and (outputs >= 0).all() and (sums > 0).all():
        return np.asarray(outputs / sums)
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
