"""The code of the run: plain Keras, as the exported script has it."""

from __future__ import annotations

import streamlit as st

from components import state
from components.panels import chosen
from core.errors import ExportError
from core.exporting import python
from core.store import Run


def render(run: Run | None) -> None:
    """The code of the run while it runs, else of the project as it would run now."""
    runs_now = run is not None and not run.is_over
    project = chosen.as_it_runs(run) if run and runs_now else state.project()
    facts = state.services().checker.check(project).facts
    if facts is None:
        return
    try:
        parts = python.sections(project, facts)
    except ExportError:
        return  # the problems above say why
    st.markdown("#### The code that is running" if runs_now else "#### The code that Train will run", anchors=False)
    st.code(f"{parts.compile.strip()}\n\n{parts.training.strip()}", language="python")
