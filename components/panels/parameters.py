"""A form made from a catalog row: one field for each parameter, beginners' first, the rest folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components import state
from components.panels import fields
from core.catalog import REQUIRED, Entry, Param

Commit = Callable[[str, Any], None]
"""Takes a parameter's name and its new value."""


def render(entry: Entry, params: Mapping[str, Any], *, scope: str, commit: Commit) -> None:
    """`scope` makes the keys of this form its own; `commit` is called when a field changes."""
    basic = [param for param in entry.params if param.basic or param.name in params]
    more = [param for param in entry.params if param not in basic]
    for param in basic:
        _field(param, params, scope, commit)
    if more and st.toggle(f"All parameters ({len(more)} more)", key=state.key(scope, "more")):
        for param in more:
            _field(param, params, scope, commit)


def _field(param: Param, params: Mapping[str, Any], scope: str, commit: Commit) -> None:
    default = None if param.default is REQUIRED else param.default
    value = params.get(param.name, default)
    changed = param.name in params and value != default and param.default is not REQUIRED
    help_text = param.help + ("" if param.default is REQUIRED else f"\n\nDefault: `{_said(default)}`")
    fields.draw(
        param.rule,
        value,
        label=f"{param.label}{' •' if changed else ''}",
        help_text=help_text,
        key=state.key(scope, param.name),
        commit=lambda new: commit(param.name, new),
    )


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name"))
    return "none" if value is None else str(value)
