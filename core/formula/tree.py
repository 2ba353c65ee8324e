"""The tree of a formula that was read and allowed, and the interpreter that walks it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from core.errors import FormulaError

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Place:
    """Where in the text something stands; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Option:
    """A value that is no tensor: an axis, a flag, or the name of a dtype."""

    value: int | bool | str | tuple[int, ...] | None


@dataclass(frozen=True)
class DtypeOf:
    """`y_pred.dtype`."""

    variable: str


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Negation:
    place: Place
    operand: Expression


@dataclass(frozen=True)
class Binary:
    """`symbol` is one of + - * / ** and of the six comparisons."""

    place: Place
    symbol: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Call:
    """`function` is a name of `core.formula.functions.FUNCTIONS`."""

    place: Place
    function: str
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]


Expression = Number | Option | DtypeOf | Variable | Negation | Binary | Call


@dataclass(frozen=True)
class Assignment:
    name: str
    value: Expression


@dataclass(frozen=True)
class Formula:
    """A loss or metric of the user's own; `body` ends in `result`."""

    name: str
    parameters: tuple[str, str]
    body: tuple[Assignment, ...]
    result: Expression
    source: str

    def call(self, y_true: Any, y_pred: Any, namespace: Mapping[str, Any]) -> Any:
        """What the formula gives for two tensors, computed by the same functions as its Python text.

        Args:
            y_true: targets, of shape (batch, …).
            y_pred: what the model gives, of shape (batch, …).
            namespace: the modules behind the names `tf`, `keras` and `ops`; the caller has imported them.

        Raises:
            FormulaError: if TensorFlow refuses an operation; with the place of that operation.
        """
        variables = dict(zip(self.parameters, (y_true, y_pred), strict=True))
        for assignment in self.body:
            variables[assignment.name] = _evaluate(assignment.value, variables, namespace)
        return _evaluate(self.result, variables, namespace)


def _evaluate(node: Expression, variables: Mapping[str, Any], namespace: Mapping[str, Any]) -> Any:
    match node:
        case Number(value) | Option(value):
            return value
        case Variable(name):
            return variables[name]
        case DtypeOf(name):
            return variables[name].dtype
        case Negation(place, operand):
            return _tried(place, operator.neg, _evaluate(operand, variables, namespace))
        case Binary(place, symbol, left, right):
            sides = (_evaluate(side, variables, namespace) for side in (left, right))
            return _tried(place, _BINARY[symbol], *sides)
        case Call(place, name, arguments, keywords):
            function = reduce(getattr, name.split(".")[1:], namespace[name.split(".")[0]])
            values = [_evaluate(argument, variables, namespace) for argument in arguments]
            named = {key: _evaluate(argument, variables, namespace) for key, argument in keywords}
            return _tried(place, function, *values, **named)


def _tried(place: Place, function: Callable[..., Any], *values: Any, **named: Any) -> Any:
    try:
        return function(*values, **named)
    except FormulaError:
        raise
    except Exception as refusal:  # TensorFlow raises many kinds; each becomes one sentence with a place
        first = str(refusal).strip().partition("\n")[0] or type(refusal).__name__
        raise FormulaError(place.line, place.column, f"TensorFlow refused this: {first[:300]}") from refusal
