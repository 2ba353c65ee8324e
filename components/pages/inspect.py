"""The Inspect page: what a run learned, where it is wrong, and what is inside it."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import answers, batch, header, inside, over_epochs, plane, run_files, try_it, warm_up
from core.data import DataFacts
from core.errors import EagerlyError
from core.store import Run

TITLE = "Inspect"
SECONDS = 2.0
"""How often a run that trains is looked at again; it writes its weights as often."""
STILL = ("Plane", "One batch")
"""The plane follows by itself, and a step that is being taken apart must not change under the reader's eyes."""


def render() -> None:
    header.render()
    run = state.run()
    left = run_files.weights(run) if run else ()
    if run is None or not left:
        _empty(run)
        return
    facts = state.services().checker.check(run.project).facts
    if facts is None:
        warm_up.render()
    view, part, weights = _choices(run, left, _views(facts))
    follows = not run.is_over and view not in STILL
    st.fragment(_view, run_every=SECONDS if follows else None)(view, facts, part, weights)


def _view(view: str, facts: DataFacts | None, part: str, weights: str) -> None:
    """What was chosen; of a run that trains, as its newest checkpoint has it."""
    run = state.run()
    if run is None:
        return
    if not run.is_over and view not in STILL:
        st.caption(":material/sync: Training goes on; this follows its newest checkpoint.")
    try:
        _draw(view, run, facts, part, weights)
    except EagerlyError as refused:
        st.error(words.plain(str(refused)), icon=":material/error:")


def _views(facts: DataFacts | None) -> list[str]:
    """What can be looked at."""
    fits = {
        "Plane": plane.can_be_drawn(facts),
        "Answers": True,
        "Try it": facts is not None and try_it.can_be_tried(facts),
        "Columns": facts is not None and facts.kind == "table",
        "Over epochs": True,
        "Weights": True,
        "One row": True,
        "One batch": True,
    }
    return [name for name, fit in fits.items() if fit]


def _draw(view: str, run: Run, facts: DataFacts | None, part: str, weights: str) -> None:
    if view == "Plane":
        plane.render(run, weights)
    elif view == "Try it" and facts:
        try_it.render(run, facts, weights)
    elif view == "Columns":
        inside.columns(run, part, weights)
    elif view == "Weights":
        inside.weights(run, weights)
    elif view == "Over epochs":
        over_epochs.render(run)
    elif view == "One batch":
        batch.render(run, weights)
    elif view == "One row":
        inside.row(run, weights)
    else:
        answers.render(run, part, weights)


def _empty(run: Run | None) -> None:
    st.markdown("### Nothing to inspect yet", anchors=False)
    if run is None:
        st.caption("Press **Train**. After the first epoch this page shows what the model gets right and wrong.")
    elif run.is_over:
        st.caption(f"{words.plain(run.name)} ended before it had any weights to keep. Press **Train** for another run.")
        if run.message:
            st.caption(words.plain(run.message))
    else:
        st.caption(f"{words.plain(run.name)} is in its first epoch. After it this page shows what is right and wrong.")
        _look_again(run)


@st.fragment(run_every=1.0)
def _look_again(run: Run) -> None:
    """The page draws itself as soon as there is something to see."""
    if run_files.weights(run) or state.services().store.run(run.id).is_over:
        st.rerun()


def _choices(run: Run, left: tuple[str, ...], views: list[str]) -> tuple[str, str, str]:
    data = run.project.data
    parts = ["train"] + ["validation"] * (data.validation_fraction > 0) + ["test"] * (data.test_fraction > 0)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {words.plain(run.name)}", width="content", anchors=False)
        view = st.segmented_control(
            "View",
            views,
            default=views[0],
            required=True,
            key=f"inspect.view.{len(views)}",
            label_visibility="collapsed",
        )
        st.space("stretch")
        part = st.segmented_control(
            "Rows",
            parts,
            default="validation" if "validation" in parts else "train",
            required=True,
            key="inspect.part",
            label_visibility="collapsed",
        )
        weights = st.segmented_control(
            "Weights",
            list(left),
            default=left[0],
            required=True,
            key=f"inspect.weights.{len(left)}",
            label_visibility="collapsed",
            help="The weights at the end, or those with the lowest validation loss",
        )
    return str(view), str(part), str(weights)
