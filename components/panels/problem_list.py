"""What is wrong with the project, each with its repair."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import state, words
from core.problems import Fix, Problem


def render(problems: Sequence[Problem], *, scope: str) -> None:
    """`scope` keeps the buttons' keys apart where a page shows two lists."""
    fixes = [problem.fix for problem in problems if problem.fix]
    if len(fixes) > 1:
        st.button(
            f"Repair all {len(fixes)}",
            key=state.key("fix", scope, "all"),
            icon=":material/build:",
            on_click=_repair,
            args=fixes,
            help="Make every repair that is offered below. Undo takes them back.",
        )
    for index, problem in enumerate(problems):
        with st.container(border=True, gap="xsmall", key=f"problem-{scope}-{index}"):
            _problem(problem, state.key("fix", scope, str(index)))


def _problem(problem: Problem, key: str) -> None:
    st.markdown(f":red[:material/error:] {words.plain(problem.message)}")
    if problem.fix:
        st.button(problem.fix.label, key=key, icon=":material/build:", on_click=_repair, args=(problem.fix,))
    if problem.details:
        with st.expander("Keras's own words"):
            st.code(problem.details, language=None, wrap_lines=True)


def _repair(*fixes: Fix) -> None:
    """All or none."""
    state.edit(*(edit for fix in fixes for edit in fix.edits))
