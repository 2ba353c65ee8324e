"""Writes the training section of the loop `fit`."""

from __future__ import annotations

from core.exporting.script import balancing, compiling
from core.exporting.script.writing import assign, call, listed
from core.spec import Project

_ORDER = "# With `steps_per_epoch` Keras opens one iterator an epoch: epoch n sees shuffle n."


def lines(project: Project, has_validation: bool) -> list[str]:
    """The pipeline of batches, `model.fit`, and the last line that prints the numbers."""
    training = project.training
    callbacks = compiling.callbacks(project)
    fit = call(
        "model.fit",
        "dataset",
        epochs=str(training.epochs),
        steps_per_epoch="len(dataset)",
        validation_data=f"({_of(project, 'validation')})" if has_validation else None,
        validation_batch_size=str(training.batch_size) if has_validation else None,
        callbacks=listed(callbacks) if callbacks else None,
    )
    return [
        dataset(project),
        _ORDER,
        assign("history", fit),
        "last = {name: values[-1] for name, values in history.history.items()}",
        "print(json.dumps(last, default=str))",
    ]


def dataset(project: Project, part: str = "train", name: str = "dataset") -> str:
    """The rows of a part in batches; those of training in a new order each epoch."""
    training = project.training
    found = f"{name} = tf.data.Dataset.from_tensor_slices(({_of(project, part)}))"
    shuffle = ""
    if training.shuffle and part == "train":
        shuffle = f".shuffle({count(project)}, seed={training.seed})"
    return f"{found}\n{name} = {name}{shuffle}.batch({training.batch_size})"


def _of(project: Project, part: str) -> str:
    """Features, targets, and weights if the rows have some."""
    weights = f", w_{part}" if balancing.has_weights(project, part) else ""
    return f"x_{part}, y_{part}{weights}"


def count(project: Project) -> str:
    """How many rows there are to train on, in the script's words."""
    return "len(y_train[0])" if len(project.model.outputs) > 1 else "len(y_train)"
