"""What went wrong in a run, as a sentence with a next step."""

from __future__ import annotations

import re

import tensorflow as tf

from core.errors import EagerlyError
from core.events import DIVERGED
from core.spec import TrainingSpec
from core.train.plan import Plan
from core.train.record import Diverged

_LABEL = re.compile(r"label value of (-?\d+) .*?valid range of \[(\d+), (\d+)\)", re.DOTALL)
_FROM_KERAS = 400  # characters of Keras's own words that are worth showing


def sentence(error: Exception, training: TrainingSpec, plan: Plan) -> str:
    """Say where and why, and what to do; Keras's own words only where we have no better ones."""
    if isinstance(error, EagerlyError):
        return str(error)
    if isinstance(error, tf.errors.ResourceExhaustedError | MemoryError):
        return (
            f"There was not enough memory for a batch of {training.batch_size} rows. "
            f"Try a batch size of {max(1, training.batch_size // 4)}, or a smaller model."
        )
    if isinstance(error, OSError):
        trouble = error.strerror or error
        return f"The run could not write its files: {trouble}. Free some disk space, then continue or train again."
    if label := _LABEL.search(str(error)):
        got, low, high = label.groups()
        return (
            f"A target is class {got}, but the last layer tells only the classes {low} to {int(high) - 1} apart. "
            f"Give the last layer more units, one for each class."
        )
    if plan.jit and isinstance(error, tf.errors.OpError):
        return f"XLA cannot compile this model: {_words(error)} Turn XLA off and train again."
    return f"Keras could not train this model: {_words(error)}"


def diverged(error: Diverged, steps_per_epoch: int, learning_rate: float | None) -> str:
    """The sentence for a loss that is no number any more; epochs and steps count from 1."""
    became = "NaN" if error.loss != error.loss else "infinite"
    epoch = (error.step - 1) // steps_per_epoch + 1
    now = "" if learning_rate is None else f" (now {learning_rate:g})"
    kept = "The weights of the last good epoch are kept. " if epoch > 1 else ""
    return f"{DIVERGED} {became} at epoch {epoch}, step {error.step}. {kept}Try a lower learning rate{now}."


def _words(error: Exception) -> str:
    """Keras's message without its traceback, its graph node and its hints on debugging."""
    text = str(error).strip() or type(error).__name__
    text = text.split("\n\nArguments received by")[0].split("\n\nStack trace")[0].split("Detected at node")[0]
    lines = " ".join(line.strip() for line in text.splitlines() if line.strip())
    cut = lines if len(lines) <= _FROM_KERAS else lines[:_FROM_KERAS] + "…"
    return cut if cut.endswith((".", "…")) else cut + "."
