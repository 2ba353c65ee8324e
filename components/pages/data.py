"""The Data page: choose the rows, look at them, and split them."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import data_form, data_preview, header, warm_up
from core.data import DataFacts
from core.runner.checking import Checked

TITLE = "Data"


def render() -> None:
    with st.sidebar:
        data_form.render()
    header.render()
    checked = state.checked()
    if checked.facts:
        _card(checked.facts)
        data_preview.render(checked.facts)
    elif checked.complete:
        _problems(checked)
    else:
        warm_up.render()


def _card(facts: DataFacts) -> None:
    st.markdown(f"### {words.plain(facts.title)}")
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
