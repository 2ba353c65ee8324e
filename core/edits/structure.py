"""Edits of the graph itself: layers come, go, move, and are linked anew."""

from __future__ import annotations

from core import catalog, graph
from core.edits.kinds import Add, Duplicate, InsertBefore, Move, Remove, Rename, SetInputs, SetOutputs, Share
from core.edits.references import find, insert_node, redirect, rekey, replace_node, with_model
from core.errors import SpecError
from core.spec import ModelSpec, Node, Params, Project


def add(project: Project, edit: Add) -> Project:
    """Behind `after`, else behind the output; a first layer gets an `Input` to stand on."""
    entry = _entry(edit.layer)
    if not project.model.nodes and entry.arity != "none":
        project = add(project, Add(layer="Input"))
    model = project.model
    node = _new(model, entry, edit.params, edit.id)
    if entry.arity == "none":
        model = insert_node(model, node, behind=edit.after and find(model, edit.after).id)
        return with_model(project, _with_outputs(model, model.outputs or (node.id,)))
    after = find(model, edit.after).id if edit.after else _end(model)
    return _put_behind(project, node.model_copy(update={"inputs": (after,) * _links(entry)}), after)


def insert_before(project: Project, edit: InsertBefore) -> Project:
    model, target, entry = project.model, find(project.model, edit.node), _entry(edit.layer)
    if target.layer == "Input" or entry.arity == "none":
        raise SpecError(target.id, f"{entry.name} cannot stand before {target.id}: nothing can feed an Input.")
    if edit.link >= max(1, len(target.inputs)):
        raise SpecError(target.id, f"it has {len(target.inputs)} inputs, so there is no input {edit.link}.")
    fed_by = target.inputs[edit.link : edit.link + 1] * _links(entry)
    node = _new(model, entry, edit.params, edit.id).model_copy(update={"inputs": fed_by})
    inputs = (*target.inputs[: edit.link], node.id, *target.inputs[edit.link + 1 :])
    model = replace_node(model, target, inputs=inputs)
    return with_model(project, insert_node(model, node, before=target.id))


def remove(project: Project, edit: Remove) -> Project:
    """The output moves to what fed the node; but an Input does not become one output among others."""
    node = find(project.model, edit.node)
    healed = _heal(_unshared(project.model, node), node)
    nodes = tuple(other for other in healed.nodes if other.id != node.id)
    heir = _heir(project.model, node)
    kept = tuple(name for name in healed.outputs if heir or name in project.model.outputs)
    project = rekey(project, {node.id: heir})
    return with_model(project, healed.model_copy(update={"nodes": nodes, "outputs": kept}))


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
    healed = _heal(project.model, node)
    rest = healed.model_copy(update={"nodes": tuple(other for other in healed.nodes if other.id != node.id)})
    if node.id in graph.outputs(project.model):
        project = rekey(project, {node.id: _heir(project.model, node)})
    return _put_behind(with_model(project, rest), node.model_copy(update={"inputs": (after,)}), after)


def duplicate(project: Project, edit: Duplicate) -> Project:
    model, node = project.model, find(project.model, edit.node)
    twin = node.model_copy(update={"id": graph.fresh_id(model, node.layer)})
    if len(node.inputs) == 1:
        return _put_behind(project, twin.model_copy(update={"inputs": (node.id,)}), node.id)
    return with_model(project, insert_node(model, twin, behind=node.id))


def rename(project: Project, edit: Rename) -> Project:
    model, node = project.model, find(project.model, edit.node)
    if edit.to == node.id:
        return project
    if any(other.id == edit.to for other in model.nodes):
        raise SpecError(node.id, f"another layer is called {edit.to!r} already. Choose a free name.")

    def follow(references: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_renamed(reference, node.id, edit.to) for reference in references)

    nodes = tuple(
        other.model_copy(
            update={
                "id": edit.to if other is node else other.id,
                "inputs": follow(other.inputs),
                "shared_with": edit.to if other.shared_with == node.id else other.shared_with,
            }
        )
        for other in model.nodes
    )
    model = model.model_copy(update={"nodes": nodes, "outputs": follow(model.outputs)})
    return with_model(rekey(project, {node.id: edit.to}), model)


def set_inputs(project: Project, edit: SetInputs) -> Project:
    """Only links that are new have to be possible: faults that are there already can be taken away one by one."""
    model, node = project.model, find(project.model, edit.node)
    new = [reference for reference in edit.inputs if reference not in node.inputs]
    if any(find(model, graph.source(reference)[0]) is node for reference in new):
        raise SpecError(node.id, "a layer cannot feed itself. Choose another layer.")
    if new and node.layer == "Input":
        raise SpecError(node.id, "an Input takes its rows from the data; no layer can feed it.")
    changed = replace_node(model, node, inputs=edit.inputs)
    if (circle := graph.cycle(changed)) and not graph.cycle(model):
        raise SpecError(node.id, f"with this link the layers would go in a circle: {' → '.join(circle)}.")
    return with_model(project, changed)


def set_outputs(project: Project, edit: SetOutputs) -> Project:
    for reference in set(edit.outputs) - set(project.model.outputs):
        find(project.model, graph.source(reference)[0])
    model = _with_outputs(project.model, edit.outputs)
    gone = set(graph.outputs(project.model)) - set(graph.outputs(model))
    return with_model(rekey(project, dict.fromkeys(gone)), model)


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


def _new(model: ModelSpec, entry: catalog.Entry, params: Params, name: str | None) -> Node:
    if name is not None and any(node.id == name for node in model.nodes):
        raise SpecError(name, f"another layer is called {name!r} already. Choose a free name.")
    values = {**entry.starting_params(), **params}
    return Node(id=name or graph.fresh_id(model, entry.name), layer=entry.name, params=values)


def _links(entry: catalog.Entry) -> int:
    """How often a new layer takes the one before it: attention to itself takes it twice."""
    return entry.fewest if entry.arity == "named" else 1


def _start(model: ModelSpec) -> str:
    first = graph.inputs(model) or model.nodes
    return first[0].id


def _end(model: ModelSpec) -> str:
    known = [name for name in graph.outputs(model) if any(node.id == name for node in model.nodes)]
    return known[-1] if known else model.nodes[-1].id


def _with_outputs(model: ModelSpec, outputs: tuple[str, ...]) -> ModelSpec:
    return model.model_copy(update={"outputs": tuple(dict.fromkeys(outputs))})


def _put_behind(project: Project, node: Node, after: str) -> Project:
    """The node stands behind `after` in the list, and feeds what `after` fed, the loss included."""
    was_output = after in graph.outputs(project.model)
    model = redirect(insert_node(project.model, node, behind=after), after, node.id)
    if not model.outputs:
        model = _with_outputs(model, (node.id,))
    project = rekey(project, {after: node.id}) if was_output else project
    return with_model(project, _with_outputs(model, model.outputs))


def _heal(model: ModelSpec, node: Node) -> ModelSpec:
    """What the node fed takes its inputs: a merge all of them, any other layer the first."""

    def healed(references: tuple[str, ...], how_many: int | None) -> tuple[str, ...]:
        found: list[str] = []
        for reference in references:
            found += node.inputs[:how_many] if graph.source(reference)[0] == node.id else (reference,)
        return tuple(found)

    nodes = tuple(
        other.model_copy(update={"inputs": healed(other.inputs, None if len(other.inputs) > 1 else 1)})
        for other in model.nodes
    )
    return _with_outputs(model.model_copy(update={"nodes": nodes}), healed(model.outputs, 1))


def _unshared(model: ModelSpec, node: Node) -> ModelSpec:
    """Those that used the node's weights use the weights of the first of them."""
    sharers = [other for other in model.nodes if other.shared_with == node.id]
    for index, other in enumerate(sharers):
        heir = node.shared_with if node.shared_with or index == 0 else sharers[0].id
        model = replace_node(model, other, shared_with=heir, params=node.params)
    return model


def _renamed(reference: str, old: str, new: str) -> str:
    node, colon, slot = reference.partition(":")
    return f"{new}{colon}{slot}" if node == old else reference
