"""Try a run's model: fill in a row, or draw one, and see at once what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import answers, words
from components.drawing_pad.drawing_pad import drawing_pad
from components.panels.asked import ask
from core.data import Column, DataFacts
from core.store import Run


def can_be_tried(facts: DataFacts) -> bool:
    """Is a row something that a person can enter?"""
    return bool(facts.columns) or _is_drawable(facts)


def _is_drawable(facts: DataFacts) -> bool:
    shape = facts.feature_shape
    return facts.kind == "image" and len(shape) == 3 and shape[-1] == 1 and max(shape) <= 64


def render(run: Run, facts: DataFacts, weights: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        row = _drawn(facts) if _is_drawable(facts) else _typed(facts)
    with right:
        if row is None:
            st.caption("Draw something, and the model says what it is.")
            return
        said = ask("predict", run, rows=[row], weights=weights)["answers"][0]
        for one in said.get("outputs", [said]):
            _said(one)


def _drawn(facts: DataFacts) -> list[Any] | None:
    rows, columns = facts.feature_shape[:2]
    pixels = drawing_pad(rows, columns, key="try.pad")
    return None if pixels is None else [[[value] for value in line] for line in pixels]


def _typed(facts: DataFacts) -> Any:
    """A table takes a row by its columns' names, points and other numbers take a list."""
    with st.container(height=520, border=False):
        values = {column.name: _field(column) for column in facts.columns}
    return values if facts.kind == "table" else list(values.values())


def _field(column: Column) -> Any:
    key = f"try.{column.name}"
    if column.kind == "category":
        options = list(column.categories)
        first = options.index(str(column.typical)) if str(column.typical) in options else 0
        return st.selectbox(column.name, options, index=first, key=key)
    if column.kind == "date":
        return st.text_input(column.name, str(column.typical or ""), key=key, help="Such as 2026-11-28.")
    low, high = column.low, column.high
    start = float(column.typical) if isinstance(column.typical, int | float) else 0.0
    if low is None or high is None or not low < high:
        return st.number_input(column.name, value=start, key=key)
    return st.slider(column.name, float(low), float(high), min(max(start, low), high), key=key)


def _said(answer: Mapping[str, Any]) -> None:
    if "class" in answer:
        st.metric(words.plain(str(answer["output"])), answer["class"], help="The most likely class")
        shares = answer["probabilities"]
        st.plotly_chart(
            answers.bars(list(shares), list(shares.values()), "probability"), key=f"said.{answer['output']}"
        )
    elif isinstance(answer["value"], int | float):
        st.metric(words.plain(str(answer["output"])), words.metric(answer["value"]))
    else:
        st.json(answer["value"], expanded=False)
