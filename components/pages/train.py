"""The Train page: compile and loop at the left, the curves in the middle, the code that runs below."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.live_chart.live_chart import live_chart
from components.panels import compile_form, header, lesson, loop_form, problem_list, running_code, tuning, warm_up
from core.store import Run

TITLE = "Train"


def render() -> None:
    checked = state.checked()
    with st.sidebar:
        compile_form.render(checked)
        loop_form.render()
    header.render()
    run = state.run()
    if checked.problems and (run is None or run.is_over):
        problem_list.render(checked.problems, scope="train")
    _chart(run)
    if run and not run.is_over:
        tuning.render(run)
    running_code.render(run)
    lesson.render()
    if not checked.complete:
        warm_up.render()


def _chart(run: Run | None) -> None:
    project = run.project if run else state.project()
    metrics = project.compile.metrics
    live_chart(
        run.id if run else None,
        key="live",
        epochs=project.training.epochs,
        metrics=[words.snake_case(metric.name) for metric in metrics] if isinstance(metrics, tuple) else [],
        status=run.status if run else "",
        ticket=run.ticket if run else 0,
    )
