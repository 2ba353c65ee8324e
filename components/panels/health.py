"""What the curves and the layers show that a teacher would point at, with the next action as a button."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from components import state, words
from components.panels import run_files
from components.panels.asked import ask_quietly
from core import health
from core.errors import EagerlyError
from core.problems import Fix
from core.store import Run

SECONDS = 3.0
"""How often a run that trains is looked at."""


def render(run: Run) -> None:
    if run.is_over:
        _finding(run)
    else:
        _watch(run)


@st.fragment(run_every=SECONDS)
def _watch(run: Run) -> None:
    _finding(run)


def _finding(run: Run) -> None:
    found = health.finding(run.project, state.services().progress.view(run.id), _inside(run))
    if found is None:
        return
    with st.container(border=True, key="health"):
        st.markdown(f":orange[:material/ecg_heart:] **{words.plain(found.seen)}** {words.plain(found.why)}")
        with st.container(horizontal=True):
            for place, fix in enumerate(found.fixes):
                key = state.key("health", found.kind, str(place))
                st.button(
                    words.plain(fix.label),
                    key=key,
                    icon=":material/healing:",
                    on_click=_apply,
                    args=(fix,),
                    help="Changes the project; press Train for a run with it",
                )


def _inside(run: Run) -> health.Inside | None:
    """Its layers, if a kernel is free to look at them; the curves alone say much already."""
    if not run_files.weights(run) or not state.services().engine.is_warm:
        return None
    with suppress(EagerlyError):
        return health.from_answer(ask_quietly("trail", run, latest=True))
    return None


def _apply(fix: Fix) -> None:
    state.edit(*fix.edits)
