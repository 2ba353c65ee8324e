"""The Inspect page: what a run learned, where it is wrong, and what is inside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import state, words
from components.panels import answers, batch, final_test, header, inside, over_epochs, plane, run_files, try_it, warm_up
from core.data import DataFacts
from core.errors import EagerlyError
from core.spec import ModelSpec, Project
from core.store import Run

TITLE = "Inspect"
SECONDS = 2.0
"""How often a run that trains is looked at again; it writes its weights as often."""
_WEIGHTS = "The weights at the end, or those with the lowest validation loss"
STILL = ("Plane", "One batch", "Final test")
"""The plane follows by itself, a step that is taken apart must not change under the reader's eyes, a test waits."""
OF_ALL_WEIGHTS = ("Over epochs",)
OF_A_PART = ("Answers", "Columns")
"""What can be looked at for the rows of either part; the test part is the final test's alone."""


def render() -> None:
    header.render()
    run = state.run()
    left = run_files.weights(run) if run else ()
    if run is None or not left:
        _empty(run)
        return
    checked = state.services().checker.check(run.project)
    facts = checked.facts
    warm_up.render(checked)
    if not checked.complete and not checked.trouble:
        return  # nothing can be asked yet, and the views that fit the data would jump in later
    view, part, weights = _choices(run, left, _views(facts))
    follows = not run.is_over and view not in STILL
    if not _is_as_then(run.project, state.project()):
        st.caption(":material/history: The project was changed since. This is what the run trained, on its own data.")
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


def _is_as_then(then: Project, now: Project) -> bool:
    """Would a run of the project now train the same model on the same rows? Where layers stand changes nothing."""
    return then.data == now.data and _built(then.model) == _built(now.model)


def _built(model: ModelSpec) -> tuple[Any, ...]:
    nodes = [node.model_copy(update={"position": None}) for node in model.nodes]
    return nodes, [(block.nodes, block.repeat) for block in model.blocks], model.outputs


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
        "Final test": True,
    }
    return [name for name, fit in fits.items() if fit]


def _draw(view: str, run: Run, facts: DataFacts | None, part: str, weights: str) -> None:
    if view == "Plane" and facts:
        plane.render(run, facts, weights)
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
    elif view == "Final test":
        final_test.render(run, weights)
    else:
        answers.render(run, part, weights)


def _empty(run: Run | None) -> None:
    is_over = run is not None and run.is_over
    st.markdown("### Nothing to inspect" + ("" if is_over else " yet"), anchors=False)
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
    parts = ["train", "validation"] if run.project.data.validation_fraction > 0 else ["train"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{words.plain(run.name)}**", width="content")
        view = _one_of("View", views, views[0], key=f"inspect.view.{len(views)}")
        st.space("stretch")
        part = _one_of("Rows", parts, parts[-1], key="inspect.part") if view in OF_A_PART else parts[-1]
        weights = left[0]
        if view not in OF_ALL_WEIGHTS and len(left) > 1:
            weights = _one_of("Weights", left, left[0], key=f"inspect.weights.{len(left)}", help=_WEIGHTS)
    return view, part, weights


def _one_of(label: str, options: Sequence[str], default: str, *, key: str, help: str | None = None) -> str:
    chosen = st.segmented_control(
        label, list(options), default=default, required=True, key=key, label_visibility="collapsed", help=help
    )
    return str(chosen)
