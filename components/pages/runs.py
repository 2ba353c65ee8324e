"""The Runs page: every run of this project, its settings and its scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components import charts, state, words
from components.panels import header
from core.spec import Choice
from core.store import Run

TITLE = "Runs"
MOST_CURVES = 8


def render() -> None:
    header.render()
    runs = state.services().store.runs(state.current().stored.id)
    if not runs:
        st.markdown("### No runs yet", anchors=False)
        st.caption("Press **Train**. Every run is kept here, with its settings, its curve and its weights.")
        return
    st.markdown("### Runs", anchors=False)
    tested = state.services().store.final_scores(state.current().stored.id)
    chosen = st.dataframe(
        pd.DataFrame([_row(run, tested.get(run.id, {})) for run in runs]),
        hide_index=True,
        key=state.key("runs", str(len(runs))),
        on_select="rerun",
        selection_mode="multi-row",
        column_config=_columns(),
    )
    selected = [runs[row] for row in chosen.selection.rows if row < len(runs)]
    if len(selected) == 1:
        _chosen(selected[0])
    else:
        st.caption("Select a run to open, rename, restore or delete it; select several to compare their curves.")
    _curves(selected or runs[:MOST_CURVES])


def _curves(runs: list[Run]) -> None:
    """The runs' losses by epoch, on each other."""
    views = {run.name: state.services().progress.view(run.id) for run in runs}
    metric = "val_loss" if all("val_loss" in view.metrics for view in views.values()) else "loss"
    histories = {
        name: {epoch.epoch + 1: epoch.metrics for epoch in view.history} for name, view in views.items() if view.history
    }
    if histories:
        st.markdown(f"#### {metric} by epoch", anchors=False)
        st.plotly_chart(charts.comparison(histories, metric), key="comparison")


def _row(run: Run, tested: Mapping[str, float]) -> dict[str, Any]:
    """`tested` has the score of the final test, if it was taken."""
    project = run.project
    loss = project.compile.loss
    return {
        "name": run.name,
        "status": run.status,
        **{words.metric_name(name): score for name, score in run.metrics.items() if name != "learning_rate"},
        **{f"test {name}": score for name, score in tested.items()},
        "steps": run.steps,
        "optimizer": project.compile.optimizer.name,
        "learning rate": str(project.compile.optimizer.params.get("learning_rate", "default")),
        "loss function": loss.name if isinstance(loss, Choice) else "several",
        "loop": project.training.loop,
        "execution": run.execution,
        "layers": len(project.model.nodes),
        "epochs": project.training.epochs,
        "batch size": project.training.batch_size,
        "took": _took(run),
        "created": pd.Timestamp(run.created, unit="s"),
    }


def _took(run: Run) -> str:
    """How long it trained; one that failed or was stopped before that has not begun."""
    if run.started and run.ended:
        return words.duration(run.ended - run.started)
    return "not begun" if run.is_over else "–"


def _columns() -> dict[str, Any]:
    return {
        "created": st.column_config.DatetimeColumn(format="distance"),
        "steps": st.column_config.NumberColumn(format="localized"),
    }


def _chosen(run: Run) -> None:
    if run.message:
        st.caption(words.plain(run.message))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        field = f"run.name.{run.id}"
        st.text_input("Name", run.name, key=field, on_change=_rename, args=(run.id, field), width=260, max_chars=120)
        if st.button("Open", icon=":material/show_chart:", type="primary", key="run.open"):
            state.look_at(run.id)
            state.go("Train")
        st.button(
            "Restore its settings",
            icon=":material/settings_backup_restore:",
            key="run.restore",
            on_click=_restore,
            args=(run,),
            help="Make the project what it was when this run was trained. Undo takes it back.",
        )
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown("Its curve and its weights go for good.")
            st.button("Delete this run", type="primary", key="run.delete", on_click=_delete, args=(run.id,))


def _rename(run_id: str, field: str) -> None:
    name = state.value(field).strip()
    if name:
        state.services().store.rename_run(run_id, name)


def _restore(run: Run) -> None:
    state.become(run.project)


def _delete(run_id: str) -> None:
    state.services().runner.cancel(run_id)
    state.services().store.delete_run(run_id)
    if state.current().run_id == run_id:
        state.look_at(None)
