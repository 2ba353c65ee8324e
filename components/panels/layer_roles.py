"""What feeds a layer, whose weights it uses, whether they are trained, and whether the loss sees its result."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import state
from core import graph
from core.catalog import Entry
from core.edits import ResetParam, SetInputs, SetOutputs, SetParam, Share
from core.errors import SpecError
from core.runner.checking import Checked
from core.spec import Node

OWN = "its own"


def render(node: Node, entry: Entry, checked: Checked) -> None:
    """Folded away; `special` says what is not as usual."""
    fold = st.expander("Links and weights", type="compact", key=f"roles.{node.id}", on_change="rerun")
    if not fold.open:
        return
    with fold:
        if entry.arity != "none":
            _inputs(node, entry.arity)
        _weights(node)
        if _has_weights(node, entry, checked):
            trainable(node.params.get("trainable", True) is not False, node.id)
        _output(node)


def special(node: Node) -> list[str]:
    """What a person should know of this layer's part in the model."""
    found = ["an output"] if node.id in graph.outputs(state.project().model) else []
    found += ["frozen"] if node.params.get("trainable") is False else []
    return found + ([f"uses the weights of **{node.shared_with}**"] if node.shared_with else [])


def _has_weights(node: Node, entry: Entry, checked: Checked) -> bool:
    known = checked.nodes.get(node.id, {}).get("parameters")
    return any(param.name == "trainable" for param in entry.params) and known != 0


def trainable(value: bool, *nodes: str) -> None:
    """Frozen or not, for one or several layers."""
    field = state.key("trainable", *nodes[:2])
    st.toggle(
        "Train the weights",
        value=value,
        key=field,
        on_change=_set_trainable,
        args=(field, *nodes),
        help="Off: the layer is frozen. Its weights stay as they are while the others learn.",
    )


def _set_trainable(field: str, *nodes: str) -> None:
    if state.value(field):
        state.edit(*(ResetParam(node=node, name="trainable") for node in nodes), by_field=True)
    else:
        state.edit(*(SetParam(node=node, name="trainable", value=False) for node in nodes), by_field=True)


def _inputs(node: Node, arity: str) -> None:
    """Where the layer's data comes from; merging layers take several."""
    field = state.key("inputs", node.id)
    below = graph.reached(state.project().model, [node.id])
    others = [other.id for other in state.project().model.nodes if other.id not in below]
    st.multiselect(
        "Input from",
        list(dict.fromkeys([*node.inputs, *others])),
        default=list(dict.fromkeys(node.inputs)),
        key=field,
        max_selections=1 if arity == "one" and len(node.inputs) <= 1 else None,
        help="The layers that feed this one, in order",
        on_change=partial(_connect, node.id, field),
    )


def _connect(node: str, field: str) -> None:
    state.edit(SetInputs(node=node, inputs=tuple(state.value(field))), by_field=True)


def _weights(node: Node) -> None:
    """Layers of one kind may be one layer that is used several times."""
    model = state.project().model
    owners = [other.id for other in model.nodes if other.layer == node.layer and _may_own(other, node)]
    if node.layer == "Input" or not (owners or node.shared_with):
        return
    field = state.key("weights", node.id)
    options = [OWN, *dict.fromkeys([*([node.shared_with] if node.shared_with else []), *owners])]
    st.selectbox(
        "Weights",
        options,
        index=options.index(node.shared_with) if node.shared_with else 0,
        key=field,
        format_func=lambda name: OWN if name == OWN else f"those of {name}",
        on_change=partial(_share, node.id, field),
        help="Layers that share weights are one layer, used several times: their parameters are the same, too.",
    )


def _may_own(other: Node, node: Node) -> bool:
    model = state.project().model
    try:
        return other.id != node.id and graph.owner(model, other).id != node.id
    except SpecError:
        return False


def _share(node: str, field: str) -> None:
    chosen = state.value(field)
    state.edit(Share(node=node, shared_with=None if chosen == OWN else chosen))


def _output(node: Node) -> None:
    field = state.key("output", node.id)
    st.toggle(
        "The loss sees this layer",
        value=node.id in graph.outputs(state.project().model),
        key=field,
        on_change=partial(_set_output, node.id, field),
        help="An output of the model: its result is compared with a target. A model may have several.",
    )


def _set_output(node: str, field: str) -> None:
    others = tuple(output for output in state.project().model.outputs if graph.source(output)[0] != node)
    state.edit(SetOutputs(outputs=(*others, node) if state.value(field) else others), by_field=True)
