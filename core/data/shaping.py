"""Gives prepared rows the form that the model takes: one array for each Input node and each output."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core import catalog
from core.data.facts import Array
from core.data.prepare import Preparation
from core.data.raw import Raw, Target
from core.errors import DataError
from core.spec import Choice, Node, Project

FEATURES = "features"
"""In `data.targets`: the output is to reproduce the features (an autoencoder)."""


def inputs(project: Project, preparation: Preparation, features: Array) -> tuple[Array, ...]:
    """The features for each Input node of the model, in the order of the nodes.

    Raises:
        DataError: if the model has no Input layer, or one needs another shape than the data has.
    """
    nodes = [node for node in project.model.nodes if node.layer == "Input"]
    if not nodes:
        raise DataError("The model has no Input layer, so the data has nowhere to go. Add an Input layer first.")
    return tuple(_input(node, project, preparation, features) for node in nodes)


def _input(node: Node, project: Project, preparation: Preparation, features: Array) -> Array:
    values = features
    asked = (project.data.inputs or {}).get(node.id)
    if asked:
        values = features[..., places(node.id, asked, preparation)]
    elif project.data.inputs:
        raise DataError(f"data.inputs names no columns for the Input layer {node.id!r}. Add some for it.")
    return values.reshape(len(values), *shape(node, values.shape[1:]))


def places(node: str, asked: Sequence[str], preparation: Preparation) -> list[int]:
    """Which of the prepared numbers an Input node takes.

    Raises:
        DataError: if it asks for a column that there is not.
    """
    for name in asked:
        if name not in preparation.groups:
            known = ", ".join(map(repr, list(preparation.groups)[:12])) or "no named columns"
            raise DataError(f"data.inputs gives {node!r} the column {name!r}, but the features are: {known}.")
    return [index for name in asked for index in preparation.groups[name]]


def shape(node: Node, came: tuple[int, ...]) -> tuple[int, ...]:
    """The node's own shape if the sizes agree; a None in it takes what is left.

    A node without a shape takes the data's.
    """
    asked = node.params.get("shape")
    if not isinstance(asked, list):
        return came
    needed = [size if isinstance(size, int) else None for size in asked]
    size, known = math.prod(came), math.prod(value for value in needed if value is not None)
    if len(needed) == len(came) and all(want in (None, have) for want, have in zip(needed, came, strict=True)):
        return came
    gaps = needed.count(None)
    if (gaps == 0 and known == size) or (gaps == 1 and known and size % known == 0):
        return tuple(value if value is not None else size // known for value in needed)
    raise DataError(
        f"The Input layer {node.id!r} needs rows of shape {_written(asked)}, but the data has rows of shape "
        f"{_written(came)} ({size} values). Set the shape of {node.id!r} to {_written(came)}."
    )


def _written(shape: Sequence[object]) -> str:
    return "[" + ", ".join("any" if size is None else str(size) for size in shape) + "]"


def outputs(project: Project, raw: Raw, given: tuple[Array, ...], rows: Array) -> tuple[Array, ...]:
    """The target for each output of the model, in the form that its loss needs; `given` went to the inputs.

    Raises:
        DataError: if a loss cannot work with the target.
    """
    if not project.model.outputs:
        raise DataError("The model has no output, so nothing can be compared with the target. Choose an output.")
    return tuple(_output(project, raw, name, given, rows) for name in project.model.outputs)


def _output(project: Project, raw: Raw, output: str, given: tuple[Array, ...], rows: Array) -> Array:
    if names(project, output) == [FEATURES]:
        return _reproduced(given[0], units(project, output))
    return _encoded(target_of(project, raw, output), rows, form(project, raw, output))


def _reproduced(given: Array, width: int | None) -> Array:
    """The features as a target; flat for an output that has as many numbers as the input."""
    flat = width is not None and width == math.prod(given.shape[1:])
    return (given.reshape(len(given), -1) if flat else given).astype(np.float32)


def names(project: Project, output: str) -> list[str] | None:
    """What `data.targets` says for an output, if it says anything."""
    targets = project.data.targets or {}
    return targets.get(output, targets.get(output.partition(":")[0]))


def target_of(project: Project, raw: Raw, output: str) -> Target:
    """The target that an output is trained on: the one that `data.targets` names, else the main one."""
    asked = names(project, output)
    if not asked:
        return raw.target
    known = {target.name: target for target in raw.targets}
    if len(asked) != 1 or asked[0] not in known:
        raise DataError(
            f"data.targets gives {output!r} {asked!r}, but needs one of: "
            + ", ".join(map(repr, [*known, FEATURES]))
            + "."
        )
    return known[asked[0]]


def form(project: Project, raw: Raw, output: str) -> str:
    """How the target of an output is encoded: "one_hot", "integer", "binary" or "real".

    Raises:
        DataError: if the loss cannot work with the target.
    """
    if names(project, output) == [FEATURES]:
        return "real"
    target = target_of(project, raw, output)
    name, width = loss(project, output).name, units(project, output)
    if target.task == "regression" and name != "custom" and width not in (None, 1):
        raise DataError(
            f"The output {output!r} has {width} numbers a row, but the target {target.name!r} is one number. "
            "Set its units to 1."
        )
    found = next((item for item in _forms(target, width) if item in _taken(name)), None)
    if found is None:
        raise DataError(_unfit(name, target))
    return found


def _taken(loss: str) -> tuple[str, ...]:
    """What a loss can compare with; a user's own gets what suits the output."""
    return ("one_hot", "binary", "real") if loss == "custom" else catalog.entry("loss", loss).target


def _forms(target: Target, width: int | None) -> tuple[str, ...]:
    """The encodings that make sense for a target, best first, for an output with `width` numbers a row."""
    if target.task == "regression":
        return ("real",)
    if width == 1:
        return ("binary", "integer") if target.task == "binary" else ("integer", "real")
    if width is None and target.task == "binary":
        return ("binary", "one_hot", "integer")
    return ("one_hot", "integer")


def _unfit(loss: str, target: Target) -> str:
    if target.task == "regression":
        return f"The loss {loss} needs classes, but the target {target.name!r} is a number. Choose MeanSquaredError."
    better = "BinaryCrossentropy" if target.task == "binary" else "SparseCategoricalCrossentropy"
    return f"The loss {loss} cannot work with the {target.classes} classes of {target.name!r}. Choose {better}."


def loss(project: Project, output: str) -> Choice:
    """The loss of an output.

    Raises:
        DataError: if the losses are given by output, and this one has none.
    """
    given = project.compile.loss
    if isinstance(given, Choice):
        return given
    found = given.get(output, given.get(output.partition(":")[0]))
    if found is None:
        raise DataError(f"compile.loss names no loss for the output {output!r}. Add one for it.")
    return found


def units(project: Project, output: str) -> int | None:
    """How many numbers a row the output has: the `units` of the nearest layer above that has them."""
    nodes = {node.id: node for node in project.model.nodes}
    node = nodes.get(output.partition(":")[0])
    for _ in nodes:
        if node is None:
            return None
        width = node.params.get("units")
        if isinstance(width, int):
            return width
        if len(node.inputs) != 1 or node.layer not in ("Activation", "Softmax", "Dropout", "ReLU", "Identity"):
            return None
        node = nodes.get(node.inputs[0].partition(":")[0])
    return None


def _encoded(target: Target, rows: Array, form: str) -> Array:
    values = target.values[rows]
    if form == "one_hot":
        return np.eye(len(target.class_names), dtype=np.float32)[values]
    if form == "integer":
        return values.astype(np.int32)
    return values.astype(np.float32)[:, None]
