"""Writes Keras objects: `keras.layers.Dense(128, activation="relu")`, with what is not the default and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import catalog
from core.catalog import Entry, Kind
from core.catalog.params import REQUIRED, AnyOf, KerasRef, Rule, TupleOf
from core.errors import SpecError
from core.exporting.script.writing import Call, Items, Value, literal, text
from core.spec import Choice

MODULES: dict[Kind, str] = {
    "layer": "keras.layers",
    "optimizer": "keras.optimizers",
    "loss": "keras.losses",
    "metric": "keras.metrics",
    "callback": "keras.callbacks",
    "schedule": "keras.optimizers.schedules",
    "initializer": "keras.initializers",
    "regularizer": "keras.regularizers",
    "constraint": "keras.constraints",
    "activation": "keras.activations",
}


def construct(kind: Kind, name: str, params: Mapping[str, Any], called: str = "") -> Call:
    """The call that makes an object of Keras; `called` is the name that a layer gets.

    Raises:
        SpecError: if Keras has no such object.
    """
    entry = catalog.entry(kind, name)
    given = {key: value for key, value in params.items() if not is_default(entry, key, value)}
    leading: list[Value] = []
    for param in entry.params:  # Dense(128), Conv2D(16, 3): what is needed needs no name
        if param.default is not REQUIRED or param.name not in given or kind in ("callback", "schedule"):
            break
        leading.append(value_of(param.rule, given.pop(param.name)))
    named = [(key, value_of(_rule(entry, key), value)) for key, value in given.items()]
    more = [("name", text(called))] if called else []
    return Call(f"{MODULES[kind]}.{entry.name}", (*leading, *named, *more))


def of_choice(kind: Kind, choice: Choice) -> Call:
    """The call for an optimizer, loss, metric or callback of the project."""
    return construct(kind, choice.name, choice.params)


def value_of(rule: Rule | None, value: Any) -> Value:
    """A parameter's value; a nested object becomes a call, by the kind that its rule knows."""
    if isinstance(rule, AnyOf):
        rule = next((option for option in rule.rules if option.allows(value)), None)
    if isinstance(rule, TupleOf) and isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return Items("[]", tuple(value_of(rule.rule, item) for item in value))
    if not isinstance(rule, KerasRef) or value is None:
        return literal(value)
    name, params = (value, {}) if isinstance(value, str) else (value["name"], value.get("params") or {})
    if rule.kind == "activation":
        return text(catalog.canonical_name("activation", name))
    return construct(rule.kind, name, params)


def is_default(entry: Entry, name: str, value: Any) -> bool:
    """Would Keras take this value anyway?

    An initializer is always written: it draws its seed when it is made, so leaving it out could change the order.
    """
    if name.endswith("_initializer"):
        return False
    default = next((param.default for param in entry.params if param.name == name), REQUIRED)
    return type(default) is type(value) and bool(default == value)


def _rule(entry: Entry, name: str) -> Rule | None:
    try:
        return entry.param(name).rule
    except SpecError:
        return None
