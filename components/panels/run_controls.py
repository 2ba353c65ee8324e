"""Train, and while a run is on: pause, step, one epoch, stop."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import run_files
from core.errors import RunError
from core.events import DIVERGED
from core.store import Run


def render() -> None:
    """The buttons in the page's corner; which ones depends on the run that this tab looks at."""
    run = state.run()
    if run is None or run.is_over:
        _train_button(run)
    elif run.status in ("queued", "starting"):
        _waiting(run)
    else:
        _running(run)


def _train_button(run: Run | None) -> None:
    checked = state.checked()
    count = len(checked.problems)
    if run and _can_go_on(run):
        st.button(
            "Continue",
            icon=":material/fast_forward:",
            key="continue",
            on_click=state.continue_run,
            args=(run.id,),
            help="Train the same run for as many epochs again, from the weights that it saved last",
        )
    if st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        key="train",
        disabled=count > 0,
        help=f"{count} to repair first: see the problems" if count else "Train the model as it stands (Ctrl+Enter)",
        shortcut="Ctrl+Enter",
    ):
        _train()


def _can_go_on(run: Run) -> bool:
    """The steps that made the loss no number would come again, and do the same."""
    return bool(run_files.weights(run)) and not run.message.startswith(DIVERGED)


def _train() -> None:
    try:
        state.train()
    except RunError as refused:
        st.toast(words.plain(str(refused)), icon=":material/error:", duration="infinite")
        return
    state.go("Train")


@st.fragment(run_every=1.0)
def _waiting(run: Run) -> None:
    """The place in the queue moves up by itself.

    It never reruns the page: that would take back the click of somebody who is just going to another one.
    """
    now = state.run() or run
    place = state.services().runner.position(run.id)
    waits = {"starting": "Starting", "queued": f"Waiting · place {place}" if place else "Waiting"}
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        st.badge(waits.get(now.status, now.status.capitalize()), icon=":material/hourglass_top:", color="gray")
        _stop(run)


def _running(run: Run) -> None:
    if run.status == "paused":
        _word("Resume", "resume", ":material/play_arrow:", run, "Go on training")
        _word("Step", "step", ":material/skip_next:", run, "Train one batch, then pause")
        _word("Epoch", "epoch", ":material/redo:", run, "Train one epoch, then pause")
    else:
        _word("Pause", "pause", ":material/pause:", run, "Wait before the next batch")
    _stop(run)


def _word(label: str, word: str, icon: str, run: Run, explanation: str) -> None:
    st.button(label, icon=icon, key=f"word.{word}", on_click=_send, args=(run.id, word), help=explanation)


def _stop(run: Run) -> None:
    st.button(
        "Stop",
        icon=":material/stop:",
        type="primary",
        key="stop",
        on_click=_cancel,
        args=(run.id,),
        help="End this run and keep its weights",
    )


def _send(run_id: str, word: str) -> None:
    state.services().store.send(run_id, word)


def _cancel(run_id: str) -> None:
    state.services().runner.cancel(run_id)
