"""Reads a call in a formula: the function has to be on the list, and each argument of the right kind."""

from __future__ import annotations

import ast
from collections.abc import Callable

from core.errors import FormulaError
from core.formula.functions import DTYPES, FUNCTIONS, MODULES, Parameter, nearest
from core.formula.tree import Expression, Option

MAX_AXIS = 8

Read = Callable[[ast.expr, str], Expression]
Keywords = tuple[tuple[str, Expression], ...]


def read(node: ast.Call, argument: Read) -> tuple[str, tuple[Expression, ...], Keywords]:
    """The name of the function, its values by place, and its values by name.

    Raises:
        FormulaError: if the function or an argument is not allowed, or an argument is missing.
    """
    name = _dotted(node.func)
    parameters = FUNCTIONS.get(name)
    if parameters is None:
        raise _refused(node.func, _unknown(name))
    if len(node.args) > len(parameters):
        raise _refused(node, f"`{name}` takes {_listed(parameters)}; {len(node.args)} values came. Remove some.")
    by_name = {parameter.name: parameter for parameter in parameters}
    values = [argument(item, by.kind) for item, by in zip(node.args, parameters, strict=False)]
    given = {parameter.name for parameter in parameters[: len(values)]}
    named: list[tuple[str, Expression]] = []
    for keyword in node.keywords:
        if keyword.arg not in by_name or keyword.arg in given:
            raise _refused(keyword.value, f"`{name}` takes {_listed(parameters)}, each once. Remove this one.")
        given.add(keyword.arg)
        named.append((keyword.arg, argument(keyword.value, by_name[keyword.arg].kind)))
    missing = [parameter.name for parameter in parameters if parameter.is_required and parameter.name not in given]
    if missing:
        raise _refused(node, f"`{name}` needs {' and '.join(missing)}. Write {name}({_listed(parameters)}).")
    return name, tuple(values), tuple(named)


def option(node: ast.expr, kind: str) -> Option:
    """The value of an axis, a flag or a dtype.

    Raises:
        FormulaError: if it is none.
    """
    if kind == "flag":
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return Option(node.value)
        raise _refused(node, "Here needs to be True or False.")
    if kind == "dtype":
        return _dtype(node)
    if isinstance(node, ast.Tuple | ast.List) and len(node.elts) <= MAX_AXIS:
        return Option(tuple(_axis(item) for item in node.elts))
    if isinstance(node, ast.Constant) and node.value is None:
        return Option(None)
    return Option(_axis(node))


def _axis(node: ast.expr) -> int:
    inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    if isinstance(inner, ast.Constant) and type(inner.value) is int and inner.value <= MAX_AXIS:
        return inner.value if inner is node else -inner.value
    raise _refused(node, "An axis is a whole number such as -1, or several, such as (1, 2).")


def _dtype(node: ast.expr) -> Option:
    if isinstance(node, ast.Constant) and node.value in DTYPES:
        return Option(str(node.value))
    if isinstance(node, ast.Attribute) and node.attr in DTYPES and ast.unparse(node.value) == "tf":
        return Option(node.attr)
    raise _refused(node, 'A dtype is `tf.float32`, "float32", `y_pred.dtype`, or one of ' + ", ".join(DTYPES) + ".")


def _dotted(node: ast.expr) -> str:
    """`tf.math.log` as text; what is no plain chain of names is refused."""
    parts: list[str] = []
    inner = node
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name) or (parts and inner.id not in MODULES):
        raise _refused(node, "Only functions of `tf`, `tf.math`, `tf.nn` and `keras.ops` can be called, by their name.")
    return ".".join([inner.id, *reversed(parts)])


def _unknown(name: str) -> str:
    likely = nearest(name)
    return f"`{name}` is not allowed." + (f" Write `{likely}(…)`." if likely else _KNOWN)


_KNOWN = " Write functions of `tf`, `tf.math`, `tf.nn` or `keras.ops`, such as `tf.abs`, `tf.reduce_mean`, `tf.where`."


def _listed(parameters: tuple[Parameter, ...]) -> str:
    return ", ".join(parameter.name for parameter in parameters)


def _refused(node: ast.expr, message: str) -> FormulaError:
    return FormulaError(node.lineno, node.col_offset + 1, message)
