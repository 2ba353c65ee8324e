"""A run's model with the weights that it saved, and what it says about given rows. Runs in the kernel."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core import build, document
from core.data.facts import Array
from core.errors import RunError
from core.spec import Project
from core.train.glimpse import FILE as NOW

BATCH = 256


@dataclass
class _Kept:
    """A model, what it answers with, and which weights are in it: their file, and when it was written.

    `answer` takes a list of arrays and gives a list: Keras's `predict` does the same and takes longer to begin.
    """

    model: Any
    answer: Callable[[list[Array]], list[Array]]
    holds: tuple[Path, int] | None = None


@lru_cache(maxsize=2)
def _kept(text: str) -> _Kept:
    model = build.model(document.load(text))
    return _Kept(model, _answering(model))


def _answering(model: Any) -> Callable[[list[Array]], list[Array]]:
    import tensorflow as tf

    given = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in model.inputs]

    def said(x: Any) -> Any:
        return tf.nest.flatten(model(x if len(x) > 1 else x[0], training=False))

    traced = tf.function(said, input_signature=[given], autograph=False)

    def answer(x: list[Array]) -> list[Array]:
        tensors = [tf.convert_to_tensor(values, spec.dtype) for values, spec in zip(x, given, strict=True)]
        return [values.numpy() for values in traced(tensors)]

    return answer


def predictions(project: Project, run_folder: Path, x: tuple[Array, ...], weights: str = "last") -> tuple[Array, ...]:
    """The model's outputs for the rows, in the order of the project's outputs.

    Args:
        project: the project as it was when the run began.
        run_folder: where the run left its weights.
        x: one array for each Input node.
        weights: "last" or "best".

    Raises:
        RunError: if the run has no such weights, or they belong to another model.
    """
    kept = _with_weights(project, run_folder, weights)
    places = range(0, max(1, len(x[0])), BATCH)
    found = [kept.answer([values[place : place + BATCH] for values in x]) for place in places]
    return tuple(np.concatenate(pieces).astype(np.float64) for pieces in zip(*found, strict=True))


def loaded(project: Project, run_folder: Path, weights: str = "last") -> Any:
    """The run's Keras model with its weights; raises `RunError` as `predictions` does.

    Building it, and tracing what it predicts with, takes longer than most questions: it is kept, and is not to be
    changed.
    """
    return _with_weights(project, run_folder, weights).model


def _with_weights(project: Project, run_folder: Path, weights: str) -> _Kept:
    kept = _kept(document.dump(project))
    file = _file(run_folder, weights)
    holds = (file, file.stat().st_mtime_ns) if file.is_file() else None
    if holds is None or holds != kept.holds:
        kept.holds = None
        load(kept.model, run_folder, weights)
        kept.holds = holds
    return kept


def built(project: Project) -> Any:
    """The project's Keras model, with no run's weights yet."""
    return build.model(project)


def shown(model: Any) -> list[Any]:
    """The layers that give one tensor, which a page can show; of a shared one its first use."""
    return [
        layer for layer in model.layers if layer._inbound_nodes and not isinstance(layer.output, list | tuple | dict)
    ]


def load(model: Any, run_folder: Path, weights: str) -> None:
    """Put a run's weights into a model of its project: "last", "best", or "now" for those of this moment.

    Raises:
        RunError: if the run has no such weights, or they belong to another model.
    """
    path = _file(run_folder, weights)
    if not path.is_file():
        raise RunError(f"This run has no {weights} weights yet. Wait for the end of its first epoch, or train again.")
    try:
        assign(model, path.read_bytes()) if weights == "now" else model.load_weights(path)
    except (ValueError, OSError, KeyError) as error:
        raise RunError(
            f"The {weights} weights of this run do not fit the model: it was changed since. Train it again."
        ) from error


def _file(run_folder: Path, weights: str) -> Path:
    return run_folder / (NOW if weights == "now" else f"{weights}.weights.h5")


def assign(model: Any, content: bytes) -> None:
    """Put weights into a model: float32, in the model's order, as a run leaves them for those who watch.

    Raises:
        ValueError: if there are more or fewer than the model has.
    """
    flat = np.frombuffer(content, np.float32)
    shapes = [tuple(weight.shape) for weight in model.weights]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    if len(flat) != (ends[-1] if len(ends) else 0):
        raise ValueError("another number of weights")
    model.set_weights([part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True)])
