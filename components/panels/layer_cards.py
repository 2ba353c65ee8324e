"""The model as a list of cards in the order of the data: what each layer is, gives and costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import state, words
from core import catalog, graph
from core.edits import Duplicate, Move, Remove
from core.errors import SpecError
from core.runner.checking import Checked
from core.spec import ModelSpec, Node


def render(model: ModelSpec, checked: Checked) -> None:
    nodes = _in_order(model)
    if not nodes:
        st.markdown("#### An empty model")
        st.caption("Click **Input** in the list at the left, then the layers that follow it.")
    for index, node in enumerate(nodes):
        before = nodes[index - 2].id if index > 1 else None
        after = nodes[index + 1].id if index + 1 < len(nodes) else None
        with st.container(border=True, gap=None, key=f"card-{node.id}"):
            _card(node, checked, up=before, down=after, can_move_up=index > 1)


def _in_order(model: ModelSpec) -> list[Node]:
    try:
        return list(graph.order(model))
    except SpecError:
        return list(model.nodes)


def _card(node: Node, checked: Checked, *, up: str | None, down: str | None, can_move_up: bool) -> None:
    answer = checked.nodes.get(node.id, {})
    broken = bool(checked.of_node(node.id))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _name(node, broken)
        st.space("stretch")
        st.markdown(_result(node, answer), width="content")
        _actions(node, up, down, can_move_up)


def _name(node: Node, broken: bool) -> None:
    colour = words.COLOURS.get(_category(node.layer), "gray")
    chosen = state.current().selected == node.id
    mark = ":red[:material/error:] " if broken else f":{colour}[■] "
    label = f"**{node.id}**" if not chosen else f":primary[**{node.id}**]"
    st.button(
        f"{mark}{label} &nbsp;:gray[{words.plain(node.layer)}{_brief(node.params)}]",
        key=f"select.{node.id}",
        type="tertiary",
        on_click=_select,
        args=(node.id,),
        help="Show this layer's parameters",
    )


def _brief(params: Mapping[str, Any]) -> str:
    """The two or three parameters that matter, in their order."""
    said = [words.plain(_value(value)) for value in list(params.values())[:3] if value is not None]
    return " · " + " · ".join(said) if said else ""


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name", "…"))
    if isinstance(value, list):
        return "×".join(map(str, value))
    return str(value)


def _result(node: Node, answer: Mapping[str, Any]) -> str:
    if not answer or answer.get("output_shape") is None:
        return ":gray[?]"
    parameters = answer.get("parameters") or 0
    cost = f" &nbsp;:gray[{parameters:,}]" if parameters else ""
    return f"{words.shape(answer['output_shape'])}{cost}"


def _actions(node: Node, up: str | None, down: str | None, can_move_up: bool) -> None:
    is_input = node.layer == "Input"
    _action("up", ":material/arrow_upward:", "Move up", node, is_input or not can_move_up, _move, up)
    _action("down", ":material/arrow_downward:", "Move down", node, is_input or down is None, _move, down)
    _action("copy", ":material/content_copy:", "Duplicate", node, is_input, _duplicate)
    _action("delete", ":material/delete:", "Delete; its neighbours are joined", node, False, _remove)


def _action(name: str, icon: str, explanation: str, node: Node, disabled: bool, act: Any, *more: Any) -> None:
    st.button(
        "",
        icon=icon,
        key=f"{name}.{node.id}",
        type="tertiary",
        help=explanation,
        disabled=disabled,
        on_click=act,
        args=(node.id, *more),
    )


def _select(node: str) -> None:
    state.current().selected = node


def _move(node: str, after: str | None) -> None:
    state.edit(Move(node=node, after=after))


def _duplicate(node: str) -> None:
    state.edit(Duplicate(node=node))


def _remove(node: str) -> None:
    state.edit(Remove(node=node))


def _category(layer: str) -> str:
    try:
        return catalog.entry("layer", layer).category
    except SpecError:
        return ""
