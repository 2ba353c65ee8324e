"""Writes the model: `keras.Sequential` if it is a chain, else the functional form, a line for each layer."""

from __future__ import annotations

import json
import re

from core import catalog, graph
from core.errors import SpecError
from core.exporting.script import names, objects
from core.exporting.script.writing import Call, Items, Value, assign, call, flat, listed, literal, text
from core.spec import ModelSpec, Node


def lines(model: ModelSpec) -> list[str]:
    """The source lines that make `model`.

    Raises:
        SpecError: if a node names a layer or an input that does not exist.
    """
    nodes = graph.order(model)
    is_chain = graph.is_chain(model) and not any(node.shared_with for node in nodes)
    if is_chain and tuple(nodes) == tuple(model.nodes) and len(nodes) > 1 and not _several_outputs(model):
        return [assign("model", call("keras.Sequential", listed([_layer(node, "") for node in nodes])))]
    return _functional(model, nodes)


def has_penalty(model: ModelSpec) -> bool:
    """Does a layer add a loss of its own, by a regularizer?"""
    return any("egulariz" in node.layer + json.dumps(node.params) for node in model.nodes)


def variable(identifier: str) -> str:
    """The name that a node's result has in the script."""
    return names.safe(identifier)


def _layer(node: Node, name: str) -> Call:
    """The call that makes a layer; `name` is written if it is not the one that Keras would give."""
    if node.layer != "Input":
        return objects.construct("layer", node.layer, node.params, called=name)
    rest = [(key, literal(value)) for key, value in node.params.items() if key not in ("shape", "name")]
    named = [("name", text(name))] if name else []
    return Call("keras.Input", (("shape", literal(node.params.get("shape"))), *rest, *named))


def _functional(model: ModelSpec, nodes: tuple[Node, ...]) -> list[str]:
    shared = {graph.owner(model, node).id for node in nodes if node.shared_with}
    several = _several_outputs(model)
    made: set[str] = set()
    found = []
    for node in nodes:
        owner = graph.owner(model, node)
        if owner.id in shared and owner.id not in made:  # made where it is first used
            made.add(owner.id)
            found.append(assign(f"{variable(owner.id)}_layer", _layer(owner, _name(owner, model))))
        found.append(_node(node, model, owner.id if owner.id in shared else "", several))
    inputs: list[Value] = [variable(node.id) for node in graph.inputs(model)]
    outputs: list[Value] = [_reference(item, several) for item in model.outputs]
    return [*found, assign("model", call("keras.Model", _one_or_list(inputs), _one_or_list(outputs)))]


def _node(node: Node, model: ModelSpec, shared: str, several: set[str]) -> str:
    """The line that makes a node's result; `shared`: the node whose layer is there already."""
    own = variable(node.id)
    if node.layer == "Input":
        return assign(own, _layer(node, _name(node, model)))
    arguments = _arguments(node, several)
    if shared:
        return assign(own, Call(f"{variable(shared)}_layer", arguments))
    return assign(own, _layer(node, _name(node, model))) + flat(Call("", arguments))


def _arguments(node: Node, several: set[str]) -> tuple[Value, ...]:
    """What the layer is called with: one tensor, a list, or several in the order of its call."""
    entry = catalog.entry("layer", node.layer)
    given: list[Value] = [_reference(item, several) for item in node.inputs]
    if not given:
        raise SpecError(node.id, "this layer has no input. Connect it to one.")
    if entry.spread:
        return tuple(given)
    return (given[0],) if entry.arity == "one" else (listed(given),)


def _reference(reference: str, several: set[str]) -> str:
    name, slot = graph.source(reference)
    return f"{variable(name)}[{slot}]" if name in several else variable(name)


def _several_outputs(model: ModelSpec) -> set[str]:
    """The nodes whose layer gives a list of tensors."""
    references = [item for node in model.nodes for item in node.inputs] + list(model.outputs)
    by_reference = {graph.source(item)[0] for item in references if graph.source(item)[1]}
    return by_reference | {node.id for node in model.nodes if _returns_list(node)}


def _returns_list(node: Node) -> bool:
    return '"return_state": true' in json.dumps(node.params)


def _name(node: Node, model: ModelSpec) -> str:
    """A name of the user's own is kept; so are those of several outputs, which Keras's logs show."""
    is_output = len(model.outputs) > 1 and node.id in graph.outputs(model)
    return node.id if is_output or not re.fullmatch(r"[a-z0-9_]+_\d+", node.id) else ""


def _one_or_list(values: list[Value]) -> Value:
    return values[0] if len(values) == 1 else Items("[]", tuple(values))
