"""The model as a list of cards in the order of the data: what each layer is, gives and costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import state, words
from core import catalog, graph
from core.edits import Move
from core.errors import SpecError
from core.runner.checking import Checked
from core.spec import ModelSpec, Node


def render(model: ModelSpec, checked: Checked) -> None:
    """Only the selected card has buttons of its own: a hundred layers stay quick."""
    nodes = _in_order(model)
    chosen = state.selected()
    with st.container(gap="xsmall"):
        for index, node in enumerate(nodes):
            with st.container(border=True, gap=None, key=f"card-{node.id}"):
                _card(node, checked, is_selected=node.id in chosen)
                if chosen == (node.id,):
                    _moves(nodes, index)


def _in_order(model: ModelSpec) -> list[Node]:
    try:
        return list(graph.order(model))
    except SpecError:
        return list(model.nodes)


def _card(node: Node, checked: Checked, *, is_selected: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _name(node, is_broken=bool(checked.of_node(node.id)), is_selected=is_selected)
        st.space("stretch")
        st.markdown(_result(checked.nodes.get(node.id, {})), width="content")


def _name(node: Node, *, is_broken: bool, is_selected: bool) -> None:
    colour = words.COLOURS.get(_category(node.layer), "gray")
    mark = ":red[:material/error:] " if is_broken else f":{colour}[■] "
    label = f":primary[**{node.id}**]" if is_selected else f"**{node.id}**"
    st.button(
        f"{mark}{label} &nbsp;:gray[{words.plain(node.layer)}{_brief(node)}]",
        key=f"select.{node.id}",
        type="tertiary",
        on_click=state.select,
        args=([node.id],),
        help="Show this layer's parameters",
    )


def _brief(node: Node) -> str:
    """The two or three parameters that matter, in their order; what feeds it where that is not one layer."""
    said = [words.plain(_value(value)) for value in list(node.params.values())[:3] if value is not None]
    said += [words.plain(f"of {' and '.join(node.inputs)}")] if len(node.inputs) > 1 else []
    return " · " + " · ".join(said) if said else ""


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name", "…"))
    if isinstance(value, list):
        return "×".join(map(str, value))
    return str(value)


def _result(answer: Mapping[str, Any]) -> str:
    if answer.get("output_shape") is None:
        return ":gray[?]"
    parameters = answer.get("parameters") or 0
    cost = f":gray[{parameters:,}] &nbsp; " if parameters else ""
    return f"{cost}{words.shape(answer['output_shape'])}"


def _moves(nodes: list[Node], index: int) -> None:
    """The way up and down in the list; the first card has no layer to stand before."""
    node = nodes[index]
    if node.layer == "Input":
        return
    before = nodes[index - 2].id if index > 1 else None
    after = nodes[index + 1].id if index + 1 < len(nodes) else None
    with st.container(horizontal=True, gap="small"):
        _move("Move up", ":material/arrow_upward:", node.id, before, disabled=index < 2)
        _move("Move down", ":material/arrow_downward:", node.id, after, disabled=after is None)


def _move(label: str, icon: str, node: str, after: str | None, *, disabled: bool) -> None:
    st.button(
        label,
        icon=icon,
        type="tertiary",
        key=f"{label}.{node}",
        disabled=disabled,
        on_click=_put,
        args=(node, after),
    )


def _put(node: str, after: str | None) -> None:
    state.edit(Move(node=node, after=after))


def _category(layer: str) -> str:
    try:
        return catalog.entry("layer", layer).category
    except SpecError:
        return ""
