"""Keras objects from what the project file names: by our catalog and `getattr`, never by Keras's deserializer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from core import catalog
from core.catalog import Entry, Kind, Rule
from core.catalog.params import AnyOf, KerasRef, TupleOf
from core.errors import BuildError, SpecError
from core.spec import Choice

_MODULES: dict[Kind, Any] = {
    "layer": keras.layers,
    "optimizer": keras.optimizers,
    "loss": keras.losses,
    "metric": keras.metrics,
    "callback": keras.callbacks,
    "schedule": keras.optimizers.schedules,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
    "activation": keras.activations,
}


def keras_object(kind: Kind, choice: Choice | str | Mapping[str, Any], **extra: Any) -> Any:
    """The Keras object that a choice names; of an activation, the function.

    Args:
        kind: which table of the catalog holds it.
        choice: a name, or a name with params; nested choices are made first.
        extra: arguments of ours, such as `name`.

    Raises:
        BuildError: if the catalog does not offer it, a parameter breaks its rule, or Keras refuses it.
    """
    name, params = _parts(choice)
    try:
        entry = catalog.entry(kind, name)
    except SpecError as fault:
        raise BuildError("", fault.message) from None
    if not entry.offered:
        raise BuildError("", f"{entry.name} cannot be used here. {entry.reason}")
    for field, sentence in entry.problems(params):
        raise BuildError("", f"{entry.name}, {field}: {sentence}")
    values = {field: _translated(value, entry.param(field).rule) for field, value in params.items()}
    if kind == "activation":
        return _activation(entry, values)
    return made(getattr(_MODULES[kind], entry.name), entry.name, **values, **extra)


def made(maker: Callable[..., Any], what: str, /, **values: Any) -> Any:
    """What the maker makes; its refusal becomes a BuildError with Keras's words."""
    try:
        return maker(**values)
    except (ValueError, TypeError, AttributeError, NotImplementedError, ImportError) as refusal:
        raise BuildError("", f"Keras refuses this {what}: {first_sentence(refusal)}") from refusal


def first_sentence(refusal: BaseException) -> str:
    """The first line of an error of Keras; never empty."""
    lines = [line.strip() for line in str(refusal).splitlines() if line.strip()]
    return (lines[0] if lines else type(refusal).__name__)[:400]


def _activation(entry: Entry, values: dict[str, Any]) -> Any:
    if values:
        raise BuildError("", f"{entry.name} takes no parameters as an activation. Add its layer instead.")
    return getattr(keras.activations, entry.name)


def _parts(choice: Choice | str | Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if isinstance(choice, Choice):
        return choice.name, choice.params
    if isinstance(choice, str):
        return choice, {}
    return choice["name"], choice.get("params") or {}


def _translated(value: Any, rule: Rule) -> Any:
    """A value that obeys its rule, as Keras takes it: nested objects are made, lists become tuples."""
    if isinstance(rule, AnyOf):
        rule = next(option for option in rule.rules if option.allows(value))
    if isinstance(rule, KerasRef):
        return None if value is None else keras_object(rule.kind, value)
    if isinstance(rule, TupleOf):
        return tuple(_translated(item, rule.rule) for item in value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):  # no rule lets one through; Keras would deserialize it
        raise BuildError("", "an object in braces cannot stand here.")
    return tuple(_plain(item) for item in value) if isinstance(value, list | tuple) else value
