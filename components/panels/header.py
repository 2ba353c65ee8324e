"""The first row of every page: the project, its data, and the next action in its corner."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import run_controls
from core import gallery
from core.data import DataFacts
from core.edits import Set


def render() -> None:
    state.show_notices()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _project_menu()
        facts = state.checked().facts
        if facts:
            st.badge(_facts(facts), color="gray")
        st.space("stretch")
        _problems()
        stored = state.current().stored
        st.button(
            "",
            icon=":material/undo:",
            help="Undo",
            key="undo",
            on_click=state.undo,
            disabled=not stored.can_undo,
            type="tertiary",
        )
        st.button(
            "",
            icon=":material/redo:",
            help="Redo",
            key="redo",
            on_click=state.redo,
            disabled=not stored.can_redo,
            type="tertiary",
        )
        run_controls.render()


def _problems() -> None:
    """Why Train is off, in sight of it; a click leads to the repairs."""
    count = len(state.checked().problems)
    if count and st.button(
        f":red[{count} problem{'s' if count > 1 else ''}]",
        icon=":material/error:",
        type="tertiary",
        key="problems",
        help="See what is wrong, and repair it",
    ):
        state.go("Model")


def _facts(facts: DataFacts) -> str:
    """`1,797 images · 8×8×1 · 10 classes`."""
    noun = {"image": "images", "points": "points", "text": "texts", "sequence": "sequences"}.get(facts.kind, "rows")
    size = words.shape((None, *facts.feature_shape))
    parts = [f"{facts.rows:,} {noun}", f"{size} features" if len(facts.feature_shape) == 1 else size]
    if facts.classes:
        parts.append(f"{facts.classes} classes")
    return " · ".join(parts)


def _project_menu() -> None:
    project = state.project()
    menu = st.popover(
        words.plain(project.name),
        icon=":material/folder_open:",
        help="Rename, or open another project",
        key="project",
        on_change="rerun",
    )
    if not menu.open:  # its many buttons would be drawn again at every edit
        return
    with menu:
        field = state.key("name")
        st.text_input("Name", project.name, max_chars=120, key=field, on_change=_rename, args=(field,))
        st.caption("Saved as you go. Whoever has this page's address can open and change the project.")
        _examples()


def _examples() -> None:
    st.markdown("**Start from an example**")
    with st.container(gap=None):
        for card in gallery.cards():
            if st.button(card.title, help=card.description, key=f"example.{card.name}", type="tertiary"):
                state.start_project(state.example(card.name))
                st.rerun()


def _rename(field: str) -> None:
    state.edit(Set(path="name", value=state.value(field).strip() or "Untitled"), by_field=True)
