"""Edits of links: what feeds a layer, and whose results the loss sees."""

from __future__ import annotations

from core import catalog, graph
from core.edits.kinds import Connect, Disconnect, SetInputs, SetOutputs
from core.edits.references import find, rekey, replace_node, with_model, with_outputs
from core.errors import SpecError
from core.spec import ModelSpec, Node, Project

_NO_SOURCE = "an Input takes its rows from the data; no layer can feed it."
_NOT_ITSELF = "a layer cannot feed itself. Choose another layer."


def set_inputs(project: Project, edit: SetInputs) -> Project:
    """Only links that are new have to be possible: faults that are there already can be taken away one by one."""
    model, node = project.model, find(project.model, edit.node)
    new = [reference for reference in edit.inputs if reference not in node.inputs]
    if any(find(model, graph.source(reference)[0]) is node for reference in new):
        raise SpecError(node.id, _NOT_ITSELF)
    if new and node.layer == "Input":
        raise SpecError(node.id, _NO_SOURCE)
    if new and not graph.cycle(model):
        for reference in new:
            _refuse_circle(model, graph.source(reference)[0], node)
    return with_model(project, replace_node(model, node, inputs=edit.inputs))


def set_outputs(project: Project, edit: SetOutputs) -> Project:
    for reference in set(edit.outputs) - set(project.model.outputs):
        find(project.model, graph.source(reference)[0])
    model = with_outputs(project.model, edit.outputs)
    gone = set(graph.outputs(project.model)) - set(graph.outputs(model))
    return with_model(rekey(project, dict.fromkeys(gone)), model)


def connect(project: Project, edit: Connect) -> Project:
    model, node = project.model, find(project.model, edit.node)
    source = find(model, graph.source(edit.source)[0])
    if source is node:
        raise SpecError(node.id, _NOT_ITSELF)
    if node.layer == "Input":
        raise SpecError(node.id, _NO_SOURCE)
    inputs = _with_link(node, catalog.entry("layer", node.layer), edit)
    _refuse_circle(model, source.id, node)
    return _extended(with_model(project, replace_node(model, node, inputs=inputs)), edit)


def disconnect(project: Project, edit: Disconnect) -> Project:
    node = find(project.model, edit.node)
    if edit.link >= len(node.inputs):
        raise SpecError(node.id, f"it has {len(node.inputs)} inputs, so there is no input {edit.link}.")
    inputs = node.inputs[: edit.link] + node.inputs[edit.link + 1 :]
    return with_model(project, replace_node(project.model, node, inputs=inputs))


def _with_link(node: Node, entry: catalog.Entry, edit: Connect) -> tuple[str, ...]:
    """What feeds the node with the new link; refused if the layer has no place for it."""
    known = [graph.source(reference) for reference in node.inputs]
    one = entry.arity == "one"
    slot = edit.slot if edit.slot is not None else 0 if one else len(known)
    if entry.most is not None and slot >= entry.most:
        most = "one input" if one else f"at most {entry.most} inputs"
        raise SpecError(node.id, f"{entry.name} takes {most}. Replace one, or disconnect one first.")
    if slot > len(known):
        missing = entry.input_names[len(known)] if entry.input_names else f"input {len(known)}"
        raise SpecError(node.id, f"nothing feeds its {missing} yet. Connect that first.")
    is_twice = graph.source(edit.source) in (known[:1] if one else known)
    if is_twice and (one or (entry.arity == "many" and slot == len(known))):
        raise SpecError(node.id, f"{edit.source} feeds it already. Choose another layer, or replace one of its inputs.")
    return (edit.source,) if one else (*node.inputs[:slot], edit.source, *node.inputs[slot + 1 :])


def _refuse_circle(model: ModelSpec, source: str, node: Node) -> None:
    if _feeds_nothing(model, node.id):
        return
    if way := graph.way(model, node.id, source):
        circle = " → ".join((*way, node.id))
        raise SpecError(node.id, f"with this link the layers would go in a circle: {circle}.")


def _feeds_nothing(model: ModelSpec, name: str) -> bool:
    """So it is with most layers that are linked: a quick look saves two walks through a large model."""
    taken = graph.references(name)
    return all(taken.isdisjoint(node.inputs) for node in model.nodes)


def _extended(project: Project, edit: Connect) -> Project:
    """The output moves on from the source, unless the new link leads to an output already."""
    model, source = project.model, graph.source(edit.source)
    if source not in map(graph.source, model.outputs):
        return project
    below, ends = _below(model, edit.node)
    if not ends or not below.isdisjoint(graph.outputs(model)):
        return project
    moved = (ends[0] if graph.source(reference) == source else reference for reference in model.outputs)
    model = with_outputs(model, tuple(moved))
    gone = source[0] not in graph.outputs(model)
    return with_model(rekey(project, {source[0]: ends[0]}) if gone else project, model)


def _below(model: ModelSpec, name: str) -> tuple[frozenset[str], list[str]]:
    """A layer with all that it leads to; and those of them that feed nothing."""
    if _feeds_nothing(model, name):
        return frozenset({name}), [name]
    feeds = graph.children(model)
    below = graph.reached(model, (name,))
    return below, [other for other in feeds if other in below and not feeds[other]]
