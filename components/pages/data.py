"""The Data page: choose the rows, look at them, and split them."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import data_form, data_preview, header, start, warm_up
from core.data import DataFacts
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
        data_preview.render(checked.facts)
    elif checked.complete:
        _problems(checked)
    else:
        warm_up.render()


def _card(facts: DataFacts) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {words.plain(facts.title)}", width="content", anchors=False)
        st.space("stretch")
        start.first_model(facts, key="data.first")
    if facts.help:
        st.markdown(facts.help)
    columns = st.columns(5)
    columns[0].metric("Rows", f"{facts.rows:,}")
    columns[1].metric("One row", words.shape((None, *facts.feature_shape)))
    target = f"{facts.classes} classes" if facts.classes else "a number"
    columns[2].metric("Target", target, help=f"Target column: {words.plain(facts.target_name)}")
    columns[3].metric("To train on", f"{facts.parts['train']:,}")
    held_out = [f"{facts.parts[part]:,}" for part in ("validation", "test") if facts.parts.get(part)]
    columns[4].metric("Validation · test", " · ".join(held_out) or "none")
    for note in facts.notes:
        st.caption(f":material/info: {words.plain(note)}")
    if facts.licence:
        st.caption(f"Source and licence: {words.plain(facts.licence)}")


def _problems(checked: Checked) -> None:
    for problem in checked.problems:
        if problem.field and problem.field.startswith("data"):
            st.error(words.plain(problem.message), icon=":material/error:")
