"""The rows of a data set: resident on the device, or, where they are too many for that, in blocks that stream there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    from core.data import Part

BLOCK_MB = 32
"""Streamed rows come in blocks of about this size; two more are prepared meanwhile."""


@dataclass(frozen=True)
class Piece:
    """Steps that one call may run.

    `batches` holds the numbers of their rows, int64, shape (steps, batch size); the call begins at row `begin` of it
    and may run `steps` of them. `tensors` are the rows themselves where they are not resident.
    """

    batches: Any
    begin: int
    steps: int
    tensors: tuple[Any, ...] = ()


class Rows(Protocol):
    """What a program takes its batches from."""

    count: int
    specs: tuple[Any, ...]
    """What the tensors of a piece look like."""

    def take(self, numbers: Any, tensors: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        """The rows with these numbers, as Keras wants them: a tensor, or a tuple where the model has several.

        Behind features and targets come the weights of the rows, if they have some.

        Args:
            numbers: int64, shape (batch,).
            tensors: those of the piece.
        """
        ...

    def divide(self, order: Any, batch_size: int) -> None:
        """Cut the order of an epoch, int64, shape (rows,), into batches."""
        ...

    def piece(self, first: int) -> Piece:
        """The steps from number `first` of the epoch on; the short last batch is a piece of its own."""
        ...


def rows(part: Part, resident_mb: int) -> Rows:
    """The rows of a part, resident if they take at most `resident_mb` (2**20 bytes each)."""
    size = sum(array.nbytes for array in _arrays(part))
    return Resident(part) if size <= resident_mb << 20 else Streamed(part)


class Resident:
    """Features and targets as tensors, put on the device once; a call gets row numbers and gathers its own batch."""

    specs: tuple[Any, ...] = ()

    def __init__(self, part: Part) -> None:
        self.count = len(part.x[0])
        self._ends = _ends(part)
        self._tensors = tuple(tf.constant(array) for array in _arrays(part))
        self._full: Any = None
        self._short: Any = None

    def take(self, numbers: Any, tensors: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        return _gathered(self._tensors, numbers, self._ends)

    def divide(self, order: Any, batch_size: int) -> None:
        whole = self.count // batch_size
        numbers = order.numpy()
        self._full = tf.constant(numbers[: whole * batch_size].reshape(whole, batch_size))
        self._short = tf.constant(numbers[np.newaxis, whole * batch_size :])

    def piece(self, first: int) -> Piece:
        whole = self._full.shape[0]
        return Piece(self._short, 0, 1) if first == whole else Piece(self._full, first, whole - first)


class Streamed:
    """Features and targets in the memory of the computer, gathered and brought to the device in blocks of batches.

    The order of the rows is the same as that of resident ones, and so is every number.
    """

    def __init__(self, part: Part, block_mb: float = BLOCK_MB) -> None:
        self.count = len(part.x[0])
        self._ends = _ends(part)
        self._arrays = _arrays(part)
        self.specs = tuple(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in self._arrays)
        self._row_bytes = max(1, sum(array.nbytes for array in self._arrays) // self.count)
        self._block_bytes = int(block_mb * 2**20)
        self._order: Any = None
        self._batch_size = self._whole = self._steps = self._begin = self._end = 0
        self._blocks: Iterator[tuple[Any, ...]] = iter(())
        self._block: tuple[Any, ...] = ()

    def take(self, numbers: Any, tensors: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        if tensors:
            return _gathered(tensors, numbers, self._ends)
        found = self._gather(np.asarray(numbers))
        return _gathered(found, np.arange(len(found[0])), self._ends)

    def divide(self, order: Any, batch_size: int) -> None:
        self._order, self._batch_size, self._whole = order.numpy(), batch_size, self.count // batch_size
        steps = max(1, self._block_bytes // (self._row_bytes * batch_size))
        self._steps = min(steps, self._whole)  # in a block; XLA compiles for one size, so all have it
        self._begin = self._end = -1

    def piece(self, first: int) -> Piece:
        if first == self._whole:
            numbers = self._order[self._whole * self._batch_size :]
            return _whole_block(self._gather(numbers), 1)
        if not self._begin <= first < self._end:
            if first != self._end:
                self._blocks = iter(self._stream(first))
            self._block = next(self._blocks)
            self._begin = min(first, self._whole - self._steps)
            self._end = self._begin + self._steps
        found = _whole_block(self._block, self._steps)
        return Piece(found.batches, first - self._begin, self._end - first, found.tensors)

    def _stream(self, first: int) -> Any:
        """The blocks of the rest of the epoch; two are gathered ahead."""
        batch_size, width = self._batch_size, self._steps * self._batch_size
        order = self._order[: self._whole * batch_size]

        def gather(begin: Any) -> Any:
            kinds = [spec.dtype for spec in self.specs]
            found = tf.numpy_function(lambda at: self._gather(order[at : at + width]), [begin], kinds)
            return tuple(tf.ensure_shape(one, spec.shape) for one, spec in zip(found, self.specs, strict=True))

        begins = tf.data.Dataset.range(first * batch_size, len(order), width)
        return begins.map(lambda begin: gather(tf.minimum(begin, len(order) - width))).prefetch(2)

    def _gather(self, numbers: Any) -> tuple[Any, ...]:
        return tuple(array[numbers] for array in self._arrays)


def _whole_block(tensors: tuple[Any, ...], steps: int) -> Piece:
    size = len(tensors[0])
    return Piece(
        tf.reshape(tf.range(size, dtype=tf.int64), (steps, -1)), 0, steps, tuple(map(tf.convert_to_tensor, tensors))
    )


def _arrays(part: Part) -> tuple[Any, ...]:
    """Features, targets, and weights if the rows have some."""
    return (*part.x, *part.y, *(() if part.weights is None else (part.weights,)))


def _ends(part: Part) -> tuple[int, int]:
    """How many of the arrays are features, and how many are features or targets."""
    return len(part.x), len(part.x) + len(part.y)


def _gathered(tensors: tuple[Any, ...], numbers: Any, ends: tuple[int, int]) -> tuple[Any, ...]:
    found = [tf.gather(one, numbers) for one in tensors]
    x, y, weights = found[: ends[0]], found[ends[0] : ends[1]], found[ends[1] :]
    return (x[0] if len(x) == 1 else tuple(x)), (y[0] if len(y) == 1 else tuple(y)), *weights
