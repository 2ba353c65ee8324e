"""Rules for plain values: each is met or not, says itself in English, and carries what a form needs."""

from __future__ import annotations

import difflib
import json
import math
from dataclasses import dataclass
from typing import Any, Protocol

LARGEST = 2**31 - 1
"""Sizes and counts reach Keras as 32-bit numbers."""


class Rule(Protocol):
    """What a parameter's value has to be."""

    def allows(self, value: Any) -> bool:
        """Is the rule met?"""
        ...

    def problem(self, value: Any) -> str | None:
        """One sentence on what is wrong with the value; None when nothing is."""
        ...

    def resembles(self, value: Any) -> bool:
        """Is the value of this rule's type, so that this rule should be the one to complain?"""
        ...

    def __str__(self) -> str:
        """What is needed, to stand behind `needed`."""
        ...


def said(value: Any) -> str:
    """A value as the project file writes it, cut when long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def number(value: float) -> str:
    """A bound as people write it: 0.1, 255, 1e-07."""
    return f"{value:g}" if isinstance(value, float) else f"{value}"


class Plain:
    """The sentence that follows from `allows` and `__str__`."""

    def allows(self, value: Any) -> bool:
        raise NotImplementedError

    def resembles(self, value: Any) -> bool:
        return self.allows(value)

    def problem(self, value: Any) -> str | None:
        return None if self.allows(value) else f"needed {self}, got {said(value)}."


@dataclass(frozen=True)
class IntBetween(Plain):
    """A whole number; both ends are allowed."""

    low: int | None = None
    high: int | None = None
    step: int = 1

    def allows(self, value: Any) -> bool:
        least = -LARGEST if self.low is None else self.low
        most = LARGEST if self.high is None else self.high
        return type(value) is int and least <= value <= most

    def resembles(self, value: Any) -> bool:
        return type(value) in (int, float)

    def problem(self, value: Any) -> str | None:
        if self.high is None and type(value) is int and value > LARGEST:
            return f"needed a whole number of at most {LARGEST}, got {said(value)}."
        return super().problem(value)

    def __str__(self) -> str:
        if self.low is None:
            return "a whole number" if self.high is None else f"a whole number of at most {self.high}"
        if self.high is None:
            return f"a whole number of at least {self.low}"
        return f"a whole number from {self.low} to {self.high}"


@dataclass(frozen=True)
class RealBetween(Plain):
    """A finite number; an open end is not allowed itself."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    step: float | None = None

    def allows(self, value: Any) -> bool:
        if type(value) not in (int, float) or abs(value) > 1e300 or not math.isfinite(value):
            return False
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return above and below

    def resembles(self, value: Any) -> bool:
        return type(value) in (int, float)

    def __str__(self) -> str:
        ends = []
        if self.low is not None:
            ends.append(f"{'above' if self.low_open else 'of at least'} {number(self.low)}")
        if self.high is not None:
            ends.append(f"{'below' if self.high_open else 'of at most'} {number(self.high)}")
        if len(ends) == 2 and not self.low_open and not self.high_open:
            return f"a number from {number(self.low or 0)} to {number(self.high or 0)}"
        return " ".join(["a number", " and ".join(ends)]).strip()


@dataclass(frozen=True)
class OneOf(Plain):
    """One of a few fixed values, of the same type."""

    options: tuple[str | int | float | bool, ...]

    def allows(self, value: Any) -> bool:
        return any(type(option) is type(value) and option == value for option in self.options)

    def resembles(self, value: Any) -> bool:
        return type(value) in {type(option) for option in self.options}

    def problem(self, value: Any) -> str | None:
        sentence = super().problem(value)
        words = [option for option in self.options if isinstance(option, str)]
        close = difflib.get_close_matches(value.lower(), words, n=1) if isinstance(value, str) else []
        return f"{sentence} Did you mean {said(close[0])}?" if sentence and close else sentence

    def __str__(self) -> str:
        if len(self.options) == 1:
            return said(self.options[0])
        return "one of " + ", ".join(said(option) for option in self.options)


@dataclass(frozen=True)
class Flag(Plain):
    """True or false."""

    def allows(self, value: Any) -> bool:
        return type(value) is bool

    def __str__(self) -> str:
        return "true or false"


@dataclass(frozen=True)
class Text(Plain):
    """A short text that is not empty."""

    longest: int = 120

    def allows(self, value: Any) -> bool:
        return type(value) is str and 0 < len(value) <= self.longest

    def resembles(self, value: Any) -> bool:
        return type(value) is str

    def __str__(self) -> str:
        return f"a text of 1 to {self.longest} characters"


@dataclass(frozen=True)
class Null(Plain):
    """Nothing: the parameter is left to Keras."""

    def allows(self, value: Any) -> bool:
        return value is None

    def __str__(self) -> str:
        return "null"


@dataclass(frozen=True)
class TupleOf(Plain):
    """A list whose members obey one rule. `sizes` are the lengths allowed; none given: any length from 1."""

    rule: Rule
    sizes: tuple[int, ...] = ()

    def allows(self, value: Any) -> bool:
        return self.problem(value) is None

    def resembles(self, value: Any) -> bool:
        return isinstance(value, (list, tuple))

    def problem(self, value: Any) -> str | None:
        if not isinstance(value, (list, tuple)) or (len(value) not in self.sizes if self.sizes else not value):
            return f"needed {self}, got {said(value)}."
        for index, item in enumerate(value):
            if inner := self.rule.problem(item):
                return f"at place {index + 1}: {inner}"
        return None

    def __str__(self) -> str:
        if not self.sizes:
            return f"a list of which each is {self.rule}"
        counts = " or ".join(str(size) for size in self.sizes)
        return f"a list of {counts}, each {self.rule}"


@dataclass(frozen=True)
class Shape(Plain):
    """The shape of one row, without the batch axis. `open_axes`: null stands for any length;
    `minus_one`: -1 may stand once, for what is left over."""

    open_axes: bool = True
    minus_one: bool = False

    def allows(self, value: Any) -> bool:
        return self.problem(value) is None

    def resembles(self, value: Any) -> bool:
        return isinstance(value, (list, tuple))

    def problem(self, value: Any) -> str | None:
        if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= 8:
            return f"needed {self}, got {said(value)}."
        if self.minus_one and list(value).count(-1) > 1:
            return f"-1 may stand once only, got {said(value)}."
        for size in value:
            if not self._is_size(size):
                return f"needed {self}; {said(size)} is not a size."
        return None

    def _is_size(self, size: Any) -> bool:
        if size is None:
            return self.open_axes
        return type(size) is int and (1 <= size <= LARGEST or (self.minus_one and size == -1))

    def __str__(self) -> str:
        extra = " (null: any length)" if self.open_axes else ""
        extra += " (-1: what is left over)" if self.minus_one else ""
        return f"a list of 1 to 8 sizes of at least 1{extra}, such as [28, 28]"


@dataclass(frozen=True)
class AnyOf(Plain):
    """A choice of rules: one has to be met."""

    rules: tuple[Rule, ...]

    def allows(self, value: Any) -> bool:
        return any(rule.allows(value) for rule in self.rules)

    def resembles(self, value: Any) -> bool:
        return any(rule.resembles(value) for rule in self.rules)

    def problem(self, value: Any) -> str | None:
        if self.allows(value):
            return None
        meant = [rule for rule in self.rules if rule.resembles(value)]
        sentence = meant[0].problem(value) if len(meant) == 1 else None
        return sentence if sentence and not sentence.startswith("needed") else f"needed {self}, got {said(value)}."

    def __str__(self) -> str:
        return ", or ".join(str(rule) for rule in self.rules)


@dataclass(frozen=True)
class AnyJson(Plain):
    """Plain data: null, a flag, a number, a text, or a list of these. No objects: Keras would build them."""

    def allows(self, value: Any) -> bool:
        if isinstance(value, (list, tuple)):
            return len(value) <= 10_000 and all(self.allows(item) for item in value)
        return value is None or type(value) in (bool, int, float, str)

    def __str__(self) -> str:
        return "null, a flag, a number, a text, or a list of these"


def nullable(rule: Rule) -> AnyOf:
    """The rule, or nothing."""
    return AnyOf((rule, Null()))
