"""Whether the words of one column are learned from, and how many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import state
from core.edits import Set
from core.spec import TableData, TextChoice


def render(data: TableData, columns: Sequence[str], texts: Sequence[str]) -> None:
    """`texts` are the columns that hold some: the first of them is taken; without one there is nothing to switch."""
    candidates = [name for name in texts if name != data.target]
    if not candidates and data.text is None:
        return
    key = state.key("data", "text")
    st.toggle(
        "Learn from the words of a text",
        value=data.text is not None,
        key=key,
        on_change=lambda: _switch(candidates[0] if state.value(key) and candidates else None),
        help="One column of texts is the only feature; each of its words becomes a number for an Embedding layer.",
    )
    if data.text is None:
        return
    options = list(dict.fromkeys([*(name for name in columns if name != data.target), data.text.column]))
    chosen = state.key("data", "text", "column")
    st.selectbox(
        "Text column",
        options,
        index=options.index(data.text.column),
        key=chosen,
        on_change=lambda: _set("column", state.value(chosen)),
    )
    _number(
        "Vocabulary",
        "max_tokens",
        data.text.max_tokens,
        10,
        10_000,
        "So many are told apart, the most frequent.",
    )
    _number("Words per text", "output_sequence_length", data.text.output_sequence_length, 1, 2000, "The rest is cut.")


def _switch(column: str | None) -> None:
    new = TextChoice(column=column).model_dump(mode="json") if column else None
    state.edit(Set(path="data.text", value=new))


def _number(label: str, name: str, value: int, low: int, high: int, explanation: str) -> None:
    key = state.key("data", "text", name)
    st.number_input(
        label,
        low,
        high,
        value,
        key=key,
        on_change=lambda: _set(name, state.value(key), by_field=True),
        help=explanation,
    )


def _set(name: str, value: Any, by_field: bool = False) -> None:
    state.edit(Set(path=f"data.text.{name}", value=value), by_field=by_field)
