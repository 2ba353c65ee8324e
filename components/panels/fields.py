"""One plain field for one rule of the catalog; a value that the rule refuses stays on screen as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from components import state
from core.catalog import params as rules

Commit = Callable[[Any], None]


_NONE = "none"
"""Stands for no value among the options of a select box, which would offer to clear a real None."""


class _Mixed:
    def __repr__(self) -> str:
        return "MIXED"


MIXED: Final = _Mixed()
"""The value of a parameter that differs between the selected layers."""


def draw(rule: Any, value: Any, about: dict[str, Any], commit: Commit) -> None:
    """Draw the field that suits `rule`, as `named` says; `commit` gets each new value."""
    plain, optional = without_null(rule)
    blank = "mixed" if value is MIXED else "none"
    key = about["key"]
    match plain:
        case rules.Flag() if type(value) is bool and not optional:
            st.toggle(value=value, args=(key, commit, _same), **about)
        case rules.Flag() if value is MIXED or value is None or type(value) is bool:
            choice((True, False), value, optional=optional, commit=commit, about=about)
        case rules.OneOf() if value is MIXED or value is None or value in plain.options:
            choice(plain.options, value, optional=optional, commit=commit, about=about)
        case rules.IntBetween() if value is MIXED or value is None or type(value) is int:
            _number(plain, value, 1, "%d", commit, about, blank)
        case rules.RealBetween() if value is MIXED or value is None or type(value) in (int, float):
            number = float(value) if type(value) in (int, float) else value
            _number(plain, number, _step(number), "%g", commit, about, blank)
        case _:
            st.text_input(value=_write(value), placeholder=blank, args=(key, commit, _read), **about)


def named(label: str, help_text: str, key: str) -> dict[str, Any]:
    """What every widget gets; its `args` are the key, who takes the value, and how it is read."""
    return {"label": label, "help": help_text, "key": key, "on_change": _take}


def without_null(rule: Any) -> tuple[Any, bool]:
    """The one rule behind a choice between it and nothing; a wider choice stays as it is."""
    if not isinstance(rule, rules.AnyOf):
        return rule, False
    others = [one for one in rule.rules if not isinstance(one, rules.Null)]
    optional = len(others) < len(rule.rules)
    return (others[0], optional) if len(others) == 1 else (rule, optional)


def choice(options: Any, value: Any, *, optional: bool, commit: Commit, about: dict[str, Any]) -> None:
    """One of a few values; blank where the selected layers differ."""
    every = [*([_NONE] if optional else []), *options]
    shown = _NONE if value is None else value
    st.selectbox(
        options=every,
        index=every.index(shown) if shown in every else None,
        format_func=_said,
        placeholder="mixed" if value is MIXED else "choose",
        args=(about["key"], commit, _chosen),
        **about,
    )


def _chosen(option: Any) -> Any:
    return None if option == _NONE else option


def _said(option: Any) -> str:
    return {True: "yes", False: "no"}[option] if isinstance(option, bool) else str(option)


def _number(rule: Any, value: Any, step: Any, form: str, commit: Commit, about: dict[str, Any], blank: str) -> None:
    low, high = rule.low, rule.high
    value = None if value is MIXED else value
    inside = value is None or ((low is None or value >= low) and (high is None or value <= high))
    kind = type(step)
    st.number_input(
        value=value,
        min_value=kind(low) if low is not None and inside else None,
        max_value=kind(high) if high is not None and inside else None,
        step=step,
        format=form,
        placeholder=blank,
        args=(about["key"], commit, _same),
        **about,
    )


def _step(value: Any) -> float:
    """A tenth of a nice power of ten near the value: 0.001 steps by 0.0001."""
    if not isinstance(value, float) or not value:
        return 0.1
    return max(float(f"1e{int(f'{abs(value):e}'.partition('e')[2]) - 1}"), 1e-9)


def _take(key: str, commit: Commit, read: Callable[[Any], Any]) -> None:
    commit(read(state.value(key)))


def _same(value: Any) -> Any:
    return value


def _write(value: Any) -> str:
    """A value as a person types it: `3, 3` for a pair, `none` for nothing."""
    if value is None or value is MIXED:
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
