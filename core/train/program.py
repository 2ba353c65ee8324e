"""A step function made into one call: run by Python, as a graph, as a loop in a graph, or as machine code of XLA."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from core.train.plan import Plan
from core.train.rows import Piece, Rows

Logs = dict[str, Any]
Step = Callable[..., tuple[Any, Logs]]  # (x, y) or (x, y, weights) of a batch -> its loss, and the metrics so far
Losses = np.ndarray[Any, np.dtype[np.float32]]

_tracing = threading.Lock()  # a layer holds its losses while a call of it is traced: one thread at a time


class Program:
    """A step function under one plan.

    Args:
        step: what happens with one batch.
        results: the metrics so far, asked for at the end of a call of many steps.
        rows: the data.
        plan: how many steps a call holds at most, and what runs them.
    """

    def __init__(self, step: Step, results: Callable[[], Logs], rows: Rows, plan: Plan) -> None:
        self.plan = plan
        self.seconds = 0.0
        """How long TensorFlow traced and compiled in `make`."""
        self.traces = 0
        """How often Python went through the step."""
        self._step = step
        self._results = results
        self._rows = rows
        self._function: Callable[..., tuple[Any, Logs]] | None = None

    @property
    def draws(self) -> bool:
        """Does a step draw random numbers? A layer that may, but whose rate is 0, leaves its generator alone."""
        return any("seed_generator_state" in variable.name for variable in getattr(self._function, "variables", ()))

    def __call__(self, piece: Piece, count: int) -> tuple[Losses, Logs]:
        """Run the first `count` steps of a piece; gives their losses, and the metrics after them."""
        if self._function is None:
            with _tracing:
                self._function = self._made()
        begin, many = tf.constant(piece.begin, tf.int64), tf.constant(count, tf.int64)
        losses, logs = self._function(piece.batches, begin, many, *piece.tensors)
        return np.atleast_1d(losses.numpy())[:count].astype(np.float32, copy=False), logs

    def make(self, piece: Piece) -> None:
        """Trace and compile, in a thread of its own, while another program trains."""
        began = time.perf_counter()
        none = tf.constant(0, tf.int64)
        self._function = made_apart(self._made, [piece.batches, none, none, *piece.tensors])
        self.seconds = time.perf_counter() - began

    def _made(self) -> Callable[..., tuple[Any, Logs]]:
        """The function for one call.

        Its graph leaves the size of a batch open, as the graph of a plain `fit` does: Keras weighs the losses of
        several outputs by it where it is known. A concrete function, because a `tf.function` looks at its arguments
        anew in every call, which takes longer (0.7 ms) than a small step.
        """

        def one(batches: Any, index: Any, count: Any, *tensors: Any) -> tuple[Any, Logs]:
            self.traces += 1
            # not `batches[index]`: XLA takes where a slice begins for a constant, and compiles anew for each step
            return self._step(*self._rows.take(tf.gather(batches, index), tensors))

        def many(batches: Any, first: Any, count: Any, *tensors: Any) -> tuple[Any, Logs]:
            def body(done: Any, losses: Any) -> tuple[Any, Any]:
                loss, _ = one(batches, first + done, count, *tensors)
                return done + 1, losses.write(tf.cast(done, tf.int32), tf.cast(loss, tf.float32))

            losses = tf.TensorArray(tf.float32, size=self.plan.steps, element_shape=())
            begin = tf.constant(0, tf.int64)
            _, losses = tf.while_loop(lambda done, _: done < count, body, (begin, losses), parallel_iterations=1)
            return losses.stack(), self._results()

        if self.plan.eager:
            return one
        number = tf.TensorSpec((), tf.int64)
        function = tf.function(
            one if self.plan.steps == 1 else many,
            input_signature=[tf.TensorSpec((None, None), tf.int64), number, number, *self._rows.specs],
            autograph=False,
            jit_compile=self.plan.jit,
        )
        return function.get_concrete_function()  # type: ignore[no-any-return]


def made_apart(trace: Callable[[], Any], arguments: list[Any]) -> Any:
    """A concrete function, traced, and compiled by a first call that changes nothing.

    XLA compiles in the first call only. That call gets stand-ins for all variables, so that nothing which trains
    meanwhile is changed, or has to wait for a lock. (`_call_flat` is the one way to give a function variables other
    than its own.)
    """
    with _tracing:
        function = trace()
    stand_ins = [_stand_in(tensor) for tensor in function.captured_inputs]
    handles = [one.handle if isinstance(one, tf.Variable) else one for one in stand_ins]
    function._call_flat(arguments, handles)
    return function


def _stand_in(tensor: Any) -> Any:
    """For the handle of a variable another variable of its shape and type; anything else as it is."""
    if tensor.dtype != tf.resource:
        return tensor
    (facts,) = tensor._handle_data.shape_and_type
    return tf.Variable(tf.zeros(tf.TensorShape(facts.shape), tf.as_dtype(facts.dtype)))
