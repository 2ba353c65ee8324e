"""The Model page: add layers, order them, see their shapes, repair what is wrong."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import header, layer_cards, layer_form, palette, problem_list, warm_up
from core.runner.checking import Checked

TITLE = "Model"


def render() -> None:
    with st.sidebar:
        palette.render()
    _work()


@st.fragment
def _work() -> None:
    """A fragment, so that an edit does not draw the palette's hundred buttons again."""
    header.render()
    checked = state.checked()
    graph, panel = st.columns([5, 3], gap="medium")
    with graph:
        layer_cards.render(state.project().model, checked)
        _totals(checked)
    with panel:
        layer_form.render(checked)
        problem_list.render(checked.problems, scope="model")
    if not checked.complete:
        warm_up.render()


def _totals(checked: Checked) -> None:
    frozen = (checked.parameters or 0) - (checked.trainable_parameters or 0)
    numbers = [
        ("Parameters", words.count(checked.parameters)),
        ("Trainable", words.count(checked.trainable_parameters)),
        ("Compute", f"{words.flops(checked.flops)} / example"),
        ("Weights", "–" if checked.parameters is None else f"{checked.parameters * 4 / 2**20:.2f} MB"),
    ]
    line = " ".join(f":gray[{name}] **{value}** &emsp;" for name, value in numbers)
    st.markdown(line + (f" :gray[Frozen] **{frozen:,}**" if frozen else ""))
