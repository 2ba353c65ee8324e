"""The code of the run: plain Keras, as the exported script has it."""

from __future__ import annotations

import streamlit as st

from components import state
from core.exporting import python
from core.store import Run


def render(run: Run | None) -> None:
    """The code of the run that is shown, or of the project as it would run now."""
    project = run.project if run and not run.is_over else state.project()
    facts = state.checked().facts
    if facts is None:
        return
    with st.expander("The code that is running" if run and not run.is_over else "The code that Train will run"):
        parts = python.sections(project, facts)
        st.code(f"{parts.compile}\n\n{parts.training}", language="python")
