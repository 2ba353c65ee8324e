"""Which columns go into which input, and what each output is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import state
from core import graph
from core.data import DataFacts
from core.edits import Set

FEATURES = "features"
TARGET = ""
"""No entry in the project: the data's own target."""


def render(facts: DataFacts, columns: Sequence[str] = ()) -> None:
    """`columns`: what else of a table may be a target."""
    model, data = state.project().model, state.project().data
    inputs, outputs = [node.id for node in graph.inputs(model)], graph.outputs(model)
    names = [column.name for column in facts.columns] or list(facts.feature_names)
    if (len(inputs) > 1 or data.inputs) and names:
        st.markdown("#### Inputs", anchors=False)
        for node in inputs:
            _columns(node, inputs, names)
    if outputs and (len(outputs) > 1 or data.targets):
        st.markdown("#### Outputs", anchors=False)
        targets = list(dict.fromkeys([*(target.name for target in facts.targets), *columns]))
        for node in outputs:
            _target(node, facts.target_name, targets)


def _columns(node: str, inputs: Sequence[str], names: Sequence[str]) -> None:
    field = state.key("data", "inputs", node)
    mapped = state.project().data.inputs or {}
    st.multiselect(
        f"Columns of {node}",
        names,
        default=[name for name in mapped.get(node, ()) if name in names],
        key=field,
        placeholder="every column" if not mapped else "choose columns",
        on_change=lambda: _set_columns(node, inputs, names, state.value(field)),
        help="The columns that this Input layer takes, in order.",
    )


def _set_columns(node: str, inputs: Sequence[str], names: Sequence[str], chosen: list[str]) -> None:
    """A column goes to one input; once one has columns each needs some, so those without get what is left."""
    old = state.project().data.inputs or {}
    new: dict[str, Any] = {name: [one for one in old.get(name, ()) if one not in chosen] for name in inputs}
    new[node] = chosen
    left = [name for name in names if not any(name in taken for taken in new.values())]
    for name in inputs:
        new[name] = new[name] or left
    state.edit(Set(path="data.inputs", value=new if any(new.values()) else None))


def _target(node: str, main: str, targets: Sequence[str]) -> None:
    field = state.key("data", "targets", node)
    mapped = (state.project().data.targets or {}).get(node)
    value = mapped[0] if mapped else TARGET
    options = list(dict.fromkeys([TARGET, *(name for name in targets if name != main), FEATURES, value]))
    titles = {TARGET: f"{main} (the target)", FEATURES: "the features themselves"}
    st.selectbox(
        f"{node} learns",
        options,
        index=options.index(value),
        key=field,
        format_func=lambda name: titles.get(name, name),
        on_change=lambda: _set_target(node, state.value(field)),
        help="What this output is compared with. The features themselves: an autoencoder.",
    )


def _set_target(node: str, chosen: str) -> None:
    others = {name: kept for name, kept in (state.project().data.targets or {}).items() if name != node}
    new: Any = others if chosen == TARGET else {**others, node: [chosen]}
    state.edit(Set(path="data.targets", value=new or None), by_field=True)
