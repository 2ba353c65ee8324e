"""The first rows: pictures, points, or a table."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from components import charts, pictures, state
from core.data import DataFacts, Preview
from core.errors import EagerlyError

IMAGE_WIDTH = 72


def render(facts: DataFacts) -> None:
    try:
        preview = _preview(state.project().data.model_dump_json())
    except EagerlyError as refused:
        st.caption(str(refused))
        return
    if preview.images:
        _images(preview)
    elif preview.points:
        st.plotly_chart(charts.points(preview.points, preview.class_names), key="points")
    elif facts.kind == "sequence" and facts.feature_shape[1:] == (1,):
        _series(preview, facts)
    else:
        table = pd.DataFrame(list(preview.rows), columns=list(preview.columns))
        st.dataframe(table, hide_index=True, height=460)
        st.caption(f"The first {len(table):,} of {preview.rows_in_all:,} rows")


def _series(preview: Preview, facts: DataFacts) -> None:
    """Each series as a line beside what is to be learned from it."""
    length = len(preview.columns) - len(facts.targets)
    table = pd.DataFrame([row[length:] for row in preview.rows], columns=list(preview.columns[length:]))
    table.insert(0, "series", [list(row[:length]) for row in preview.rows])
    shown = {"series": st.column_config.LineChartColumn("Series", width="large", color=charts.VALIDATION)}
    st.dataframe(table, hide_index=True, height=460, row_height=48, column_config=shown)
    first = f" The first {length} of {facts.feature_shape[0]} values." * bool(preview.columns_left_out)
    st.caption(f"The first {len(table):,} of {preview.rows_in_all:,} rows.{first}")


def _images(preview: Preview) -> None:
    with st.container(horizontal=True, gap="small"):
        for image in preview.images:
            st.image(pictures.enlarged(image["pixels"]), caption=str(image["label"]), width=IMAGE_WIDTH)
    st.caption(f"{len(preview.images)} of {preview.rows_in_all:,}, with their labels")


@st.cache_data(max_entries=64, show_spinner="Reading the data")
def _preview(data: str) -> Preview:
    """The kernel's answer; the data's part of the project is the key."""
    answer = state.services().engine.ask({"ask": "preview", "data": json.loads(data)}, timeout=30)
    return Preview.from_dict(answer["preview"])
