"""The first rows: pictures, points, or a table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, pictures, words
from core.data import DataFacts, Preview

IMAGE_WIDTH = 72


def render(facts: DataFacts, preview: Preview) -> None:
    if preview.images:
        _images(preview)
    elif preview.points:
        st.plotly_chart(charts.points(preview.points, preview.class_names, preview.columns), key="points")
    elif facts.kind == "sequence" and facts.header:
        _windows(preview, facts)
    elif facts.kind == "sequence" and facts.feature_shape[1:] == (1,):
        _series(preview, facts)
    else:
        table = pd.DataFrame(list(preview.rows), columns=list(preview.columns))
        st.dataframe(table, hide_index=True, height=460, placeholder="–")
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


def _windows(preview: Preview, facts: DataFacts) -> None:
    """Each column's values in a window as a line, or as a list if they are no numbers, beside the target."""
    count = len(preview.columns) - len(facts.targets)
    names = [*preview.columns[:count], *(f"{name} to forecast" for name in preview.columns[count:])]
    numbers = [column.name for column in facts.columns if column.kind == "number"]
    lines = {name: st.column_config.LineChartColumn(name, width=150, color=charts.VALIDATION) for name in numbers}
    table = pd.DataFrame([list(map(_listed, row)) for row in preview.rows], columns=names)
    for name in lines:
        table[name] = table[name].map(_without_gaps)
    words = {name: st.column_config.ListColumn(name, width=150) for name in names[:count] if name not in lines}
    st.dataframe(table, hide_index=True, height=460, row_height=48, column_config=lines | words)
    more = f" {preview.columns_left_out} more columns are not shown." * bool(preview.columns_left_out)
    st.caption(f"The first {len(table):,} of {preview.rows_in_all:,} windows of {facts.feature_shape[0]} rows.{more}")


def _without_gaps(values: Any) -> list[float]:
    """A gap shows the value beside it: a line with a gap would be drawn as words."""
    return pd.Series(values, dtype="float64").ffill().bfill().fillna(0).tolist()


def _listed(cell: Any) -> Any:
    return list(cell) if isinstance(cell, list | tuple) else cell


def _images(preview: Preview) -> None:
    with st.container(horizontal=True, gap="small"):
        for image in preview.images:
            st.image(pictures.enlarged(image["pixels"]), caption=words.plain(str(image["label"])), width=IMAGE_WIDTH)
    st.caption(f"{len(preview.images)} of {preview.rows_in_all:,}, with their labels")
