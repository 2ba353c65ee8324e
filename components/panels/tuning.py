"""Changes the learning rate of a run while it runs."""

from __future__ import annotations

import streamlit as st

from components import state
from core.store import Run


def render(run: Run) -> None:
    field = f"rate.{run.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Learning rate of this run",
            min_value=0.0,
            value=None,
            format="%g",
            step=0.0001,
            key=field,
            placeholder="as it is",
            on_change=_set,
            args=(run.id, field),
            width=220,
            help="Takes effect at the next batch. The project keeps its own learning rate.",
        )


def _set(run_id: str, field: str) -> None:
    rate = state.value(field)
    if rate:
        state.services().store.send(run_id, f"learning_rate={rate!r}")
