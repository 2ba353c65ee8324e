"""The loop `custom`: a training loop written by hand, with a gradient tape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from core.train.calls import Logs, Step

if TYPE_CHECKING:
    from core.train.session import Session


def steps(model: Any) -> tuple[Step, Step]:
    """What happens with one batch in training and in validation, without `model.train_step`."""
    optimizer = model.optimizer
    mean_loss = model.metrics[0]  # Keras puts the mean of the loss first

    def update_metrics(x: Any, y: Any, y_pred: Any, loss: Any) -> Logs:
        mean_loss.update_state(loss, sample_weight=tf.shape(tf.nest.flatten(x)[0])[0])
        logs: Logs = model.compute_metrics(x, y, y_pred)
        return logs

    def train_step(x: Any, y: Any, weights: Any = None) -> tuple[Any, Logs]:
        with tf.GradientTape() as tape:
            y_pred = model(x, training=True)
            loss = model.compute_loss(x, y, y_pred, sample_weight=weights, training=True)  # regularization included
            scaled_loss = optimizer.scale_loss(loss)  # differs from the loss only in mixed precision
        if model.trainable_weights:
            gradients = tape.gradient(scaled_loss, model.trainable_weights)
            optimizer.apply(gradients, model.trainable_weights)
        return loss, update_metrics(x, y, y_pred, loss)

    def test_step(x: Any, y: Any, weights: Any = None) -> tuple[Any, Logs]:
        y_pred = model(x, training=False)
        loss = model.compute_loss(x, y, y_pred, sample_weight=weights, training=False)
        return loss, update_metrics(x, y, y_pred, loss)

    return train_step, test_step


def loop(session: Session) -> None:
    """Train epoch by epoch; the callbacks hear the same as in `model.fit`, in the same order."""
    model, callbacks = session.model, session.callbacks
    orders = iter(session.orders)
    logs: Logs = {}
    model.stop_training = False
    callbacks.on_train_begin()
    for epoch in range(session.first_epoch, session.epochs):
        session.begin_epoch()
        callbacks.on_epoch_begin(epoch)
        rows = next(orders)
        for begin in range(0, session.steps, session.portion):
            callbacks.on_train_batch_begin(begin)
            logs = session.train(rows, begin)
            callbacks.on_train_batch_end(begin + session.portion - 1, logs)
        if session.validation is not None:
            logs = logs | {f"val_{name}": value for name, value in _validation(session).items()}
        callbacks.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    model.optimizer.finalize_variable_values(model.trainable_weights)
    callbacks.on_train_end(logs)


def _validation(session: Session) -> Logs:
    """The loss and the metrics on the validation rows."""
    model, callbacks = session.model, session.callbacks
    assert session.validation is not None
    callbacks.on_test_begin()
    model.reset_metrics()
    logs: Logs = {}
    for begin in range(0, session.validation.steps, session.portion):
        callbacks.on_test_batch_begin(begin)
        logs = session.validate(session.validation_order, begin)
        callbacks.on_test_batch_end(begin + session.portion - 1, logs)
    callbacks.on_test_end(logs)
    return logs
