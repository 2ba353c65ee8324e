"""Which rule an argument has: the entry's own, else that of its name, else one made from its default."""

from __future__ import annotations

import re
from typing import Any

from core.catalog.argument_rules import BY_NAME, BY_RANK, INT, OF_ENTRY, REAL
from core.catalog.params import AnyJson, Flag, KerasRef, Rule, Text, TupleOf, nullable
from core.catalog.shelf import Kind

_SUFFIXES: tuple[Kind, ...] = ("initializer", "regularizer", "constraint")


def rule_for(entry: str, name: str, default: Any, *, required: bool) -> Rule:
    """The rule of one argument: that of the entry, else that of the name, else one made from the default."""
    rule = OF_ENTRY.get(f"{entry}.{name}") or _by_rank(entry, name) or _by_suffix(name) or BY_NAME.get(name)
    if rule is None:
        rule = _from_default(default)
    if default is None and not required and not rule.allows(None):
        return nullable(rule)
    return rule


def _by_rank(entry: str, name: str) -> Rule | None:
    rank = re.search(r"([123])D", entry)
    return BY_RANK[name](int(rank[1])) if rank and name in BY_RANK else None


def _by_suffix(name: str) -> Rule | None:
    for kind in _SUFFIXES:
        if name.endswith(f"_{kind}"):
            return KerasRef(kind, optional=True)
    return None


def _from_default(default: Any) -> Rule:
    match default:
        case bool():
            return Flag()
        case int():
            return INT
        case float():
            return REAL
        case list():
            return TupleOf(_from_default(default[0])) if default else AnyJson()
        case str():
            return Text()
    return AnyJson()
