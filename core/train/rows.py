"""The rows of a data set, resident on the device: a call gets row numbers and gathers its own batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as tf

if TYPE_CHECKING:
    from core.data import Part


class Rows:
    """Features and targets as tensors, put on the device once."""

    def __init__(self, part: Part) -> None:
        self.count = len(part.x[0])
        self._x = tuple(tf.constant(array) for array in part.x)
        self._y = tuple(tf.constant(array) for array in part.y)
        self._weights = tf.constant(part.weights) if part.weights is not None else None

    def take(self, numbers: Any) -> tuple[Any, ...]:
        """The rows with these numbers, as Keras wants them: a tensor, or a tuple where the model has several.

        Behind features and targets come the weights of the rows, if they have some.

        Args:
            numbers: int64, shape (batch,).
        """
        x = tuple(tf.gather(tensor, numbers) for tensor in self._x)
        y = tuple(tf.gather(tensor, numbers) for tensor in self._y)
        found = (x[0] if len(x) == 1 else x), (y[0] if len(y) == 1 else y)
        if self._weights is None:
            return found
        return (*found, tf.gather(self._weights, numbers))
