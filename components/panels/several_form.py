"""Several selected layers: those of one kind get one form; a change is made to all of them, or to none."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import streamlit as st

from components import state, words
from components.panels import layer_form, layer_roles, parameters
from core import catalog
from core.edits import MakeBlock
from core.errors import SpecError
from core.spec import Node

MOST_NAMED = 6


def render(nodes: Sequence[Node], *, may_join: bool) -> None:
    """`may_join`: none of them is in a block yet."""
    names = [node.id for node in nodes]
    st.markdown(f"#### {len(nodes)} layers selected", anchors=False)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    st.caption(", ".join(names[:MOST_NAMED]) + more)
    if len({node.layer for node in nodes}) == 1:
        _one_kind(nodes)
    else:
        st.caption("Select layers of one kind to change their parameters together.")
    trained = {node.params.get("trainable", True) is not False for node in nodes}
    layer_roles.trainable(trained != {False}, *names)
    if may_join:
        st.button(
            "Make a block",
            icon=":material/select_all:",
            key=state.key("block", "make"),
            on_click=_make_block,
            args=names,
            help="Fold these layers into one, which can be repeated",
        )
    layer_form.actions(*names)


def _one_kind(nodes: Sequence[Node]) -> None:
    try:
        entry = catalog.entry("layer", nodes[0].layer)
    except SpecError as unknown:
        st.warning(words.plain(str(unknown)))
        return
    names = [node.id for node in nodes]
    st.caption(f"{words.layer(entry.name, entry.category)} · a change is made to all {len(nodes)}")
    parameters.render(
        entry,
        parameters.merged(entry, [node.params for node in nodes]),
        scope=f"layers.{blake2b(' '.join(names).encode(), digest_size=6).hexdigest()}",
        commit=lambda name, new: layer_form.change(names, name, new),
        without=["trainable"],
    )


def _make_block(*names: str) -> None:
    taken = {block.id for block in state.project().model.blocks} | {node.id for node in state.project().model.nodes}
    number = next(number for number in range(1, len(taken) + 2) if f"block_{number}" not in taken)
    state.edit(MakeBlock(id=f"block_{number}", nodes=names))
