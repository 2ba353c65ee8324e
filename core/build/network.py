"""The layer graph as a Keras model: each node one call, each layer named by its node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from core import blocks, catalog, graph
from core.build.objects import first_sentence, keras_object, made
from core.errors import BuildError, SpecError
from core.spec import ModelSpec, Node, Project


def model(project: Project) -> Any:
    """The Keras model of a project, not compiled; its repeated blocks are written out.

    Layers are made in the order of `graph.order`, so that after `keras.utils.set_random_seed` an exported
    script gives the same weights. With one input (or output) the model takes (gives) one tensor, else a list
    in the order of the `Input` nodes (of `model.outputs`).

    Raises:
        BuildError: if Keras refuses a layer, or a block cannot be repeated; `path` is the id.
    """
    try:
        expansion = blocks.expansion(project.model)
    except SpecError as fault:
        raise BuildError(fault.path, fault.message) from None
    try:
        return _network(expansion.model)
    except BuildError as fault:
        raise BuildError(expansion.originals.get(fault.path, fault.path), fault.message) from fault.__cause__


def _network(spec: ModelSpec) -> Any:
    layers: dict[str, Any] = {}
    results: dict[str, Any] = {}
    try:
        for node in graph.order(spec):
            results[node.id] = at_node(node, lambda node=node: _result(spec, node, layers, results))
        inputs = [results[node.id] for node in graph.inputs(spec)]
        outputs = [pick(results, reference) for reference in spec.outputs]
    except SpecError as fault:
        raise BuildError(fault.path, fault.message) from None
    if not inputs or not outputs:
        raise BuildError("model", "a model needs an Input and an output. Add a layer, or choose the output.")
    return made(keras.Model, "model", inputs=one_or_all(inputs), outputs=one_or_all(outputs))


def at_node(node: Node, act: Any) -> Any:
    """What `act` gives; whatever Keras raises becomes a BuildError that names the node."""
    try:
        return act()
    except BuildError as fault:
        raise BuildError(fault.path or node.id, fault.message) from fault.__cause__
    except SpecError as fault:
        raise BuildError(node.id, fault.message) from None
    except Exception as refusal:  # Keras and TensorFlow raise many kinds; each names this node
        raise BuildError(node.id, f"Keras refuses this {node.layer}: {first_sentence(refusal)}") from refusal


def layer_of(model: ModelSpec, node: Node, layers: dict[str, Any]) -> Any:
    """The node's layer; nodes that share weights get one object, named by the one that owns them."""
    owner = graph.owner(model, node)
    if owner.id not in layers:
        choice = {"name": owner.layer, "params": owner.params}
        layers[owner.id] = keras_object("layer", choice, name=owner.id)
    return layers[owner.id]


def called(layer: Any, node: Node, values: list[Any]) -> Any:
    """The layer's result for its inputs: one tensor, one list, or one argument each, as its call takes them."""
    entry = catalog.entry("layer", node.layer)
    if entry.spread:
        return layer(*values)
    return layer(values) if entry.arity in ("many", "named") else layer(values[0])


def pick(results: Mapping[str, Any], reference: str) -> Any:
    """The tensor that an input names; of a layer with several results the first, unless `:n` says which.

    Raises:
        BuildError: if the node has no such result.
    """
    name, slot = graph.source(reference)
    if name not in results:
        raise BuildError("", f"there is no layer {name!r} to take an input from. Choose another input.")
    found = results[name] if isinstance(results[name], list | tuple) else [results[name]]
    if slot >= len(found):
        count = "one result" if len(found) == 1 else f"{len(found)} results"
        raise BuildError("", f"{name} has {count}, so there is no {reference!r}. Results are counted from 0.")
    return found[slot]


def one_or_all(values: list[Any]) -> Any:
    """The value itself where there is one."""
    return values[0] if len(values) == 1 else values


def _result(model: ModelSpec, node: Node, layers: dict[str, Any], results: Mapping[str, Any]) -> Any:
    if node.layer == "Input":
        return keras_object("layer", {"name": "Input", "params": node.params}, name=node.id)
    values = [pick(results, reference) for reference in node.inputs]
    if not values:
        raise BuildError(node.id, f"this {node.layer} has no input. Link a layer to it.")
    return called(layer_of(model, node, layers), node, values)
