"""The Data page: choose the rows, look at them, and split them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import state, words
from components.panels import (
    data_augmentation,
    data_form,
    data_preview,
    data_profile,
    header,
    problem_list,
    start,
    warm_up,
)
from core.data import DataFacts, Preview, Profile
from core.errors import EagerlyError
from core.runner.checking import Checked

TITLE = "Data"


def render() -> None:
    header.render()
    checked = state.checked()
    settings, rows = st.columns([1, 3], gap="small")
    with settings, st.container(border=True, height="stretch", gap="small", key="settings"):
        data_form.render(checked.facts)
    with rows:
        _rows(checked)


def _rows(checked: Checked) -> None:
    if checked.facts:
        _card(checked.facts)
        _views(checked.facts)
    elif checked.complete:
        _problems(checked)
    elif checked.trouble:
        st.error(words.plain(checked.trouble), icon=":material/error:")
    else:
        warm_up.render(checked)


def _card(facts: DataFacts) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {words.plain(facts.title)}", width="content", anchors=False)
        st.space("stretch")
        _notes(facts.notes)
        start.first_model(facts, key="data.first")
    if facts.help:
        st.markdown(facts.help)
    columns = st.columns(5)
    columns[0].metric("Rows", f"{facts.rows:,}")
    columns[1].metric("One row", _size(facts))
    target = f"{facts.classes} classes" if facts.classes else "a number"
    columns[2].metric("Target", target, help=f"Target column: {words.plain(facts.target_name)}")
    columns[3].metric("To train on", f"{facts.parts['train']:,}")
    held_out = [f"{facts.parts[part]:,}" for part in ("validation", "test") if facts.parts.get(part)]
    columns[4].metric("Validation · test", " · ".join(held_out) or "none")
    if facts.licence:
        st.caption(f"Source and licence: {words.plain(facts.licence)}")


def _size(facts: DataFacts) -> str:
    """`8×8×1`, or `10 numbers`: what the model gets of a row."""
    size = words.shape((None, *facts.feature_shape))
    if len(facts.feature_shape) > 1:
        return size
    is_own_text = facts.kind == "text" and bool(facts.header)
    return f"{size} {'words' if is_own_text else 'numbers'}"


def _notes(notes: Sequence[str]) -> None:
    """How the rows were read, out of the way until somebody asks."""
    if notes:
        with st.popover(f"{len(notes)} note{'s' if len(notes) > 1 else ''}", icon=":material/info:", type="tertiary"):
            for note in notes:
                st.markdown(words.plain(note))


def _views(facts: DataFacts) -> None:
    """The rows themselves, and what the profile says of them; only what is looked at is drawn."""
    try:
        profile, preview = data_profile.of_project()
    except EagerlyError as refused:
        st.caption(words.plain(str(refused)))
        return
    data_profile.hints(profile)
    names = ["Rows", "Columns", "Target", *(["Correlation"] if profile.correlation else [])]
    names += ["Augmentation"] if facts.kind == "image" else []
    for name, tab in zip(names, st.tabs(names, key="views", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                _view(name, facts, profile, preview)


def _view(name: str, facts: DataFacts, profile: Profile, preview: Preview) -> None:
    match name:
        case "Rows":
            data_preview.render(facts, preview)
        case "Columns":
            data_profile.columns(profile)
        case "Target":
            data_profile.target(profile)
        case "Correlation":
            data_profile.correlation(profile)
        case "Augmentation":
            data_augmentation.preview()


def _problems(checked: Checked) -> None:
    """Why there are no rows to see, with the repairs: the fields that could be wrong are not there without rows."""
    for index, problem in enumerate(checked.problems):
        if problem.field and problem.field.startswith("data"):
            st.error(words.plain(problem.message), icon=":material/error:")
            for place, fix in enumerate(problem.fixes):
                key = state.key("data", "repair", str(index), str(place))
                st.button(fix.label, key=key, icon=":material/build:", on_click=problem_list.repair, args=(fix,))
