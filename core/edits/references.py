"""Small changes of a model that other edits are made of, and the references that have to follow."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from core import graph
from core.errors import SpecError
from core.spec import ModelSpec, Node, Project

MAX_NODES = 5000


def find(model: ModelSpec, name: str) -> Node:
    """The node of that id.

    Raises:
        SpecError: if there is none, with the id that was probably meant.
    """
    for node in model.nodes:
        if node.id == name:
            return node
    close = difflib.get_close_matches(name, [node.id for node in model.nodes], n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise SpecError(name, f"there is no layer {name!r} in this model.{hint}")


def free(model: ModelSpec, name: str) -> None:
    """Raises `SpecError` if a layer or a block has that name."""
    if any(node.id == name for node in model.nodes):
        raise SpecError(name, f"another layer is called {name!r} already. Choose a free name.")
    if any(block.id == name for block in model.blocks):
        raise SpecError(name, f"a block is called {name!r} already. Choose a free name.")


def with_model(project: Project, model: ModelSpec) -> Project:
    return project.model_copy(update={"model": model})


def with_outputs(model: ModelSpec, outputs: tuple[str, ...]) -> ModelSpec:
    """The model with these outputs, each once."""
    return model.model_copy(update={"outputs": tuple(dict.fromkeys(outputs))})


def replace_node(model: ModelSpec, node: Node, **changes: Any) -> ModelSpec:
    """The model with some fields of one node changed."""
    changed = node.model_copy(update=changes)
    nodes = tuple(changed if other is node else other for other in model.nodes)
    return model.model_copy(update={"nodes": nodes})


def insert_node(model: ModelSpec, node: Node, *, behind: str | None = None, before: str | None = None) -> ModelSpec:
    """The model with one node more in its list; without a place it comes last."""
    if len(model.nodes) >= MAX_NODES:
        raise SpecError("model.nodes", f"A model has at most {MAX_NODES:,} layers. Remove some before you add more.")
    place = len(model.nodes)
    if anchor := behind or before:
        place = next(index for index, other in enumerate(model.nodes) if other.id == anchor) + (1 if behind else 0)
    return model.model_copy(update={"nodes": (*model.nodes[:place], node, *model.nodes[place:])})


def redirect(model: ModelSpec, old: str, new: str) -> ModelSpec:
    """All that took something from `old` takes the first output of `new`, except for `new` itself."""
    taken = graph.references(old)

    def turned(references: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if reference in taken else reference for reference in references)

    nodes = tuple(
        node if node.id == new or taken.isdisjoint(node.inputs) else with_inputs(node, turned(node.inputs))
        for node in model.nodes
    )
    return model.model_copy(update={"nodes": nodes, "outputs": turned(model.outputs)})


def with_inputs(node: Node, inputs: tuple[str, ...]) -> Node:
    return node.model_copy(update={"inputs": inputs})


def rekey(project: Project, names: Mapping[str, str | None]) -> Project:
    """Follows renamed nodes (or, with None, nodes that are gone) in what is keyed by node."""
    compile_ = project.compile
    changes: dict[str, Any] = {
        name: _keys(value, names)
        for name in ("loss", "metrics", "loss_weights")
        if isinstance(value := getattr(compile_, name), dict)
    }
    if changes.get("loss") == {}:
        changes["loss"] = next(iter(compile_.loss.values())) if isinstance(compile_.loss, dict) else compile_.loss
    if changes.get("metrics") == {}:
        changes["metrics"] = ()
    if changes.get("loss_weights") == {}:
        changes["loss_weights"] = None
    columns = {
        name: _keys(value, names) or None
        for name in ("inputs", "targets")
        if isinstance(value := getattr(project.data, name), dict)
    }
    return project.model_copy(
        update={
            "compile": compile_.model_copy(update=changes),
            "data": project.data.model_copy(update=columns),
        }
    )


def _keys(values: Mapping[str, Any], names: Mapping[str, str | None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = names.get(key, key)
        if name is not None:
            found.setdefault(name, value)
    return found
