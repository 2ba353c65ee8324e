"""The Model page: the graph of layers on a canvas or as a list, and the panel of what is selected."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import state
from components.canvas import canvas
from components.panels import header, layer_cards, layer_panel, palette, problem_list, start, totals, warm_up
from core.runner.checking import Checked

TITLE = "Model"
CANVAS, LIST = "Canvas", "List"
VIEW = "model.view"
HEIGHT = 768
"""Of what stands beside the layers, in pixels: it scrolls by itself, so that the layers stay in sight."""
CARDS_HEIGHT = HEIGHT - 40


def render() -> None:
    view = _view()
    if view == CANVAS:
        _work(view)
        return
    top = st.container()
    layers, cards, panel = st.columns([2, 6, 3.4], gap="small")
    with layers, st.container(border=True, height=HEIGHT, gap="small", key="palette"):
        palette.render()
    _work(view, (top, cards, panel))


def _view() -> str:
    """What this tab has chosen, on this page or before."""
    try:
        return str(state.value(VIEW))
    except KeyError:
        return CANVAS


@st.fragment
def _work(view: str, places: tuple[DeltaGenerator, ...] = ()) -> None:
    """A fragment, so that an edit does not draw the palette's hundred buttons again.

    `places`: where the header, the layers and the panel go; without them one below and beside the other.
    """
    top, layers, panel = places or (st.container(), *st.columns([3, 1], gap="small"))
    checked = state.checked()
    with top:
        header.render(view=_choose_view, has_undo=view == LIST)
    if _view() != view:
        st.rerun()
    with layers:
        if view == CANVAS:
            canvas.render(checked, key="canvas")
        else:
            _list(checked)
    with panel, st.container(border=True, height=HEIGHT, gap="small", key="panel"):
        _panel(checked, has_keys=view == CANVAS)
        warm_up.render(checked)


def _choose_view() -> None:
    st.segmented_control(
        "View",
        [CANVAS, LIST],
        default=CANVAS,
        required=True,
        key=VIEW,
        persist_state="session",
        label_visibility="collapsed",
        help="Two views of the same layers",
    )


def _list(checked: Checked) -> None:
    with st.container(border=False, height=CARDS_HEIGHT, key="cards"):
        layer_cards.render(state.project().model, checked)
    totals.render(checked)


def _panel(checked: Checked, *, has_keys: bool) -> None:
    if not state.project().model.nodes:
        start.empty_model(checked.facts)
    else:
        layer_panel.render(checked, has_keys=has_keys)
    problem_list.render(checked.problems, scope="model")
