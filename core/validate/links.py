"""Checks of the graph: is there a way from the data to the loss, and does each layer get what it takes?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from core import graph
from core.edits import Add, Edit, InsertBefore, Remove, Rename, SetInputs, SetOutputs, Share
from core.errors import SpecError
from core.problems import Fix, Problem
from core.spec import Node, Params
from core.validate.case import Case, found


def has_layers(case: Case) -> Iterator[Problem]:
    if not case.project.model.nodes:
        fix = Fix("Add an Input", (Add(layer="Input", params=_row_shape(case)),))
        yield Problem(None, "model.nodes", "The model has no layers. Add an Input to begin.", fix)


def has_an_input(case: Case) -> Iterator[Problem]:
    model = case.project.model
    if not model.nodes or graph.inputs(model):
        return
    name = graph.fresh_id(model, "Input")
    roots = [node for node in model.nodes if not node.inputs]
    edits: tuple[Edit, ...] = (
        Add(layer="Input", params=_row_shape(case), id=name),
        *(SetInputs(node=root.id, inputs=(name,)) for root in roots),
    )
    message = "The model has no Input, so the data has nowhere to enter. Add an Input."
    yield Problem(None, "model.nodes", message, Fix("Add an Input", edits))


def _row_shape(case: Case) -> Params:
    return {"shape": list(case.facts.feature_shape)} if case.facts else {}


def has_an_output(case: Case) -> Iterator[Problem]:
    model = case.project.model
    if model.nodes and not model.outputs:
        last = _last(case)
        message = "The model has no output, so the loss has nothing to look at. Choose the layer that gives the result."
        yield Problem(None, "model.outputs", message, Fix(f"Use {last}", (SetOutputs(outputs=(last,)),)))


def outputs_are_there(case: Case) -> Iterator[Problem]:
    model = case.project.model
    for reference in model.outputs:
        name = graph.source(reference)[0]
        if name not in case.nodes:
            kept = tuple(other for other in model.outputs if graph.source(other)[0] in case.nodes)
            edit = SetOutputs(outputs=kept or (_last(case),)) if model.nodes else None
            fix = Fix(f"Use {', '.join(edit.outputs)}", (edit,)) if edit else None
            yield Problem(None, "model.outputs", f"The output {name!r} is no layer of this model. Choose another.", fix)


def _last(case: Case) -> str:
    """The last layer that feeds nothing; that is most likely the output."""
    fed = graph.children(case.project.model)
    ends = [node.id for node in case.project.model.nodes if not fed[node.id]]
    return (ends or [case.project.model.nodes[-1].id])[-1]


def ids_differ(case: Case) -> Iterator[Problem]:
    model = case.project.model
    seen: set[str] = set()
    for node in model.nodes:
        if node.id in seen:
            free = graph.fresh_id(model, node.layer)
            message = f"{node.id}: two layers have this name. Give one of them another name."
            yield Problem(node.id, "id", message, Fix(f"Rename one to {free}", (Rename(node=node.id, to=free),)))
        seen.add(node.id)


def inputs_are_there(case: Case) -> Iterator[Problem]:
    for node in case.nodes.values():
        for reference in node.inputs:
            name = graph.source(reference)[0]
            if name not in case.nodes:
                message = f"{node.id}: its input {name!r} is no layer of this model. Link it to another layer."
                yield Problem(node.id, "inputs", message, _without(node, reference))
            elif name == node.id:
                message = f"{node.id}: it feeds itself. Remove this link."
                yield Problem(node.id, "inputs", message, _without(node, reference))


def goes_forward(case: Case) -> Iterator[Problem]:
    circle = case.circle
    if len(set(circle)) > 1:
        places = {node.id: index for index, node in enumerate(case.project.model.nodes)}
        links = list(pairwise(circle))
        above, below = next((link for link in links if places[link[0]] > places[link[1]]), links[0])
        reference = next(one for one in case.nodes[below].inputs if graph.source(one)[0] == above)
        message = f"The layers feed each other in a circle: {' → '.join(circle)}. Remove one of these links."
        yield Problem(below, "inputs", message, _without(case.nodes[below], reference))


def _without(node: Node, reference: str) -> Fix:
    kept = tuple(other for other in node.inputs if other != reference)
    return Fix(f"Remove the link from {reference}", (SetInputs(node=node.id, inputs=kept),))


def is_used(case: Case) -> Iterator[Problem]:
    """Layers from which no output is reached."""
    model = case.project.model
    outputs = [name for name in graph.outputs(model) if name in case.nodes]
    if not outputs or case.circle:
        return
    used = graph.reaching(model, outputs)
    for name in case.nodes:
        if name not in used:
            message = f"{name}: nothing that it gives reaches the output. Link it to another layer, or remove it."
            yield Problem(name, None, message, Fix(f"Remove {name}", (Remove(node=name),)))


def has_as_many_inputs_as_it_takes(case: Case) -> Iterator[Problem]:
    for node in case.nodes.values():
        entry = found("layer", node.layer)
        if entry is None:
            continue
        fewest, most = (0, 0) if entry.arity == "none" else (entry.fewest, entry.most)
        if len(node.inputs) >= fewest and (most is None or len(node.inputs) <= most):
            continue
        needed = _amount(fewest, most)
        message = f"{node.id}: {entry.name} takes {needed}, and it has {_amount(len(node.inputs), len(node.inputs))}. "
        yield Problem(node.id, "inputs", message + _advice(node, fewest), _relinked(case, node, fewest, most))


def _amount(fewest: int, most: int | None) -> str:
    if most == fewest:
        return {0: "no input", 1: "one input"}.get(fewest, f"{fewest} inputs")
    return f"at least {fewest} inputs" if most is None else f"{fewest} to {most} inputs"


def _advice(node: Node, fewest: int) -> str:
    if len(node.inputs) < fewest:
        return "Link more layers to it." if node.inputs else "Link a layer to it."
    return "Remove its links." if fewest == 0 else "Remove some links, or join them with Concatenate first."


def _relinked(case: Case, node: Node, fewest: int, most: int | None) -> Fix | None:
    if any(name not in case.nodes or name == node.id for name in graph.parents(node)):
        return None  # first the links that cannot be
    if most == 0:
        return Fix("Remove its links", (SetInputs(node=node.id, inputs=()),))
    if most == 1 and len(node.inputs) > 1:
        join = graph.fresh_id(case.project.model, "Concatenate")
        edits: tuple[Edit, ...] = (
            InsertBefore(node=node.id, layer="Concatenate", id=join),
            SetInputs(node=join, inputs=node.inputs),
            SetInputs(node=node.id, inputs=(join,)),
        )
        return Fix("Join them with Concatenate", edits)
    if most is not None and len(node.inputs) > most:
        kept = node.inputs[:most]
        return Fix(f"Keep {', '.join(kept)}", (SetInputs(node=node.id, inputs=kept),))
    if fewest > 1 and len(node.inputs) == 1:
        return Fix(f"Remove {node.id}", (Remove(node=node.id),))
    before = _listed_before(case, node)
    if before is None:
        return None
    return Fix(f"Link {before} to it", (SetInputs(node=node.id, inputs=(before,) * fewest),))


def _listed_before(case: Case, node: Node) -> str | None:
    """The nearest layer earlier in the list that does not depend on this one."""
    below = graph.reached(case.project.model, [node.id])
    ids = [other.id for other in case.project.model.nodes]
    before = [name for name in ids[: ids.index(node.id)] if name not in below]
    return before[-1] if before else None


def shares_with_its_like(case: Case) -> Iterator[Problem]:
    for node in case.nodes.values():
        if node.shared_with is None:
            continue
        own = Fix("Give it its own weights", (Share(node=node.id, shared_with=None),))
        try:
            owner = graph.owner(case.project.model, node)
        except SpecError as fault:
            yield Problem(node.id, "shared_with", f"{node.id}, {fault.message}", own)
            continue
        if owner.layer != node.layer:
            message = f"a {node.layer} cannot use the weights of {owner.id}, a {owner.layer}. Choose a {node.layer}."
            yield Problem(node.id, "shared_with", f"{node.id}, shared_with: {message}", own)
        elif node.params and node.params != owner.params:
            message = f"it uses the weights of {owner.id}, so its parameters have to be the same. Take them over."
            fix = Fix(f"Use the parameters of {owner.id}", (Share(node=node.id, shared_with=owner.id),))
            yield Problem(node.id, "shared_with", f"{node.id}, shared_with: {message}", fix)


CHECKS = (
    has_layers,
    has_an_input,
    has_an_output,
    outputs_are_there,
    ids_differ,
    inputs_are_there,
    goes_forward,
    is_used,
    has_as_many_inputs_as_it_takes,
    shares_with_its_like,
)
