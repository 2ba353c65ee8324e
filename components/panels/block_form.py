"""A block of layers: its name, how often it stands in a row, open or closed, and the ways to end it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components import state
from components.panels import naming
from core import blocks
from core.edits import Dissolve, SetBlock
from core.errors import SpecError
from core.spec import Block, Node


def around(nodes: Sequence[Node]) -> Block | None:
    """The block that all of these layers are in."""
    names = {node.id for node in nodes}
    return next((block for block in state.project().model.blocks if names <= set(block.nodes)), None)


def render(block: Block, *, is_all: bool) -> None:
    """In full when the whole block is selected; else folded, above the selected layer."""
    key = f"block.{block.id}.{is_all}"
    with st.expander(f"Block {block.id}", icon=":material/select_all:", expanded=is_all, key=key):
        _name(block)
        _repeat(block)
        _open(block)
        _actions(block, is_all)


def _name(block: Block) -> None:
    field = state.key("block", block.id, "name")
    st.text_input("Block's name", block.id, key=field, max_chars=64, on_change=partial(_rename, block.id, field))


def _rename(block: str, field: str) -> None:
    new = naming.typed(field)
    if new and new != block:
        state.edit(SetBlock(block=block, to=new))


def _repeat(block: Block) -> None:
    field = state.key("block", block.id, "repeat")
    st.number_input(
        "Repeat",
        value=block.repeat,
        min_value=1,
        max_value=100,
        key=field,
        on_change=partial(_set, block.id, "repeat", field),
        help="How often the block stands in a row; each time with weights of its own.",
    )


def _open(block: Block) -> None:
    field = state.key("block", block.id, "open")
    st.toggle(
        "Open on the canvas",
        value=block.open,
        key=field,
        on_change=partial(_set, block.id, "open", field),
        help="A closed block is drawn as one layer.",
    )


def _set(block: str, what: str, field: str) -> None:
    state.edit(SetBlock.model_validate({"block": block, what: state.value(field)}), by_field=True)


def _dissolve(block: str) -> None:
    state.edit(Dissolve(block=block))


def _write_out(block: Block) -> None:
    """The copies become layers of their own, one after the other."""
    project = state.project()
    others = tuple(other for other in project.model.blocks if other.id != block.id)
    try:
        written = blocks.expand(project.model.model_copy(update={"blocks": (block,)}))
    except SpecError as refused:
        state.current().notices.append(str(refused))
        return
    model = written.model_copy(update={"blocks": others})
    state.become(project.model_copy(update={"model": model}))


def _actions(block: Block, is_all: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        if not is_all:
            st.button("Select all of it", key=f"block.all.{block.id}", on_click=state.select, args=(block.nodes,))
        st.button(
            "Dissolve",
            key=f"block.dissolve.{block.id}",
            on_click=_dissolve,
            args=(block.id,),
            help="The block goes; its layers stay, once each",
        )
        if block.repeat > 1:
            st.button(
                "Write out",
                key=f"block.write.{block.id}",
                on_click=_write_out,
                args=(block,),
                help=f"Its {block.repeat} copies become layers of their own, in a row",
            )
