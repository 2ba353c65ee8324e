"""One Keras object of the training by name: an optimizer, a loss; below it its own parameters."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from components import state, words
from components.panels import formula_field, parameters
from core import catalog
from core.edits import Set
from core.spec import Choice

CUSTOM = "custom"


def render(
    kind: catalog.Kind, label: str, choice: Choice, *, path: str, help_text: str, offers_custom: bool = False
) -> None:
    """`path` is the field of the project that the choice is written to, as `compile.loss`."""
    field = state.key(path)
    names = [entry.name for entry in catalog.entries(kind)] + ([CUSTOM] if offers_custom else [])
    entry = catalog.entry(kind, choice.name) if choice.name in names and choice.source is None else None
    st.selectbox(
        label,
        names,
        index=names.index(choice.name) if choice.name in names else None,
        key=field,
        format_func=title,
        help=f"{help_text}\n\n{words.plain(entry.summary)}" if entry else help_text,
        on_change=partial(_choose, kind, path, field),
    )
    if choice.source is not None:
        formula_field.render(choice.source, path=path)
    elif entry:
        form(entry, choice, path)


def form(entry: catalog.Entry, choice: Choice, path: str) -> None:
    """The parameters of a choice that stands at `path`."""
    parameters.render(
        entry, choice.params, scope=f"{path}.{choice.name}", commit=lambda name, new: _set(path, choice, name, new)
    )


def title(name: str) -> str:
    return "Custom formula…" if name == CUSTOM else name


def begun(kind: catalog.Kind, name: str) -> Choice:
    """The choice of a name, with values to begin with."""
    if name == CUSTOM:
        return Choice(name=CUSTOM, source=formula_field.STARTING[kind])
    return Choice(name=name, params=catalog.entry(kind, name).starting_params())


def written(choice: Choice) -> Any:
    """A choice as the project file has it."""
    return choice.model_dump(exclude_none=True)


def _choose(kind: catalog.Kind, path: str, field: str) -> None:
    state.edit(Set(path=path, value=written(begun(kind, state.value(field)))), by_field=True)


def _set(path: str, choice: Choice, name: str, value: Any) -> None:
    params = parameters.changed(choice.params, name, value)
    new = choice.model_copy(update={"params": params})
    state.edit(Set(path=path, value=written(new)), by_field=value is not parameters.DEFAULT)
