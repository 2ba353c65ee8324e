"""Edits of the graph itself: layers come, go, move, and share weights."""

from __future__ import annotations

from core import catalog, graph
from core.edits import blocks
from core.edits.blocks import holding, inside, joined, left
from core.edits.kinds import Add, Duplicate, InsertBefore, Move, Remove, Rename, Share
from core.edits.references import (
    find,
    free,
    insert_node,
    redirect,
    rekey,
    replace_node,
    with_inputs,
    with_model,
    with_outputs,
)
from core.errors import SpecError
from core.spec import Block, ModelSpec, Node, Params, Project


def add(project: Project, edit: Add) -> Project:
    """Behind `after`, else behind the output; a first layer that is to be linked gets an `Input` to stand on."""
    entry = _entry(edit.layer)
    if edit.linked and not project.model.nodes and entry.arity != "none":
        project = add(project, Add(layer="Input"))
    model = project.model
    node = _new(model, entry, edit)
    if entry.arity == "none" or not edit.linked:
        model = insert_node(model, node, behind=edit.after and find(model, edit.after).id)
        return with_model(project, with_outputs(model, model.outputs or (node.id,)))
    after = find(model, edit.after).id if edit.after else _end(model)
    block = inside(model, after, graph.children(model)[after])
    return _put_behind(project, with_inputs(node, (after,) * _links(entry)), after, block)


def insert_before(project: Project, edit: InsertBefore) -> Project:
    model, target, entry = project.model, find(project.model, edit.node), _entry(edit.layer)
    if target.layer == "Input" or entry.arity == "none":
        raise SpecError(target.id, f"{entry.name} cannot stand before {target.id}: nothing can feed an Input.")
    if edit.link >= max(1, len(target.inputs)):
        raise SpecError(target.id, f"it has {len(target.inputs)} inputs, so there is no input {edit.link}.")
    fed_by = target.inputs[edit.link : edit.link + 1] * _links(entry)
    node = with_inputs(_new(model, entry, edit), fed_by)
    inputs = (*target.inputs[: edit.link], node.id, *target.inputs[edit.link + 1 :])
    block = inside(model, target.id, (graph.source(reference)[0] for reference in fed_by))
    model = insert_node(replace_node(model, target, inputs=inputs), node, before=target.id)
    return with_model(project, joined(model, node.id, block))


def remove(project: Project, edit: Remove) -> Project:
    """The output moves to what fed the node; but an Input does not become one output among others."""
    node = find(project.model, edit.node)
    model = left(_unshared(project.model, node), node.id)
    healed = _heal(model, node) if edit.heal else _cut(model, node)
    heir = _heir(project.model, node) if edit.heal else None
    kept = tuple(name for name in healed.outputs if heir or name in project.model.outputs)
    project = rekey(project, {node.id: heir})
    return with_model(project, healed.model_copy(update={"outputs": kept}))


def _heir(model: ModelSpec, node: Node) -> str | None:
    """The node that becomes an output in place of this one, if this is one."""
    if node.id not in graph.outputs(model) or not node.inputs:
        return None
    heir = graph.by_id(model).get(graph.source(node.inputs[0])[0])
    return heir.id if heir and (heir.layer != "Input" or len(model.outputs) == 1) else None


def move(project: Project, edit: Move) -> Project:
    node = find(project.model, edit.node)
    if node.layer == "Input" or len(node.inputs) > 1:
        raise SpecError(node.id, "a layer with several inputs or none has no place in a chain. Change its links.")
    if edit.after == node.id:
        return project
    after = find(project.model, edit.after).id if edit.after else _start(project.model)
    own = holding(project.model, node.id)
    rest = _heal(left(project.model, node.id), node)
    block = holding(rest, after) if own and after in own.nodes else inside(rest, after, graph.children(rest)[after])
    if node.id in graph.outputs(project.model):
        project = rekey(project, {node.id: _heir(project.model, node)})
    return _put_behind(with_model(project, rest), with_inputs(node, (after,)), after, block)


def duplicate(project: Project, edit: Duplicate) -> Project:
    model, node = project.model, find(project.model, edit.node)
    if edit.id is not None:
        free(model, edit.id)
    changes = {"id": edit.id or graph.fresh_id(model, node.layer), "position": edit.position}
    twin, block = node.model_copy(update=changes), holding(model, node.id)
    if len(node.inputs) == 1:
        return _put_behind(project, with_inputs(twin, (node.id,)), node.id, block)
    return with_model(project, joined(insert_node(model, twin, behind=node.id), twin.id, block))


def rename(project: Project, edit: Rename) -> Project:
    model, renamed = project.model, find(project.model, edit.node)
    old, new = renamed.id, edit.to
    if new == old:
        return project
    free(model, new)
    taken = graph.references(old)

    def follow(node: Node) -> Node:
        if node is not renamed and node.shared_with != old and taken.isdisjoint(node.inputs):
            return node
        changes = {
            "id": new if node is renamed else node.id,
            "inputs": _renamed(node.inputs, old, new),
            "shared_with": new if node.shared_with == old else node.shared_with,
        }
        return node.model_copy(update=changes)

    changes = {
        "nodes": tuple(follow(node) for node in model.nodes),
        "outputs": _renamed(model.outputs, old, new),
        "blocks": blocks.renamed(model.blocks, old, new),
    }
    return with_model(rekey(project, {old: new}), model.model_copy(update=changes))


def share(project: Project, edit: Share) -> Project:
    model, node = project.model, find(project.model, edit.node)
    if edit.shared_with is None:
        return with_model(project, replace_node(model, node, shared_with=None))
    other = find(model, edit.shared_with)
    if graph.owner(model, other) is node:
        raise SpecError(node.id, f"{other.id} uses the weights of {node.id} already. Share the other way round.")
    if other.layer != node.layer:
        raise SpecError(node.id, f"a {node.layer} cannot use the weights of {other.id}, a {other.layer}.")
    return with_model(project, replace_node(model, node, shared_with=other.id, params=other.params))


def _entry(layer: str) -> catalog.Entry:
    entry = catalog.entry("layer", catalog.canonical_name("layer", layer))
    if not entry.offered:
        raise SpecError("layer", f"{entry.name} cannot be added. {entry.reason}")
    return entry


def _new(model: ModelSpec, entry: catalog.Entry, edit: Add | InsertBefore) -> Node:
    if edit.id is not None:
        free(model, edit.id)
    params: Params = {**entry.starting_params(), **edit.params}
    name = edit.id or graph.fresh_id(model, entry.name)
    return Node(id=name, layer=entry.name, params=params, position=edit.position)


def _links(entry: catalog.Entry) -> int:
    """How often a new layer takes the one before it: attention to itself takes it twice."""
    return entry.fewest if entry.arity == "named" else 1


def _start(model: ModelSpec) -> str:
    first = graph.inputs(model) or model.nodes
    return first[0].id


def _end(model: ModelSpec) -> str:
    known = [name for name in graph.outputs(model) if any(node.id == name for node in model.nodes)]
    return known[-1] if known else model.nodes[-1].id


def _put_behind(project: Project, node: Node, after: str, block: Block | None) -> Project:
    """The node stands behind `after` in the list, and feeds what `after` fed, the loss included."""
    was_output = after in graph.outputs(project.model)
    model = redirect(insert_node(project.model, node, behind=after), after, node.id)
    if not model.outputs:
        model = with_outputs(model, (node.id,))
    project = rekey(project, {after: node.id}) if was_output else project
    return with_model(project, joined(with_outputs(model, model.outputs), node.id, block))


def _heal(model: ModelSpec, node: Node) -> ModelSpec:
    """The node is gone; what it fed takes its inputs: a merge all of them, any other layer the first."""
    taken = graph.references(node.id)

    def healed(references: tuple[str, ...], how_many: int | None) -> tuple[str, ...]:
        found: list[str] = []
        for reference in references:
            found += node.inputs[:how_many] if reference in taken else (reference,)
        return tuple(found)

    nodes = tuple(
        other
        if taken.isdisjoint(other.inputs)
        else with_inputs(other, healed(other.inputs, None if len(other.inputs) > 1 else 1))
        for other in model.nodes
        if other.id != node.id
    )
    return with_outputs(model.model_copy(update={"nodes": nodes}), healed(model.outputs, 1))


def _cut(model: ModelSpec, node: Node) -> ModelSpec:
    """The node is gone, and what it fed loses that input."""
    taken = graph.references(node.id)

    def rest(references: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(reference for reference in references if reference not in taken)

    nodes = tuple(
        other if taken.isdisjoint(other.inputs) else with_inputs(other, rest(other.inputs))
        for other in model.nodes
        if other.id != node.id
    )
    return model.model_copy(update={"nodes": nodes, "outputs": rest(model.outputs)})


def _unshared(model: ModelSpec, node: Node) -> ModelSpec:
    """Those that used the node's weights use the weights of the first of them."""
    sharers = [other.id for other in model.nodes if other.shared_with == node.id]
    if not sharers:
        return model

    def with_heir(other: Node) -> Node:
        heir = node.shared_with or (None if other.id == sharers[0] else sharers[0])
        return other.model_copy(update={"shared_with": heir, "params": node.params})

    nodes = tuple(with_heir(other) if other.shared_with == node.id else other for other in model.nodes)
    return model.model_copy(update={"nodes": nodes})


def _renamed(references: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(
        new + reference[len(old) :] if graph.source(reference)[0] == old else reference for reference in references
    )
