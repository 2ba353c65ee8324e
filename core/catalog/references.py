"""The rule for a Keras object inside a parameter: an initializer, a schedule, a wrapper's layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.catalog import shelf
from core.catalog.rules import Plain, said
from core.errors import SpecError

_EXAMPLES: dict[shelf.Kind, str] = {
    "optimizer": '"Adam"',
    "loss": '"MeanSquaredError"',
    "metric": '"MeanAbsoluteError"',
    "callback": '"EarlyStopping"',
    "layer": '{"name": "Dense", "params": {"units": 32}}',
    "schedule": '{"name": "CosineDecay", "params": {…}}',
    "initializer": '"HeNormal"',
    "regularizer": '"L2"',
    "constraint": '"NonNeg"',
    "activation": '"relu"',
}


@dataclass(frozen=True)
class KerasRef(Plain):
    """A name, or `{"name": …, "params": {…}}`, that the catalog knows; its parameters are checked as well.

    `only` narrows the names; none given: all that are offered (of layers: those that take one input).
    """

    kind: shelf.Kind
    optional: bool = False
    only: tuple[str, ...] = ()

    def options(self) -> tuple[str, ...]:
        """The names to choose from."""
        return tuple(found.name for found in shelf.entries(self.kind) if not self._refusal(found))

    def allows(self, value: Any) -> bool:
        return self.problem(value) is None

    def resembles(self, value: Any) -> bool:
        return isinstance(value, (str, dict))

    def problem(self, value: Any) -> str | None:
        if value is None and self.optional:
            return None
        if isinstance(value, str):
            value = {"name": value}
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            return f"needed {self}, got {said(value)}."
        if extra := set(value) - {"name", "params"}:
            return f"an object here has the fields `name` and `params`, and no `{sorted(map(str, extra))[0]}`."
        return self._problem_inside(value["name"], value.get("params") or {})

    def _problem_inside(self, name: str, params: Any) -> str | None:
        try:
            found = shelf.entry(self.kind, name)
        except SpecError as fault:
            return fault.message
        if refusal := self._refusal(found):
            return refusal
        if not isinstance(params, dict):
            return f"in {found.name}, `params` is an object in braces, got {said(params)}."
        for field, sentence in found.problems(params):
            return sentence if f"`{field}`" in sentence else f"in {found.name}, `{field}`: {sentence}"
        return None

    def _refusal(self, found: shelf.Entry) -> str | None:
        if not found.offered:
            return f"{found.name} cannot be used here: {found.reason}"
        if self.only and found.name not in self.only:
            return f"needed one of {', '.join(self.only)}, got {found.name}."
        if self.kind == "layer" and found.arity != "one":
            return f"needed a layer with one input, got {found.name}."
        return None

    def __str__(self) -> str:
        article = "an" if self.kind[0] in "aeiou" else "a"
        return f"{article} {self.kind} such as {_EXAMPLES[self.kind]}{' or null' if self.optional else ''}"
