"""A user's own loss or metric, typed as Python and read by a parser of ours; it is never run as code."""

from __future__ import annotations

import streamlit as st

from components import state, words
from core import formula
from core.edits import Set
from core.errors import FormulaError

STARTING = {
    "loss": "def loss(y_true, y_pred):\n    return tf.reduce_mean(tf.abs(y_true - y_pred))\n",
    "metric": "def largest_error(y_true, y_pred):\n    return tf.reduce_max(tf.abs(y_true - y_pred))\n",
}


def render(source: str, *, path: str) -> None:
    field = state.key("formula", path)
    st.text_area(
        "Formula",
        source,
        key=field,
        height=150,
        on_change=_save,
        args=(field, path),
        max_chars=4096,
        help="One Python function of y_true and y_pred. It may use arithmetic, tf, tf.math and keras.ops functions.",
    )
    try:
        formula.parse(source)
    except FormulaError as refused:
        st.markdown(f":red[:material/error:] {words.plain(str(refused))}")


def _save(field: str, path: str) -> None:
    state.edit(Set(path=path, value={"name": "custom", "source": state.value(field)}), by_field=True)
