"""One layer: its name, its parameters, what feeds it, and whose weights it uses."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import state, words
from components.panels import layer_roles, naming, parameters
from core import catalog
from core.edits import Duplicate, Remove, Rename, ResetParam, SetParam
from core.errors import SpecError
from core.runner.checking import Checked
from core.spec import Node


def render(node: Node, checked: Checked) -> None:
    _name(node)
    try:
        entry = catalog.entry("layer", node.layer)
    except SpecError as unknown:
        st.warning(words.plain(str(unknown)))
        actions(node.id)
        return
    st.caption(f"{words.layer(entry.name, entry.category)} · {entry.summary}")
    _answer(node, checked)
    parameters.render(
        entry,
        node.params,
        scope=f"layer.{node.id}",
        commit=lambda name, new: change([node.id], name, new),
        without=["trainable"],
    )
    layer_roles.render(node, entry, checked)
    actions(node.id)


def change(nodes: list[str], name: str, value: Any) -> None:
    """Give a parameter of some layers a value, or its default."""
    if value is parameters.DEFAULT:
        state.edit(*(ResetParam(node=node, name=name) for node in nodes))
    else:
        state.edit(*(SetParam(node=node, name=name, value=value) for node in nodes), by_field=True)


def actions(*nodes: str) -> None:
    """Duplicate and delete, for one or several layers."""
    scope = state.key("act", *nodes[:2])
    with st.container(horizontal=True, gap="small"):
        st.button("Duplicate", icon=":material/content_copy:", key=f"{scope}.copy", on_click=_duplicate, args=nodes)
        st.button(
            "Delete",
            icon=":material/delete:",
            key=f"{scope}.delete",
            on_click=_remove,
            args=nodes,
            help="What it fed takes its inputs",
        )


def _duplicate(*nodes: str) -> None:
    state.edit(*(Duplicate(node=node) for node in nodes))


def _remove(*nodes: str) -> None:
    if state.edit(*(Remove(node=node) for node in nodes)):
        state.select([])


def _name(node: Node) -> None:
    field = state.key("rename", node.id)
    st.text_input("Name", node.id, key=field, on_change=_rename, args=(node.id, field), max_chars=64)


def _rename(node: str, field: str) -> None:
    new = naming.typed(field)
    if new and new != node and state.edit(Rename(node=node, to=new)):
        state.select([new])


def _answer(node: Node, checked: Checked) -> None:
    """What the layer gives and costs, and its part in the model."""
    answer = checked.nodes.get(node.id, {})
    shape = answer.get("output_shape")
    said = [f"Gives **{words.shape(shape)}**"] if shape is not None else []
    said += [f"**{answer['parameters']:,}** parameters"] if answer.get("parameters") else []
    said += [f"**{words.flops(answer['flops'])}**"] if answer.get("flops") else []
    said += layer_roles.special(node)
    if said:
        st.caption(" · ".join(said))
