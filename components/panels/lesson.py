"""What `compile()` means here, in three sentences."""

from __future__ import annotations

import streamlit as st

from components import state
from components.panels.loop_form import execution_of

STEP = {
    "eager": "With `run_eagerly=True` Python runs every operation of every batch itself, as a debugger would see it.",
    "graph": "At the first batch `tf.function` traces the step into a graph; every later batch is one call of it.",
    "multi": "At the first call `tf.function` traces a loop over many batches into one graph, so Python is asked less.",
    "XLA": "At the first call XLA translates the traced graph into machine code for this processor.",
}


def render() -> None:
    project = state.project()
    execution = execution_of(project.compile)
    loop = (
        "`fit` then runs the epochs, and calls metrics and callbacks between the batches, in plain Python."
        if project.training.loop == "fit"
        else "The custom loop runs the epochs in plain Python; only what `@tf.function` wraps becomes a graph."
    )
    with st.expander("What compile() does here", icon=":material/school:"):
        st.markdown(
            "`compile()` computes nothing: it stores the optimizer, the loss and the metrics, "
            f"and how a step shall run. {STEP['graph' if execution == 'auto' else execution]} {loop}"
        )
