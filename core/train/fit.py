"""The loop `fit`: Keras's own `model.fit`, whose functions fetch their batches from the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from core.train.calls import Logs, Step

if TYPE_CHECKING:
    from core.train.session import Session


class _Watch:
    """Stands in for `model.compute_loss` and keeps the loss that Keras computed last."""

    def __init__(self, model: Any) -> None:
        self._compute = model.compute_loss
        self.loss: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.loss = self._compute(*args, **kwargs)
        return self.loss


def steps(model: Any) -> tuple[Step, Step]:
    """Keras's own `train_step` and `test_step`, each also giving the loss of its batch."""
    model.compute_loss = watch = _Watch(model)

    def train_step(*batch: Any) -> tuple[Any, Logs]:
        logs = model.train_step(batch)
        return watch.loss, logs

    def test_step(*batch: Any) -> tuple[Any, Logs]:
        logs = model.test_step(batch)
        return watch.loss, logs

    return train_step, test_step


def loop(session: Session) -> None:
    """Train by `model.fit`; what `make_train_function` would make is already there, so Keras takes it as it is."""
    model = session.model
    model.run_eagerly, model.steps_per_execution = session.plan.eager, session.portion
    model._get_metrics_result_or_logs = dict  # the logs of the last call are the metrics: no need to compute them again
    orders = iter(session.orders)
    model.train_function = _over_epochs(session.train, lambda: next(orders), session.steps, session.portion)
    validation: dict[str, Any] = {}
    nothing = tf.data.Dataset.from_tensors(0).repeat()  # the rows are where `session` finds them
    if session.validation is not None:
        same, steps = session.validation_order, session.validation.steps
        model.test_function = _over_epochs(session.validate, lambda: same, steps, session.portion)
        validation["validation_data"] = nothing
        validation["validation_steps"] = session.validation.steps
    model.fit(
        nothing,
        shuffle=False,
        epochs=session.epochs,
        initial_epoch=session.first_epoch,
        steps_per_epoch=session.steps,
        callbacks=session.callbacks,
        verbose=0,
        **validation,
    )


def _over_epochs(
    span: Callable[[Any, int], Logs], order: Callable[[], Any], steps_per_epoch: int, steps_per_call: int
) -> Callable[[Any], Logs]:
    """What Keras calls with an iterator, once for each portion of an epoch; `order` gives an epoch's row numbers."""
    begin = 0
    rows: Any = None

    def function(_iterator: Any) -> Logs:
        nonlocal begin, rows
        if begin == 0:
            rows = order()
        logs = span(rows, begin)
        begin += steps_per_call
        if begin >= steps_per_epoch:
            begin = 0
        return logs

    return function
