"""A form made from a catalog row: one field for each parameter, beginners' first, the rest folded away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import streamlit as st

from components import state, words
from components.panels import fields
from components.panels.fields import MIXED
from core import catalog
from core.catalog import REQUIRED, Entry, Kind, Param, params as rules
from core.errors import SpecError

Commit = Callable[[str, Any], None]
"""Takes a parameter's name and its new value, or `DEFAULT` for Keras's own."""

_FAMILIES = ("initializer", "regularizer", "constraint")
_NAMED = 3
_FIXED = 0.001
"""What a number is that was given by an object before."""


class _Default:
    def __repr__(self) -> str:
        return "DEFAULT"


DEFAULT: Final = _Default()


def render(entry: Entry, params: Mapping[str, Any], *, scope: str, commit: Commit, without: Iterable[str] = ()) -> None:
    """Draw the form.

    Args:
        params: the values that are not Keras's own; `MIXED` where several layers differ.
        scope: makes the keys of this form's fields its own.
        commit: called when a field changes.
        without: parameters that stand elsewhere.
    """
    shown = [param for param in entry.params if param.name not in set(without)]
    more = [param for param in shown if not param.basic]
    first = st.container(gap="small")
    is_open = bool(more) and _rest(more, params, scope, commit)
    with first:
        for param in shown:
            if param.basic or (_is_changed(param, params) and not is_open):
                _field(param, params, scope, commit)


def merged(entry: Entry, many: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The parameters of several layers of one kind as one form shows them."""
    found: dict[str, Any] = {}
    for param in entry.params:
        values = [params.get(param.name, param.default) for params in many]
        if any(value != values[0] for value in values):
            found[param.name] = MIXED
        elif any(param.name in params for params in many):
            found[param.name] = values[0]
    return found


def changed(params: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The parameters after a `commit`."""
    others = {other: kept for other, kept in params.items() if other != name}
    return others if value is DEFAULT else {**params, name: value}


def _rest(more: Sequence[Param], params: Mapping[str, Any], scope: str, commit: Commit) -> bool:
    """The folded part, drawn only when it is open; what was changed stands above it while it is not."""
    fold = st.expander(_about(more), type="compact", key=f"more.{scope}", on_change="rerun")
    if fold.open:
        with fold:
            for param in more:
                _field(param, params, scope, commit)
    return bool(fold.open)


def _about(more: Sequence[Param]) -> str:
    """`More: use bias, initializers, regularizers …`."""
    names = list(dict.fromkeys(_family(param.name) or param.label.lower() for param in more))
    return "More: " + ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _family(name: str) -> str:
    return next((f"{family}s" for family in _FAMILIES if name.endswith(f"_{family}")), "")


def _is_changed(param: Param, params: Mapping[str, Any]) -> bool:
    return param.default is not REQUIRED and param.name in params and params[param.name] != param.default


def _field(param: Param, params: Mapping[str, Any], scope: str, commit: Commit) -> None:
    """The field, and beside it the way back to the default when it was changed."""
    default = None if param.default is REQUIRED else param.default
    value = params.get(param.name, default)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xxsmall"):
        _control(param, value, scope, commit)
        if _is_changed(param, params):
            _reset(param, scope, commit)
    ref = _reference(param.rule)
    if ref and param.name in params and value is not MIXED:
        _nested(ref.kind, value, f"{scope}.{param.name}", partial(commit, param.name))


def _reset(param: Param, scope: str, commit: Commit) -> None:
    st.button(
        ":small[:gray[Reset]]",
        type="tertiary",
        key=state.key(scope, param.name, "reset"),
        help=f"Changed. Back to Keras's own: {words.plain(_said(param.default))}",
        on_click=commit,
        args=(param.name, DEFAULT),
    )


def _control(param: Param, value: Any, scope: str, commit: Commit) -> None:
    about = fields.named(param.label, _help(param), state.key(scope, param.name))
    take = partial(commit, param.name)
    rule, optional = fields.without_null(param.rule)
    match rule:
        case rules.KerasRef():
            _object(rule, value, optional or rule.optional, about, take)
        case rules.AnyOf(rules=(rules.RealBetween() as number, rules.KerasRef() as ref)):
            _number_or_object(number, ref, value, about, take)
        case _:
            fields.draw(param.rule, value, about, take)


def _help(param: Param) -> str:
    lines = [param.help]
    rule, _ = fields.without_null(param.rule)
    if not isinstance(rule, (rules.Flag, rules.KerasRef, rules.OneOf)):
        lines.append(f"Needs {words.plain(str(rule))}.")
    if param.default is not REQUIRED:
        lines.append(f"Keras's default: {words.plain(_said(param.default))}")
    return "\n\n".join(lines)


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)


def _reference(rule: Any) -> rules.KerasRef | None:
    """The Keras object that a rule asks for, or allows beside a number."""
    plain, _ = fields.without_null(rule)
    every = plain.rules if isinstance(plain, rules.AnyOf) else (plain,)
    return next((one for one in every if isinstance(one, rules.KerasRef)), None)


def _number_or_object(
    number: rules.RealBetween, ref: rules.KerasRef, value: Any, about: dict[str, Any], take: fields.Commit
) -> None:
    """A fixed value, or a schedule that gives one for each step."""
    is_object = isinstance(value, Mapping)
    toggle = f"{about['key']}.{ref.kind}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if is_object:
            _object(ref, value, False, about, take)
        else:
            fields.draw(number, value, about, take)
        st.toggle(
            ref.kind.capitalize(),
            value=is_object,
            key=toggle,
            on_change=lambda: take(_begun(ref.kind, ref.options()[0]) if state.value(toggle) else _FIXED),
            help=f"Let a {ref.kind} choose the value at each step.",
        )


def _object(ref: rules.KerasRef, value: Any, optional: bool, about: dict[str, Any], take: fields.Commit) -> None:
    """Which Keras object; its own parameters stand below."""
    name = value if value is MIXED else _name(ref.kind, value)
    fields.choice(
        ref.options(),
        name,
        optional=optional or name is None,
        commit=lambda chosen: take(_begun(ref.kind, chosen)),
        about=about,
    )


def _name(kind: Kind, value: Any) -> str | None:
    """Keras's full name of the object in a value, if it is one."""
    short = value.get("name") if isinstance(value, Mapping) else value
    try:
        return catalog.canonical_name(kind, short) if isinstance(short, str) else None
    except SpecError:
        return str(short)


def _begun(kind: Kind, name: str | None) -> Any:
    """What is written for a chosen name: with its starting values, where it has any parameters."""
    if name is None or not catalog.entry(kind, name).params:
        return name
    return {"name": name, "params": catalog.entry(kind, name).starting_params()}


def _nested(kind: Kind, value: Any, scope: str, take: fields.Commit) -> None:
    """The form of an object inside a parameter; a wrapper's layer may hold such objects again."""
    name = _name(kind, value)
    try:
        entry = catalog.entry(kind, name or "")
    except SpecError:
        return
    own = dict(value.get("params") or {}) if isinstance(value, Mapping) else {}
    if not entry.params:
        return
    with st.container(border=True, gap="small"):
        render(
            entry,
            own,
            scope=f"{scope}.{entry.name}",
            commit=lambda field, new: take({"name": entry.name, "params": changed(own, field, new)}),
        )
