"""One call runs one step or many: eager, as a graph, as a loop in a graph, or compiled by XLA."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from core.train.plan import Plan
from core.train.rows import Rows

Logs = dict[str, Any]
Step = Callable[..., tuple[Any, Logs]]  # (x, y) or (x, y, weights) of a batch -> its loss, and the metrics so far
Losses = np.ndarray[Any, np.dtype[np.float32]]

CALL_SECONDS = 0.25  # no call should take longer, so that a word is obeyed within half a second


class Calls:
    """Runs a step function over the batches of an epoch, many steps a call if the plan says so.

    Args:
        step: what happens with one batch.
        results: the metrics so far, asked for after a call of many steps.
        rows: the data.
        batch_size: rows per step; the last step of an epoch takes what is left.
        plan: the execution.
    """

    def __init__(self, step: Step, results: Callable[[], Logs], rows: Rows, batch_size: int, plan: Plan) -> None:
        self.rows = rows.count
        self.steps = -(-rows.count // batch_size)
        self._step = step
        self._results = results
        self._data = rows
        self._batch_size = batch_size
        self._plan = plan
        self._whole = rows.count // batch_size  # steps with a full batch
        self._call: Callable[[Any, Any, Any], tuple[Any, Logs]] | None = None
        self._order: Any = None
        self._full: Any = None  # the numbers of the rows of an epoch, int64, shape (whole, batch_size)
        self._short: Any = None  # those of its short last batch, shape (1, what is left)
        self._compiled: set[bool] = set()
        self._most = 1  # steps a call: grows with the measured speed, so that the first point comes at once

    def span(
        self,
        order: Any,
        begin: int,
        end: int,
        allow: Callable[[int], int],
        done: Callable[[Losses, float], None],
    ) -> Logs:
        """Run the steps from `begin` until before `end` of one epoch, in as few calls as may be.

        Args:
            order: the row numbers of the epoch, int64, shape (rows,).
            begin: the first step, counted within the epoch.
            end: the step to stop before; steps past the end of the epoch do not exist.
            allow: asked before each call how many of the wanted steps may run.
            done: told after each call the loss of its every step, and how many seconds it took if it was the first
                of its kind (TensorFlow traces and compiles then), else 0.

        Returns:
            The metrics so far, as `train_step` returns them.
        """
        logs: Logs = {}
        end = min(end, self.steps)
        if order is not self._order:
            self._divide(order)
        while begin < end:
            losses, logs, compiling = self._run(begin, allow(min(end - begin, self._most)))
            begin += len(losses)
            done(losses, compiling)
        return logs or self._results()

    def _divide(self, order: Any) -> None:
        """Cut the order of an epoch into batches."""
        full = self._whole * self._batch_size
        numbers = order.numpy()
        self._order = order
        self._full = tf.constant(numbers[:full].reshape(self._whole, self._batch_size))
        self._short = tf.constant(numbers[np.newaxis, full:])

    def _run(self, first: int, count: int) -> tuple[Losses, Logs, float]:
        """One call; it takes fewer steps than wanted where the short last batch needs a call of its own."""
        is_short = first == self._whole
        batches, at, left = (self._short, 0, 1) if is_short else (self._full, first, self._whole - first)
        count = min(count, left)
        began = time.perf_counter()
        if self._call is None:
            self._call = self._made()
        losses, logs = self._call(batches, tf.constant(at, tf.int64), tf.constant(count, tf.int64))
        values = np.atleast_1d(losses.numpy())[:count].astype(np.float32, copy=False)
        seconds = time.perf_counter() - began
        if is_short not in self._compiled:
            self._compiled.add(is_short)
            return values, logs, seconds
        self._learn_pace(count, seconds)
        return values, logs, 0.0

    def _learn_pace(self, count: int, seconds: float) -> None:
        if self._most < self._plan.steps or seconds > CALL_SECONDS:
            enough = int(count * CALL_SECONDS / max(seconds, 1e-9))
            self._most = max(1, min(enough, 16 * self._most, self._plan.steps))

    def _made(self) -> Callable[[Any, Any, Any], tuple[Any, Logs]]:
        """The function for one call.

        Its graph leaves the size of a batch open, as the graph of a plain `fit` does: Keras weighs the losses of
        several outputs by it where it is known. A concrete function, because a `tf.function` looks at its arguments
        anew in every call, which takes longer (0.7 ms) than a small step.
        """

        def one(batches: Any, index: Any, _count: Any = 1) -> tuple[Any, Logs]:
            # not `batches[index]`: XLA takes where a slice begins for a constant, and compiles anew for each step
            return self._step(*self._data.take(tf.gather(batches, index)))

        def many(batches: Any, first: Any, count: Any) -> tuple[Any, Logs]:
            def body(done: Any, losses: Any) -> tuple[Any, Any]:
                loss, _ = one(batches, first + done)
                return done + 1, losses.write(tf.cast(done, tf.int32), tf.cast(loss, tf.float32))

            losses = tf.TensorArray(tf.float32, size=self._plan.steps, element_shape=())
            begin = tf.constant(0, tf.int64)
            _, losses = tf.while_loop(lambda done, _: done < count, body, (begin, losses), parallel_iterations=1)
            return losses.stack(), self._results()

        if self._plan.eager:
            return one
        number = tf.TensorSpec((), tf.int64)
        function = tf.function(
            one if self._plan.steps == 1 else many,
            input_signature=[tf.TensorSpec((None, None), tf.int64), number, number],
            autograph=False,
            jit_compile=self._plan.jit,
        )
        return function.get_concrete_function()  # type: ignore[no-any-return]
