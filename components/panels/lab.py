"""Compare executions: eight short runs of the same network, their curves on each other, their speeds side by side."""

from __future__ import annotations

import array

import streamlit as st

from components import answers, state, words
from core import lab
from core.data import DataFacts
from core.errors import EagerlyError
from core.store import Run


def render(facts: DataFacts | None, *, can_train: bool) -> None:
    """The button, and what the last comparison of this project has found so far."""
    st.markdown("#### Eager, graph, XLA: what it changes", anchors=False)
    st.caption(
        "The same network on the same batches, by both loops and four executions, one after the other: "
        "equal numbers, unequal speed."
    )
    st.button(
        "Compare executions",
        icon=":material/speed:",
        key="lab.start",
        disabled=not can_train or facts is None or _is_at_work(_runs()),
        on_click=_start,
        args=(facts.parts["train"] if facts else 0,),
        help="Trains eight short runs of the model as it is; they wait in the queue like every other run",
    )
    found = _runs()
    if not found:
        return
    if _is_at_work(found):
        _growing()
    else:
        _results(found)


def _runs() -> dict[str, Run]:
    return lab.newest(state.services().store.runs(state.current().stored.id))


def _is_at_work(runs: dict[str, Run]) -> bool:
    return any(not run.is_over for run in runs.values())


def _start(rows: int) -> None:
    services, project_id = state.services(), state.current().stored.id
    try:
        for variant in lab.VARIANTS:
            run = services.train(project_id, lab.project_of(state.project(), variant, rows))
            services.store.rename_run(run.id, variant.run_name)
    except EagerlyError as refused:
        state.current().notices.append(str(refused))


@st.fragment(run_every=1.0)
def _growing() -> None:
    """Drawn each second while the runs work; then the page once more, to have its button back."""
    found = _runs()
    _results(found)
    if not _is_at_work(found):
        st.rerun()


def _results(runs: dict[str, Run]) -> None:
    done = {name: run for name, run in runs.items() if run.is_over and run.steps}
    left = sum(not run.is_over for run in runs.values())
    if left:
        st.progress((len(runs) - left) / len(runs), text=f"{len(runs) - left} of {len(runs)} runs are done")
    for run in runs.values():
        if run.status == "failed":
            st.caption(f"{words.plain(run.name)}: {words.plain(run.message)}")
    if not done:
        return
    curves = {name: _losses(run.id, run.steps) for name, run in done.items()}
    speeds = {name: _speed(run) for name, run in done.items()}
    left_side, right_side = st.columns(2, gap="medium")
    with left_side:
        st.plotly_chart(answers.speeds(speeds), key="lab.speeds")
    with right_side:
        st.plotly_chart(answers.overlaid({name: list(values) for name, values in curves.items()}), key="lab.curves")
    difference = lab.largest_difference(curves)
    if difference is not None:
        steps = min(map(len, curves.values()))
        st.markdown(f"Largest difference between two of them, at any of {steps:,} steps: **{difference:.1e}**.")
        if difference > 1e-3:
            st.caption("Layers that draw random numbers, such as Dropout, draw others in another execution.")
    for execution in lab.EXECUTIONS:
        st.caption(f"**{execution.name}** {execution.sentence}{_traces(done, execution.name)}")


def _traces(done: dict[str, Run], execution: str) -> str:
    """How often Python went through the step in the runs of this execution."""
    views = {name: state.services().progress.view(run.id) for name, run in done.items() if name.endswith(execution)}
    counts = {name.partition(" ")[0]: view.traces for name, view in views.items() if view.traces}
    if not counts:
        return ""
    said = ", ".join(f"{loop} {count:,}" for loop, count in counts.items())
    return f" Traces, or how often Python went through the step: {said}."


@st.cache_data(max_entries=64, show_spinner=False)
def _losses(run_id: str, steps: int) -> array.array[float]:
    """`steps` tells a run that went on from what it was."""
    return lab.losses(state.services().store, run_id)


def _speed(run: Run) -> float:
    """Steps per second of the fastest epoch: the first one also traces and compiles."""
    view = state.services().progress.view(run.id)
    return max([epoch.steps_per_second for epoch in view.history], default=view.steps_per_second)
