"""Several whole epochs in one call, for sets so small that an epoch takes less time than what is around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from core.train import program
from core.train.calls import CALL_SECONDS, Calls, Logs, Losses
from core.train.rows import Resident

MOST = 64
"""Epochs in a call."""


@dataclass
class Told:
    """What one epoch of a leap came to. `values` are the model's after it, where they were kept."""

    losses: Losses
    logs: Logs
    validation: Logs
    seconds: float
    values: list[Any] | None
    is_last: bool


@dataclass
class Leap:
    """Trains and validates epoch by epoch within one call, and keeps the weights of the best and the last good one.

    Args:
        model: compiled.
        training: its calls.
        validation: likewise; None without.
        variables: all that changes while training.
        jit: does XLA compile the call?
        epochs: how many a call holds at most.
    """

    model: Any
    training: Calls
    validation: Calls | None
    variables: Sequence[Any]
    jit: bool
    epochs: int
    seconds: float = 0.0
    fault: Exception | None = None
    _function: Any = None
    _thread: threading.Thread | None = None
    _names: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    @property
    def is_ready(self) -> bool:
        return self._function is not None and self._thread is not None and not self._thread.is_alive()

    @property
    def has_failed(self) -> bool:
        return self.fault is not None

    def prepare(self, order: Any) -> None:
        """Compile, in a thread of its own; `order` is that of some epoch."""
        self._best, self._good = ([tf.Variable(tf.identity(one)) for one in self.variables] for _ in range(2))
        self._held_out = self._held_out_batches()
        arguments = [*self._divided([order.numpy()]), *self._held_out, tf.constant(0, tf.int64)]
        self._thread = threading.Thread(target=self._make, args=(arguments,), name="compile", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join()

    def jump(self, orders: Sequence[Any]) -> list[Told]:
        """Train as many epochs as there are orders; fewer, if a loss is no number any more."""
        began = time.perf_counter()
        count = tf.constant(len(orders), tf.int64)
        found = self._function(*self._divided([order.numpy() for order in orders]), *self._held_out, count)
        done, best, losses, logs, passes = (one.numpy() for one in found)
        seconds = (time.perf_counter() - began) / int(done)
        steps, last = self.training.steps, int(done) - 1
        good = last if np.isfinite(losses[: (last + 1) * steps]).all() else last - 1
        kept = {int(best): self._best, good: self._good}
        return [
            Told(
                losses=losses[epoch * steps : (epoch + 1) * steps],
                logs=dict(zip(self._names[0], logs[epoch].tolist(), strict=True)),
                validation=dict(zip(self._names[1], passes[epoch].tolist(), strict=True)),
                seconds=seconds,
                values=[tf.identity(one) for one in kept[epoch]] if epoch in kept else None,
                is_last=epoch == last,
            )
            for epoch in range(int(done))
        ]

    def _divided(self, orders: list[Any]) -> tuple[Any, Any]:
        """The batches of all epochs, and their short last ones; filled up, for XLA compiles for one shape."""
        filled = np.stack(orders + [orders[-1]] * (self.epochs - len(orders)))
        size, whole = self.training.batch_size, self.training.rows // self.training.batch_size
        full = filled[:, : whole * size].reshape(self.epochs, whole, size)
        return tf.constant(full), tf.constant(filled[:, np.newaxis, whole * size :])

    def _held_out_batches(self) -> tuple[Any, Any]:
        """The numbers of the validation rows, which are never shuffled: whole batches, and the short last one."""
        rows, size = (self.validation.rows, self.validation.batch_size) if self.validation else (0, 1)
        numbers, whole = np.arange(rows, dtype=np.int64), rows // size
        return tf.constant(numbers[: whole * size].reshape(whole, size)), tf.constant(
            numbers[np.newaxis, whole * size :]
        )

    def _make(self, arguments: list[Any]) -> None:
        began = time.perf_counter()
        batches, same = (tf.TensorSpec((None,) * rank, tf.int64) for rank in (3, 2))  # sizes are open, as in `Program`
        signature = [batches, batches, same, same, tf.TensorSpec((), tf.int64)]
        function = tf.function(self._epochs, input_signature=signature, autograph=False, jit_compile=self.jit)
        try:
            self._function = program.made_apart(function.get_concrete_function, arguments)
        except Exception as fault:  # XLA refuses some networks: then each epoch stays a call of its own
            self.fault = fault
        self.seconds = time.perf_counter() - began

    def _epochs(self, full: Any, short: Any, held_out: Any, held_short: Any, count: Any) -> tuple[Any, ...]:
        """The graph: epochs, in them steps, then a pass over the validation rows."""
        size = self.epochs

        def body(epoch: Any, _: Any, lowest: Any, best: Any, losses: Any, logs: Any, passes: Any) -> tuple[Any, ...]:
            finite, losses, found = self._train(tf.gather(full, epoch), tf.gather(short, epoch), epoch, losses)
            validation = self._validate(held_out, held_short)
            logs = logs.write(tf.cast(epoch, tf.int32), _packed(found, self._names[0]))
            passes = passes.write(tf.cast(epoch, tf.int32), _packed(validation, self._names[1]))
            value = tf.cast((validation or found)["loss"], tf.float32)
            better = tf.logical_and(finite, value < lowest)
            for variable, good, kept in zip(self.variables, self._good, self._best, strict=True):
                good.assign(tf.where(finite, variable, good))
                kept.assign(tf.where(better, variable, kept))
            return (
                epoch + 1,
                finite,
                tf.where(better, value, lowest),
                tf.where(better, epoch, best),
                losses,
                logs,
                passes,
            )

        none = tf.constant(0, tf.int64)
        arrays = [tf.TensorArray(tf.float32, size * self.training.steps, element_shape=())]
        arrays += [tf.TensorArray(tf.float32, size, element_shape=(None,)) for _ in range(2)]
        begin = (none, tf.constant(True), tf.constant(np.inf, tf.float32), none - 1, *arrays)
        found = tf.while_loop(lambda epoch, good, *_: tf.logical_and(good, epoch < count), body, begin)
        return (found[0], found[3], *(array.stack() for array in found[4:]))

    def _train(self, full: Any, short: Any, epoch: Any, losses: Any) -> tuple[Any, Any, Logs]:
        calls, begin = self.training, epoch * self.training.steps
        self.model.reset_metrics()

        def body(step: Any, finite: Any, losses: Any) -> tuple[Any, ...]:
            loss, _ = calls.step(*calls.data.take(tf.gather(full, step)))
            loss = tf.cast(loss, tf.float32)
            finite = tf.logical_and(finite, tf.math.is_finite(loss))
            return step + 1, finite, losses.write(tf.cast(begin + step, tf.int32), loss)

        whole = calls.rows // calls.batch_size
        first = (tf.constant(0, tf.int64), tf.constant(True), losses)
        step, finite, losses = tf.while_loop(lambda step, *_: step < whole, body, first, parallel_iterations=1)
        if calls.steps > whole:
            loss, _ = calls.step(*calls.data.take(short[0]))
            loss = tf.cast(loss, tf.float32)
            finite = tf.logical_and(finite, tf.math.is_finite(loss))
            losses = losses.write(tf.cast(begin + step, tf.int32), loss)
        return finite, losses, calls.results()

    def _validate(self, full: Any, short: Any) -> Logs:
        if self.validation is None:
            return {}
        calls = self.validation
        whole = calls.rows // calls.batch_size
        self.model.reset_metrics()

        def body(step: Any) -> tuple[Any]:
            calls.step(*calls.data.take(tf.gather(full, step)))
            return (step + 1,)

        tf.while_loop(lambda step: step < whole, body, (tf.constant(0, tf.int64),), parallel_iterations=1)
        if calls.steps > whole:
            calls.step(*calls.data.take(short[0]))
        return calls.results()


def worth(training: Calls, validation: Calls | None, epoch_seconds: float, epochs_left: int) -> int:
    """How many epochs a call should hold; 0 if one at a time is as good.

    Args:
        epoch_seconds: how long an epoch takes now, from its begin to the begin of the next.
        epochs_left: those to come.
    """
    resident = all(isinstance(calls.data, Resident) for calls in (training, validation) if calls)
    if not resident or epoch_seconds > CALL_SECONDS / 4 or training.search is None or not training.search.is_over:
        return 0
    if epochs_left * epoch_seconds < 3 * training.compile_seconds:  # another thread compiles, for about twice that
        return 0
    return min(MOST, epochs_left, max(2, int(CALL_SECONDS / epoch_seconds)))


def _packed(logs: Logs, names: list[str]) -> Any:
    """The metrics as one vector; their names, in the same order, are left in `names`."""
    names[:] = list(logs)
    return tf.stack([tf.cast(value, tf.float32) for value in logs.values()]) if logs else tf.zeros((0,))
