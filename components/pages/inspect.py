"""The Inspect page: what a run learned, and where it is wrong."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, pictures, state, words
from components.panels import header
from core import document
from core.errors import EagerlyError
from core.store import Run

TITLE = "Inspect"


def render() -> None:
    header.render()
    run = state.run()
    if run is None or (not run.steps and not run.is_over):
        _empty()
        return
    part, weights = _choices(run)
    try:
        found = _examine(run, part, weights)
    except EagerlyError as refused:
        st.error(words.plain(str(refused)), icon=":material/error:")
        return
    if found["task"] == "regression":
        _regression(found)
    else:
        _classification(found)


def _empty() -> None:
    st.markdown("### Nothing to inspect yet")
    st.caption("Press **Train**. After the first epoch this page shows what the model gets right and wrong.")


def _choices(run: Run) -> tuple[str, str]:
    data = run.project.data
    parts = ["train"] + ["validation"] * (data.validation_fraction > 0) + ["test"] * (data.test_fraction > 0)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {words.plain(run.name)}")
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
            ["last", "best"],
            default="last",
            required=True,
            key="inspect.weights",
            label_visibility="collapsed",
            help="The weights at the end, or those with the lowest validation loss",
        )
    return str(part), str(weights)


def _examine(run: Run, part: str, weights: str) -> dict[str, Any]:
    with st.spinner("Predicting"):
        return _answer(run.id, part, weights, run.steps if run.is_over else -1)


@st.cache_data(max_entries=32, show_spinner=False, ttl=3600)
def _answer(run_id: str, part: str, weights: str, steps: int) -> dict[str, Any]:
    """The kernel's answer; `steps` tells a continued run from what it was before."""
    run = state.services().store.run(run_id)
    question = {
        "ask": "examine",
        "project": document.to_dict(run.project),
        "folder": run.folder,
        "part": part,
        "weights": weights,
    }
    return state.services().engine.ask(question, timeout=60)


def _classification(found: dict[str, Any]) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.plotly_chart(charts.confusion(found["confusion"], found["class_names"]), key="confusion")
    with right:
        st.metric("Accuracy", f"{found['accuracy']:.1%}", help=f"Of {found['examined']:,} rows")
        table = pd.DataFrame(found["per_class"])
        st.dataframe(table, hide_index=True, column_config=_columns(table))
    _wrong(found)


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    rates = {name: st.column_config.NumberColumn(format="%.3f") for name in ("precision", "recall", "f1")}
    return {name: config for name, config in rates.items() if name in table}


def _wrong(found: dict[str, Any]) -> None:
    examples = found["wrong"]
    st.markdown("#### Most confident mistakes")
    if not examples:
        st.caption("None: every row of this part is right.")
        return
    if "image" in examples[0]:
        with st.container(horizontal=True, gap="small"):
            for example in examples:
                pixels = pictures.enlarged(example["image"])
                caption = f"{example['true']} → {example['predicted']} · {example['probability']:.0%}"
                st.image(pixels, caption=caption, width=88)
    else:
        st.dataframe(pd.DataFrame([_flat(example) for example in examples]), hide_index=True)


def _flat(example: dict[str, Any]) -> dict[str, Any]:
    """One line of the table: what was said of the row, then the row."""
    said = {name: value for name, value in example.items() if name not in ("features", "image")}
    return {**said, **example.get("features", {})}


def _regression(found: dict[str, Any]) -> None:
    columns = st.columns(3)
    columns[0].metric("Mean absolute error", words.metric(found["mae"]))
    columns[1].metric("Root mean squared error", words.metric(found["rmse"]))
    columns[2].metric("R²", words.metric(found["r2"]), help="1 is perfect; 0 is as good as always saying the mean")
    st.plotly_chart(charts.predicted_against_true(found["true"], found["predicted"]), key="regression")
    st.markdown("#### Worst rows")
    st.dataframe(pd.DataFrame([_flat(example) for example in found["worst"]]), hide_index=True)
