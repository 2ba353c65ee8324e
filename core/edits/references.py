"""Small changes of a model that other edits are made of, and the references that have to follow."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
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
    nodes = graph.by_id(model)
    if name not in nodes:
        close = difflib.get_close_matches(name, nodes, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise SpecError(name, f"there is no layer {name!r} in this model.{hint}")
    return nodes[name]


def with_model(project: Project, model: ModelSpec) -> Project:
    return project.model_copy(update={"model": model})


def replace_node(model: ModelSpec, node: Node, **changes: Any) -> ModelSpec:
    """The model with some fields of one node changed."""
    changed = node.model_copy(update=changes)
    nodes = tuple(changed if other is node else other for other in model.nodes)
    return model.model_copy(update={"nodes": nodes})


def insert_node(model: ModelSpec, node: Node, *, behind: str | None = None, before: str | None = None) -> ModelSpec:
    """The model with one node more in its list; without a place it comes last."""
    if len(model.nodes) >= MAX_NODES:
        raise SpecError("model.nodes", f"A model has at most {MAX_NODES:,} layers. Remove some before you add more.")
    ids = [other.id for other in model.nodes]
    place = ids.index(behind) + 1 if behind else ids.index(before) if before else len(ids)
    return model.model_copy(update={"nodes": (*model.nodes[:place], node, *model.nodes[place:])})


def redirect(model: ModelSpec, old: str, new: str, *, spare: Iterable[str] = ()) -> ModelSpec:
    """All that took something from `old` takes the first output of `new`, except for the nodes to spare."""
    spared = {new, *spare}

    def turned(references: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if graph.source(reference)[0] == old else reference for reference in references)

    nodes = tuple(
        node if node.id in spared else node.model_copy(update={"inputs": turned(node.inputs)}) for node in model.nodes
    )
    return model.model_copy(update={"nodes": nodes, "outputs": turned(model.outputs)})


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
