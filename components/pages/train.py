"""The Train page: compile and loop at the left, the curves in the middle, the code that runs below."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.live_chart.live_chart import live_chart
from components.panels import (
    chosen,
    compile_form,
    header,
    health,
    lab,
    lesson,
    loop_form,
    plane,
    problem_list,
    running_code,
    tuning,
    warm_up,
)
from core.runner.checking import Checked
from core.spec import Choice, CompileSpec
from core.store import Run

TITLE = "Train"


def render() -> None:
    header.render()
    checked = state.checked()
    settings, result = st.columns([1, 3], gap="small")
    with settings, st.container(border=True, height="stretch", gap="xsmall", key="settings"):
        compile_form.render(checked)
        loop_form.render()
    with result:
        _result(state.run(), checked)
    warm_up.render(checked)


def _result(run: Run | None, checked: Checked) -> None:
    if checked.problems and (run is None or run.is_over):
        problem_list.render(checked.problems, scope="train", wide=True)
    _chart(run)
    watched = st.container()
    facts = state.services().checker.check(run.project).facts if run else None
    if run and facts and plane.can_be_drawn(facts):
        plane.render(run, facts, "last")
    if run and not run.is_over:
        tuning.render(run)
    if run:
        chosen.render(run)
    running_code.render(run)
    lesson.render()
    lab.render(checked.facts, can_train=not checked.problems)
    if run:
        with watched:  # last, because it may have to ask about the layers
            health.render(run)


def _chart(run: Run | None) -> None:
    project = run.project if run else state.project()
    live_chart(
        run.id if run else None,
        key="live",
        epochs=project.training.epochs,
        metrics=_metrics(project.compile),
        status=run.status if run else "",
        ticket=run.ticket if run else 0,
    )


def _metrics(spec: CompileSpec) -> list[str]:
    """How Keras names them in its logs; those of several outputs carry the output's name."""
    if isinstance(spec.metrics, tuple):
        return [_in_logs(metric) for metric in spec.metrics]
    return [f"{output}_{_in_logs(metric)}" for output, metrics in spec.metrics.items() for metric in metrics]


def _in_logs(metric: Choice) -> str:
    return words.snake_case(metric.name)
