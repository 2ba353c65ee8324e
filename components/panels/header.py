"""The first row of every page: the project, its data, and the next action in its corner."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import state, words
from components.panels import gallery_dialog, import_file, problem_list, run_controls, start
from core.data import DataFacts
from core.edits import Set
from core.runner.checking import Checked

_RENAME, _EXAMPLE, _EMPTY, _FILE = "Rename", "Start from an example", "New, with the same data", "Open a file"
_MENU = {
    _RENAME: ":material/edit:",
    _EXAMPLE: ":material/grid_view:",
    _EMPTY: ":material/add:",
    _FILE: ":material/upload_file:",
}


def render(view: Callable[[], None] | None = None, *, has_undo: bool = True) -> None:
    """`view` draws what a page has to choose from in this row; without `has_undo` the page has its own."""
    state.begin_drawing()
    state.show_notices()
    if state.conflict():
        _conflict()
    checked = state.checked()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _project_menu()
        if checked.facts:
            st.badge(_facts(checked.facts), color="gray")
        if view:
            view()
        st.space("stretch")
        _problems(checked)
        if has_undo:
            _undo_and_redo()
        run_controls.render()


def _conflict() -> None:
    """Nothing is overwritten and nothing adopted before the user has said so."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="conflict"):
        st.markdown(":orange[:material/sync_problem:] **This project was changed in another tab.**", width="content")
        st.button("Show the newest", key="conflict.newest", type="primary", on_click=state.take_newest)
        st.button(
            "Keep mine as a copy",
            key="conflict.copy",
            on_click=state.keep_as_copy,
            help="What this tab shows becomes a project of its own, with its own address",
        )


def _undo_and_redo() -> None:
    stored = state.current().stored
    for label, act, is_there in (("Undo", state.undo, stored.can_undo), ("Redo", state.redo, stored.can_redo)):
        name = label.lower()
        st.button(
            "",
            icon=f":material/{name}:",
            help=label,
            key=name,
            on_click=act,
            disabled=not is_there,
            type="tertiary",
        )


def _problems(checked: Checked) -> None:
    """Why Train is off, in sight of it; a click leads to the repairs."""
    count = len(checked.problems)
    if count and st.button(
        f":red[{count} problem{'s' if count > 1 else ''}]",
        icon=":material/error:",
        type="tertiary",
        key="problems",
        help="See what is wrong, and repair it",
    ):
        for name in [problem.node for problem in checked.problems if problem.node][:1]:
            problem_list.select(name)
        state.go("Model")


def _facts(facts: DataFacts) -> str:
    """`1,797 images · 8×8×1 · 10 classes`."""
    noun = {"image": "images", "points": "points", "text": "texts", "sequence": "sequences"}.get(facts.kind, "rows")
    numbers = "words" if facts.kind == "text" and facts.header else "features"
    size = words.shape((None, *facts.feature_shape))
    parts = [f"{facts.rows:,} {noun}", f"{size} {numbers}" if len(facts.feature_shape) == 1 else size]
    if facts.classes:
        parts.append(f"{facts.classes} classes")
    return " · ".join(parts)


def _project_menu() -> None:
    chosen = st.menu_button(
        words.plain(state.project().name),
        list(_MENU),
        icon=":material/folder_open:",
        help="Saved as you go. Whoever has this page's address can open and change the project.",
        key="project",
        format_func=lambda name: f"{_MENU[name]} {name}",
    )
    if chosen == _RENAME:
        _rename()
    elif chosen == _EXAMPLE:
        gallery_dialog.show()
    elif chosen == _EMPTY:
        start.empty_project()
        state.go("Model")
    elif chosen == _FILE:
        _open_file()


@st.dialog("Rename the project")
def _rename() -> None:
    name = st.text_input("Name", state.project().name, max_chars=120, key=state.key("name"))
    if st.button("Rename", type="primary", key="rename.project"):
        state.edit(Set(path="name", value=name.strip() or "Untitled"))
        st.rerun()


@st.dialog("Open a file")
def _open_file() -> None:
    import_file.render(key="menu")
