"""What is selected, and all that can be changed about it: a layer, several layers, or a block of them."""

from __future__ import annotations

import streamlit as st

from components import state
from components.panels import block_form, layer_form, several_form
from core import graph
from core.runner.checking import Checked

KEYS = (
    ("/", "search the layers, Enter adds one"),
    ("↑ ↓ ← →", "walk from layer to layer"),
    ("Del", "delete; the chain heals"),
    ("Ctrl D", "duplicate"),
    ("Ctrl Z", "undo"),
    ("?", "all keys"),
)


def render(checked: Checked, *, has_keys: bool) -> None:
    """`has_keys`: the canvas is there, which can be worked by keys alone."""
    nodes = graph.by_id(state.project().model)
    chosen = [nodes[name] for name in state.selected()]
    if not chosen:
        _nothing_selected(has_keys)
        return
    block = block_form.around(chosen)
    if block:
        block_form.render(block, is_all=set(block.nodes) == {node.id for node in chosen})
    if len(chosen) == 1:
        layer_form.render(chosen[0], checked)
    else:
        several_form.render(chosen, may_join=block is None)


def _nothing_selected(has_keys: bool) -> None:
    st.markdown("#### No layer selected", anchors=False)
    st.caption("Click a layer to see and change its parameters.")
    if has_keys:
        st.caption("  \n".join(f"`{key}` &ensp;{does}" for key, does in KEYS))
