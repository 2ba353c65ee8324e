"""Whether the rows of a table are a series in order, and how it is cut into windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import state
from core.edits import Set
from core.spec import TableData, WindowsChoice

_NOTHING = ""
MOST = 1000


def render(data: TableData, columns: Sequence[str], dates: Sequence[str]) -> None:
    """`dates` are the columns that hold some: the first of them orders the rows."""
    key = state.key("data", "windows")
    first = next((name for name in dates if name != data.target), None)
    st.toggle(
        "Rows are a series in time",
        value=data.windows is not None,
        key=key,
        on_change=lambda: _switch(bool(state.value(key)), first),
        help="Some rows in order become one row for the model, and the target is what comes after them.",
    )
    if data.windows is None:
        return
    choice, others = data.windows, [name for name in columns if name != data.target]
    _number("Rows per window", "length", choice.length, "How many rows in order the model sees at once.")
    _number("Horizon", "horizon", choice.horizon, "How many rows after the window the target stands.")
    _number("Stride", "stride", choice.stride, "How many rows later the next window begins.")
    _column("In order of", "order_by", others, choice.order_by, "the order of the file")
    _column("Series told apart by", "group_by", others, choice.group_by, "nothing: all rows are one series")


def _switch(is_on: bool, order_by: str | None) -> None:
    """A way to split that does not suit the new rows goes with the old ones."""
    new = WindowsChoice(order_by=order_by).model_dump(mode="json") if is_on else None
    split = [Set(path="data.split", value="auto"), Set(path="data.split_by", value=None)]
    unfit = state.project().data.split not in ("auto", "random", "stratified")
    state.edit(Set(path="data.windows", value=new), *(split if unfit else []))


def _number(label: str, name: str, value: int, explanation: str) -> None:
    key = state.key("data", "windows", name)
    st.number_input(
        label, 1, MOST, value, key=key, on_change=lambda: _set(name, state.value(key), by_field=True), help=explanation
    )


def _column(label: str, name: str, columns: Sequence[str], value: str | None, nothing: str) -> None:
    key = state.key("data", "windows", name)
    options = list(dict.fromkeys([_NOTHING, *columns, value or _NOTHING]))
    st.selectbox(
        label,
        options,
        index=options.index(value or _NOTHING),
        key=key,
        format_func=lambda option: option or nothing,
        on_change=lambda: _set(name, state.value(key) or None),
    )


def _set(name: str, value: Any, by_field: bool = False) -> None:
    state.edit(Set(path=f"data.windows.{name}", value=value), by_field=by_field)
