"""The first batch, tried once before training: faults of a formula or of the shapes show here, and cost no step."""

from __future__ import annotations

import math
from itertools import chain
from types import FunctionType
from typing import Any

import tensorflow as tf

from core.errors import BuildError
from core.spec import Choice, CompileSpec


def trial(model: Any, x: Any, y: Any, spec: CompileSpec) -> None:
    """Compute loss and metrics on one batch, which also makes Keras create all it needs; nothing is trained.

    Args:
        model: compiled.
        x: the features of one batch, y: its targets.
        spec: tells whether the loss is the user's own formula.

    Raises:
        BuildError: if the user's own loss gives no finite number, or none that depends on the weights.
    """
    with tf.GradientTape() as tape:
        y_pred = model(x, training=False)
        loss = model.compute_loss(x, y, y_pred, training=False)
    model.compute_metrics(x, y, y_pred)
    model.reset_metrics()
    if any(choice.name == "custom" for choice in _losses(spec)):
        _check_shapes(model, y, y_pred)
        _check_value(loss, tape.gradient(loss, model.trainable_weights))


def uses_formula(spec: CompileSpec) -> bool:
    """Is one of the losses or metrics the user's own formula?"""
    metrics = spec.metrics if isinstance(spec.metrics, tuple) else tuple(chain(*spec.metrics.values()))
    return any(choice.name == "custom" for choice in (*_losses(spec), *metrics))


def _losses(spec: CompileSpec) -> list[Choice]:
    return [spec.loss] if isinstance(spec.loss, Choice) else list(spec.loss.values())


def _check_shapes(model: Any, y: Any, y_pred: Any) -> None:
    """A formula must not mix rows: targets (n,) less predictions (n, 1) silently make (n, n)."""
    several = isinstance(y_pred, list | tuple)
    losses = model.loss if isinstance(model.loss, list | tuple) else [model.loss]
    for loss, target, predicted in zip(losses, y if several else [y], y_pred if several else [y_pred], strict=True):
        if not isinstance(loss, FunctionType):
            continue
        if target.shape.rank + 1 == predicted.shape.rank == 2 and predicted.shape[-1] == 1:
            target = target[:, tf.newaxis]  # Keras does so before it calls the formula
        given = tuple(tf.convert_to_tensor(loss(target, predicted)).shape)
        if given != tuple(predicted.shape)[: len(given)]:
            raise BuildError(
                "compile.loss",
                f"your loss has to give one number for each row; for {len(predicted)} rows of targets "
                f"{tuple(target.shape)} and predictions {tuple(predicted.shape)} it gave the shape {given}. "
                "Give y_true and y_pred the same shape first.",
            )


def _check_value(loss: Any, gradients: list[Any]) -> None:
    value = float(loss)
    if not math.isfinite(value):
        raise BuildError(
            "compile.loss",
            f"your loss gives {value} on the first batch, before any training. Look for a logarithm or a root of 0 or "
            "less, or a division by 0; adding a small number such as 1e-7 often helps.",
        )
    if gradients and all(gradient is None for gradient in gradients):
        raise BuildError(
            "compile.loss",
            "your loss does not depend on the model's weights in a way that can be followed, so nothing can be learned "
            "from it. Use y_pred, and no rounding, comparison or argmax of it alone.",
        )
    if not all(_is_finite(gradient) for gradient in gradients if gradient is not None):
        raise BuildError(
            "compile.loss",
            "the slope of your loss is not finite on the first batch. A root or an absolute power has an infinite "
            "slope at 0: add a small number such as 1e-7 inside it.",
        )


def _is_finite(gradient: Any) -> bool:
    return bool(tf.reduce_all(tf.math.is_finite(tf.convert_to_tensor(gradient))))
