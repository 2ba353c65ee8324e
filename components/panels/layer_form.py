"""The parameters of the selected layer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import state, words
from components.panels import parameters
from core import catalog
from core.edits import Rename, SetInputs, SetParam
from core.errors import SpecError
from core.runner.checking import Checked
from core.spec import Node


def render(checked: Checked) -> None:
    node = _selected()
    if node is None:
        st.caption("Select a layer to see and change its parameters.")
        return
    try:
        entry = catalog.entry("layer", node.layer)
    except SpecError as unknown:
        st.warning(words.plain(str(unknown)))
        return
    st.markdown(f"#### {node.id}")
    st.caption(f"{entry.name} · {entry.summary}")
    _name(node)
    if entry.arity != "none":
        _inputs(node, entry.arity)
    parameters.render(entry, node.params, scope=f"layer.{node.id}", commit=lambda name, new: _set(node.id, name, new))


def _selected() -> Node | None:
    chosen = state.current().selected
    return next((node for node in state.project().model.nodes if node.id == chosen), None)


def _set(node: str, name: str, value: Any) -> None:
    state.edit(SetParam(node=node, name=name, value=value), by_field=True)


def _name(node: Node) -> None:
    field = state.key("rename", node.id)
    st.text_input("Name", node.id, key=field, on_change=_rename, args=(node.id, field))


def _rename(node: str, field: str) -> None:
    if state.edit(Rename(node=node, to=state.value(field).strip())):
        state.current().selected = state.value(field).strip()


def _inputs(node: Node, arity: str) -> None:
    """Where the layer's data comes from; merging layers take several."""
    field = state.key("inputs", node.id)
    others = [other.id for other in state.project().model.nodes if other.id != node.id]
    options = list(dict.fromkeys([*node.inputs, *others]))
    st.multiselect(
        "Input from",
        options,
        default=list(node.inputs),
        key=field,
        max_selections=1 if arity == "one" else None,
        help="The layers that feed this one, in order",
        on_change=_connect,
        args=(node.id, field),
    )


def _connect(node: str, field: str) -> None:
    state.edit(SetInputs(node=node, inputs=tuple(state.value(field))), by_field=True)
