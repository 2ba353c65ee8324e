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
    model.run_eagerly, model.steps_per_execution = session.plan.eager, session.plan.steps
    model.train_function = _over_epochs(session.train, session.steps, session.plan.steps)
    validation: dict[str, Any] = {}
    if session.validation is not None:
        model.test_function = _over_epochs(session.validate, session.validation.steps, session.plan.steps)
        validation["validation_data"] = tf.data.Dataset.from_tensors(session.validation_order).repeat()
        validation["validation_steps"] = session.validation.steps
    model.fit(
        session.orders,
        epochs=session.epochs,
        shuffle=False,  # the order is in the data already
        initial_epoch=session.first_epoch,
        steps_per_epoch=session.steps,
        callbacks=session.callbacks,
        verbose=0,
        **validation,
    )


def _over_epochs(span: Callable[[Any, int], Logs], steps_per_epoch: int, steps_per_call: int) -> Callable[[Any], Logs]:
    """What Keras calls with an iterator, once for each portion of an epoch: each epoch's row numbers come first."""
    begin = 0
    rows: Any = None

    def function(iterator: Any) -> Logs:
        nonlocal begin, rows
        if begin == 0:
            rows = next(iterator)
        logs = span(rows, begin)
        begin += steps_per_call
        if begin >= steps_per_epoch:
            begin = 0
        return logs

    return function
