"""What a model from outside needs to become a project: data that fit it, and a loss where the file has none."""

from __future__ import annotations

from typing import Any

from core import catalog, graph
from core.spec import ModelSpec, Node

Json = dict[str, Any]
_ROWS = 256
_MOST_CLASSES = 1000


def fields(spec: ModelSpec, compiled: Json) -> tuple[Json, tuple[str, ...]]:
    """`data` and `compile` of the project, and notes on what was made up.

    Args:
        spec: the graph.
        compiled: what the file says of `compile`.
    """
    notes = []
    if "loss" not in compiled and len(spec.outputs) == 1:
        compiled = {**compiled, **_objective(spec)}
        loss = compiled["loss"]["name"]
        notes.append(
            f"The file names no loss: {loss} suits its last layer. Change it on the Train page if it does not."
        )
    data = _data(spec, compiled)
    notes.append("A model file holds no data: random rows of its shape stand in. Choose yours on the Data page.")
    return {"data": data, "compile": compiled}, tuple(notes)


def _last(spec: ModelSpec) -> tuple[str, int]:
    """Activation and width of the layer that gives the output; the width is 0 where it is not written there."""
    nodes = graph.by_id(spec)
    node: Node | None = nodes[graph.outputs(spec)[0]]
    activation = "softmax" if node and node.layer == "Softmax" else ""
    while node is not None:
        activation = activation or str(node.params.get("activation") or "")
        units = node.params.get("units")
        if type(units) is int:
            return activation, units
        above = graph.parents(node)
        passes = node.layer in ("Activation", "Softmax", "Dropout", "ReLU", "Identity") and len(above) == 1
        node = nodes.get(above[0]) if passes else None
    return activation, 0


def _objective(spec: ModelSpec) -> Json:
    activation, width = _last(spec)
    if activation == "softmax":
        return {"loss": _named("SparseCategoricalCrossentropy"), "metrics": [_named("SparseCategoricalAccuracy")]}
    if activation == "sigmoid" and width == 1:
        return {"loss": _named("BinaryCrossentropy"), "metrics": [_named("BinaryAccuracy")]}
    return {"loss": _named("MeanSquaredError")}


def _named(name: str) -> Json:
    return {"name": name, "params": {}}


def _data(spec: ModelSpec, compiled: Json) -> Json:
    """Random rows where the input's shape is known and of up to four axes; else the first of our own sources."""
    inputs = graph.inputs(spec)
    shape = inputs[0].params.get("shape") if len(inputs) == 1 else None
    if not isinstance(shape, list) or len(shape) > 4:
        return {"source": "digits"}
    _, width = _last(spec)
    loss = compiled.get("loss", {})
    takes = catalog.entry("loss", loss["name"]).target if isinstance(loss.get("name"), str) else ()
    target = next((kind for kind in takes if kind in ("one_hot", "integer", "real")), "real")
    classes = {"classes": min(max(width, 2), _MOST_CLASSES)} if target != "real" and "binary" not in takes else {}
    if "binary" in takes and target != "real":
        target, classes = "integer", {"classes": 2}
    return {"source": "random", "shape": [size or 32 for size in shape], "target": target, **classes, "rows": _ROWS}
