"""Reads one expression of a formula: what the allow-list knows becomes a node, all else is refused."""

from __future__ import annotations

import ast
import math
import operator

from core.errors import FormulaError
from core.formula import calls
from core.formula.functions import MODULES
from core.formula.tree import Binary, Call, DtypeOf, Expression, Negation, Number, Place, Variable

MAX_EXPONENT = 8
MAX_NUMBER = 2**31

_ARITHMETIC = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("**", operator.pow),
}
_COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}

_REFUSALS: dict[type[ast.expr], str] = {
    ast.Attribute: "Attributes are not allowed here. Write functions, such as `tf.reduce_mean(y_pred)`.",
    ast.Subscript: "Square brackets are not allowed here. Write functions over whole tensors.",
    ast.IfExp: "`a if condition else b` is not allowed. Write `tf.where(condition, a, b)`.",
    ast.BoolOp: "`and` and `or` are not allowed. Write `tf.logical_and(a, b)` or `tf.logical_or(a, b)`.",
    ast.Lambda: "`lambda` is not allowed. Write the expression out.",
    ast.JoinedStr: "Text is not allowed. Write numbers and tensors.",
    ast.List: "A list is not allowed here. Lists are for `axis`, as in `axis=[1, 2]`.",
    ast.Tuple: "A tuple is not allowed here. Tuples are for `axis`, as in `axis=(1, 2)`.",
    ast.NamedExpr: "`:=` is not allowed. Write `name = …` on a line of its own.",
}


def column_of(node: ast.stmt | ast.expr | ast.arg) -> int:
    """Counts from 1, as editors do; the text before a node is ASCII, so bytes are characters."""
    return node.col_offset + 1


class Reader:
    """Reads expressions in order and knows the names that have a value by then."""

    def __init__(self, parameters: tuple[str, str]) -> None:
        self._values: dict[str, Expression] = {name: Variable(name) for name in parameters}
        self.used: set[str] = set()

    def assign(self, name: str, value: Expression) -> None:
        """Names of plain numbers are replaced by the numbers, so that no arithmetic of Python's is left to do."""
        self._values[name] = value if isinstance(value, Number) else Variable(name)

    def read(self, node: ast.expr) -> Expression:
        """The node for an expression.

        Raises:
            FormulaError: if it is not allowed.
        """
        match node:
            case ast.Constant():
                return _number(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.Call():
                name, arguments, keywords = calls.read(node, self._argument)
                return Call(_place(node), name, arguments, keywords)
        raise _refused(
            node, _REFUSALS.get(type(node), "This is not allowed. Write numbers, names, + - * / ** and calls.")
        )

    def _argument(self, node: ast.expr, kind: str) -> Expression:
        if kind == "tensor":
            return self.read(node)
        if kind == "dtype" and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = node.value.id
            if node.attr == "dtype" and isinstance(self._values.get(name), Variable):
                return DtypeOf(name)
        return calls.option(node, kind)

    def _name(self, node: ast.Name) -> Expression:
        if node.id in self._values:
            self.used.add(node.id)
            return self._values[node.id]
        if node.id in MODULES:
            raise _refused(node, f"`{node.id}` alone is no value. Call a function of it, such as `tf.abs(…)`.")
        raise _refused(
            node, f"`{node.id}` has no value here. The names with one are {', '.join(sorted(self._values))}."
        )

    def _unary(self, node: ast.UnaryOp) -> Expression:
        if not isinstance(node.op, ast.USub):
            raise _refused(node, "Of the signs before a value only - is allowed. For `not`, write `tf.logical_not(a)`.")
        operand = self.read(node.operand)
        return Number(-operand.value) if isinstance(operand, Number) else Negation(_place(node), operand)

    def _binary(self, node: ast.BinOp) -> Expression:
        if type(node.op) not in _ARITHMETIC:
            raise _refused(
                node, "This operator is not allowed. Write + - * / ** or a function such as `tf.logical_and`."
            )
        symbol, apply = _ARITHMETIC[type(node.op)]
        left, right = self.read(node.left), self.read(node.right)
        if symbol == "**" and not (isinstance(right, Number) and abs(right.value) <= MAX_EXPONENT):
            message = f"An exponent is a number from -{MAX_EXPONENT} to {MAX_EXPONENT}. Otherwise write `tf.pow(a, b)`."
            raise _refused(node.right, message)
        if not (isinstance(left, Number) and isinstance(right, Number)):
            return Binary(_place(node), symbol, left, right)
        try:
            value = apply(float(left.value), float(right.value))
        except ArithmeticError:
            value = math.nan
        if isinstance(value, complex) or not math.isfinite(value):
            raise _refused(node, "These numbers give no finite number. Change them.")
        return Number(value)

    def _comparison(self, node: ast.Compare) -> Expression:
        symbol = _COMPARISONS.get(type(node.ops[0]))
        if len(node.ops) > 1 or symbol is None:
            raise _refused(node, "Compare two values with <, <=, >, >=, == or !=; join two by `tf.logical_and(a, b)`.")
        left, right = self.read(node.left), self.read(node.comparators[0])
        if isinstance(left, Number) and isinstance(right, Number):
            raise _refused(node, "Two plain numbers are compared here. Compare a tensor with something.")
        return Binary(_place(node), symbol, left, right)


def _number(node: ast.Constant) -> Number:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(node, "Here needs to be a number or a tensor. Text, None, True and False are not allowed.")
    if (isinstance(value, int) and value >= MAX_NUMBER) or not math.isfinite(value):
        raise _refused(node, "This number is too large. Write a smaller one, or with a point and exponent: 1e12.")
    return Number(value)


def _place(node: ast.expr) -> Place:
    return Place(node.lineno, column_of(node))


def _refused(node: ast.expr, message: str) -> FormulaError:
    return FormulaError(node.lineno, column_of(node), message)
