"""Ways to begin a model: proposed from the data, from an example, or empty."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import gallery_dialog
from core.data import DataFacts
from core.errors import EagerlyError
from core.gallery.first_model import propose
from core.spec import ModelSpec
from core.validate import with_embeddings


def first_model(facts: DataFacts | None, *, key: str, primary: bool = False) -> None:
    """A button that puts a sensible network, loss and metrics in place, made from the data's shape and target."""
    if st.button(
        "First model from my data",
        icon=":material/auto_awesome:",
        key=key,
        type="primary" if primary else "secondary",
        disabled=facts is None,
        help="A sensible network, loss and metrics for this data, in place of the present ones. Undo takes it back.",
    ):
        _propose(facts)


def _propose(facts: DataFacts | None) -> None:
    try:
        first = propose(state.project(), facts)
        state.become(with_embeddings(first, facts) if facts else first)
    except EagerlyError as refused:
        st.error(words.plain(str(refused)), icon=":material/error:")
        return
    state.select([])
    state.go("Model")


def empty_model(facts: DataFacts | None) -> None:
    """What to do with a model that has no layers."""
    st.markdown("#### An empty model", anchors=False)
    st.caption("Add an **Input**, then the layers that follow it; or begin with one of these.")
    with st.container(horizontal=True, gap="small"):
        first_model(facts, key="start.first", primary=True)
        if st.button("Start from an example", icon=":material/grid_view:", key="start.example"):
            gallery_dialog.show()


def empty_project() -> None:
    """A project of its own on the same data, without layers."""
    here = state.project()
    state.start_project(here.model_copy(update={"name": "Untitled", "description": "", "model": ModelSpec()}))
