"""One field for one rule of the catalog; a value that the rule refuses is kept on screen with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from components import state
from core import catalog
from core.catalog import params as rules
from core.errors import SpecError

Commit = Callable[[Any], None]


def draw(rule: Any, value: Any, *, label: str, help_text: str, key: str, commit: Commit) -> None:
    """Draw the field that suits `rule`; `commit` gets each new value."""
    plain, optional = _without_null(rule)
    about: dict[str, Any] = {"label": label, "help": help_text, "key": key, "on_change": _take}
    match plain:
        case rules.Flag() if not optional:
            st.toggle(value=bool(value), args=(key, commit, _same), **about)
        case rules.OneOf() if value is None or value in plain.options:
            _choice(plain.options, value, optional, key, commit, about)
        case rules.IntBetween() if value is None or type(value) is int:
            _number(plain, value, 1, "%d", key, commit, about)
        case rules.RealBetween() if value is None or type(value) in (int, float):
            number = None if value is None else float(value)
            _number(plain, number, _step(number), "%g", key, commit, about)
        case rules.AnyOf(rules=(rules.RealBetween() as number, rules.KerasRef() as object_)):
            _number_or_object(number, object_, value, label, help_text, key, commit)
        case rules.KerasRef():
            _keras_object(plain, value, optional or plain.optional, label, help_text, key, commit)
        case _:
            st.text_input(value=_write(value), args=(key, commit, _read), **about)


def _without_null(rule: Any) -> tuple[Any, bool]:
    """The one rule behind a choice between it and nothing; a wider choice stays as it is."""
    if not isinstance(rule, rules.AnyOf):
        return rule, False
    others = [one for one in rule.rules if not isinstance(one, rules.Null)]
    optional = len(others) < len(rule.rules)
    return (others[0], optional) if len(others) == 1 else (rule, optional)


def _choice(options: Any, value: Any, optional: bool, key: str, commit: Commit, about: dict[str, Any]) -> None:
    every = [*([None] if optional else []), *options]
    st.selectbox(
        options=every,
        index=every.index(value) if value in every else None,
        format_func=lambda option: "none" if option is None else str(option),
        args=(key, commit, _same),
        **about,
    )


def _number(rule: Any, value: Any, step: Any, form: str, key: str, commit: Commit, about: dict[str, Any]) -> None:
    low, high = rule.low, rule.high
    inside = value is None or ((low is None or value >= low) and (high is None or value <= high))
    kind = type(step)
    st.number_input(
        value=value,
        min_value=kind(low) if low is not None and inside else None,
        max_value=kind(high) if high is not None and inside else None,
        step=step,
        format=form,
        placeholder="none",
        args=(key, commit, _same),
        **about,
    )


def _step(value: float | None) -> float:
    """A tenth of a nice power of ten near the value: 0.001 steps by 0.0001."""
    if not value:
        return 0.1
    return max(float(f"1e{int(f'{abs(value):e}'.partition('e')[2]) - 1}"), 1e-9)


def _number_or_object(
    number: rules.RealBetween, ref: rules.KerasRef, value: Any, label: str, help_text: str, key: str, commit: Commit
) -> None:
    """A fixed value, or a schedule that gives one for each step."""
    is_object = isinstance(value, dict)
    if is_object:
        _keras_object(ref, value, False, label, help_text, key, commit)
    else:
        draw(number, value, label=label, help_text=help_text, key=key, commit=commit)

    def switch(wanted: bool) -> None:
        commit(_begun(ref.kind, ref.options()[0]) if wanted else 0.001)

    st.toggle(
        f"{ref.kind.capitalize()}",
        value=is_object,
        key=f"{key}.{ref.kind}",
        on_change=_take,
        args=(f"{key}.{ref.kind}", switch, _same),
        help=f"Let a {ref.kind} choose the value at each step.",
    )


def _keras_object(
    rule: rules.KerasRef, value: Any, optional: bool, label: str, help_text: str, key: str, commit: Commit
) -> None:
    """A choice of name, and below it the chosen object's own parameters."""
    name = value.get("name") if isinstance(value, dict) else value
    name = _full(rule.kind, name) if isinstance(name, str) else None
    about = {"label": label, "help": help_text, "key": key, "on_change": _take}
    _choice(
        rule.options(), name, optional or name is None, key, lambda chosen: commit(_begun(rule.kind, chosen)), about
    )
    if isinstance(value, dict) and name in rule.options():
        _nested(rule.kind, str(name), value, key, commit)


def _begun(kind: catalog.Kind, name: str | None) -> Any:
    """What is written for a chosen name: with its starting values, where it has any parameters."""
    if name is None or not catalog.entry(kind, name).params:
        return name
    return {"name": name, "params": catalog.entry(kind, name).starting_params()}


def _nested(kind: catalog.Kind, name: str, value: dict[str, Any], key: str, commit: Commit) -> None:
    own = value.get("params") or {}
    with st.container(border=True):
        for param in catalog.entry(kind, name).params:
            draw(
                param.rule,
                own.get(param.name, None if param.default is catalog.REQUIRED else param.default),
                label=param.label,
                help_text=param.help,
                key=f"{key}.{name}.{param.name}",
                commit=lambda new, changed=param.name: commit(  # type: ignore[misc]
                    {"name": name, "params": {**own, changed: new}}
                ),
            )


def _full(kind: catalog.Kind, name: str) -> str:
    try:
        return catalog.canonical_name(kind, name)
    except SpecError:
        return name


def _take(key: str, commit: Commit, read: Callable[[Any], Any]) -> None:
    commit(read(state.value(key)))


def _same(value: Any) -> Any:
    return value


def _write(value: Any) -> str:
    """A value as a person types it: `3, 3` for a pair, `none` for nothing."""
    if value is None:
        return ""
    if isinstance(value, list) and all(type(one) in (int, float) for one in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def _read(text: str) -> Any:
    """What a person typed, as a value: a number, a list of them, JSON, or the words themselves."""
    text = text.strip()
    if text.lower() in ("", "none", "null"):
        return None
    for candidate in (text, f"[{text}]", f"[{text.strip('()[]×').replace('×', ',').rstrip(',')}]"):
        try:
            return json.loads(candidate.lower() if candidate.lower() in ("true", "false") else candidate)
        except json.JSONDecodeError:
            continue
    return text
