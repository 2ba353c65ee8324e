"""What is measured beside the loss: Keras's metrics, and formulas of the user's own."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from components import state
from components.panels import choice_field, formula_field
from components.panels.choice_field import CUSTOM
from core import catalog
from core.edits import Set
from core.errors import SpecError
from core.spec import Choice


def render(metrics: tuple[Choice, ...], *, path: str) -> None:
    """`path` is the field of the project that they are written to, as `compile.metrics`."""
    field = state.key(path)
    chosen = list(dict.fromkeys(metric.name for metric in metrics))
    names = list(dict.fromkeys([*chosen, CUSTOM, *(entry.name for entry in catalog.entries("metric"))]))
    st.multiselect(
        "Metrics",
        names,
        default=chosen,
        key=field,
        format_func=choice_field.title,
        on_change=partial(_choose, metrics, path, field),
        help="What is measured beside the loss. Metrics do not change the training.",
    )
    for index, metric in enumerate(metrics):
        place = f"{path}.{index}"
        if metric.source is not None:
            formula_field.render(metric.source, path=place)
        elif entry := _with_basics(metric.name):
            with st.container(border=True, gap="small"):
                st.caption(metric.name)
                choice_field.form(entry, metric, place)


def _with_basics(name: str) -> catalog.Entry | None:
    """The catalog's row of a metric that means little without its parameters."""
    try:
        entry = catalog.entry("metric", name)
    except SpecError:
        return None
    return entry if any(param.basic for param in entry.params) else None


def _choose(metrics: tuple[Choice, ...], path: str, field: str) -> None:
    """Metrics that stay keep their parameters."""
    names = state.value(field)
    have = {metric.name for metric in metrics}
    kept = [metric for metric in metrics if metric.name in names]
    new = [choice_field.begun("metric", name) for name in names if name not in have]
    value: list[Any] = [choice_field.written(metric) for metric in (*kept, *new)]
    state.edit(Set(path=path, value=value), by_field=True)
