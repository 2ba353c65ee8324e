"""Reads the text of a formula: the frame of the one function, and its lines in order."""

from __future__ import annotations

import ast
import textwrap

from core.errors import FormulaError
from core.formula import text
from core.formula.expressions import Reader, column_of
from core.formula.functions import MODULES
from core.formula.tree import Assignment, Formula, Number

_STATEMENTS: dict[type[ast.stmt], str] = {
    ast.Import: "`import` is not allowed. Remove the line: `tf`, `keras` and `ops` are there already.",
    ast.ImportFrom: "`import` is not allowed. Remove the line: `tf`, `keras` and `ops` are there already.",
    ast.If: "`if` is not allowed. Write `tf.where(condition, a, b)`.",
    ast.For: "Loops are not allowed. Write functions over whole tensors, such as `tf.reduce_sum`.",
    ast.While: "Loops are not allowed. Write functions over whole tensors, such as `tf.reduce_sum`.",
    ast.AugAssign: "This short form is not allowed. Write `name = name + …`.",
    ast.AnnAssign: "Annotations are not allowed. Write `name = …`.",
    ast.FunctionDef: "A function inside the function is not allowed. Write its lines out.",
    ast.Expr: "A line that does nothing with its value is not allowed. Write `name = …`, or remove it.",
    ast.Assert: "`assert` is not allowed. Remove the line.",
    ast.Pass: "`pass` is not allowed. Remove the line.",
}


def parse(source: str) -> Formula:
    """The formula in a text such as `def loss(y_true, y_pred): return tf.reduce_mean(…)`.

    Raises:
        FormulaError: with the line and the column of what is not allowed, and what to write instead.
    """
    source = textwrap.dedent(source.replace("\r\n", "\n")).strip("\n")
    function = _the_function(text.tree(source))
    parameters = _parameters(function)
    *lines, last = _without_docstring(function)
    reader = Reader(parameters)
    body = tuple(found for line in lines if (found := _assignment(line, reader)))
    if not isinstance(last, ast.Return) or last.value is None:
        if isinstance(last, ast.Assign):
            raise _refused(last, "The last line has to give the result. Write `return …`.")
        raise _refused(last, _not_allowed(last))
    result = reader.read(last.value)
    if parameters[1] not in reader.used:
        message = f"The result does not depend on `{parameters[1]}`, so nothing can be learned from it. Use it."
        raise _refused(last, message)
    return Formula(function.name, parameters, body, result, source)


def _the_function(tree: ast.Module) -> ast.FunctionDef:
    if not tree.body:
        raise FormulaError(1, 1, "There is no formula. Write `def loss(y_true, y_pred):` and a line with `return`.")
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef) or statement is not tree.body[0]:
            message = _STATEMENTS.get(type(statement), "Only one function is allowed.")
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                message = "Only one function is allowed. Write `def loss(y_true, y_pred):` and nothing beside it."
            raise _refused(statement, message)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)  # the loop above lets nothing else through
    if function.decorator_list:
        raise _refused(function.decorator_list[0], "A decorator is not allowed. Remove it.")
    _refuse_taken_name(function, function.name)
    return function


def _parameters(function: ast.FunctionDef) -> tuple[str, str]:
    given = function.args
    plain = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    names = [parameter.arg for parameter in plain]
    extras = (given.posonlyargs, given.kwonlyargs, given.vararg, given.kwarg, given.defaults)
    if any(extras) or len(names) != 2 or names[0] == names[1]:
        raise _refused(function, f"A formula takes two values. Write `def {function.name}(y_true, y_pred):`.")
    annotations = [part for part in (*(parameter.annotation for parameter in plain), function.returns) if part]
    if annotations:
        raise _refused(annotations[0], "Annotations are not allowed. Remove this one.")
    for parameter in plain:
        _refuse_taken_name(parameter, parameter.arg)
    return names[0], names[1]


def _without_docstring(function: ast.FunctionDef) -> list[ast.stmt]:
    lines = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    if not lines:
        raise _refused(function, "The function gives no result. Write a line with `return`.")
    return lines


def _assignment(line: ast.stmt, reader: Reader) -> Assignment | None:
    """None when the line names a plain number: `reader` keeps those."""
    if isinstance(line, ast.Return):
        raise _refused(line, "Only the last line may be a `return`. Write `tf.where(condition, a, b)` to choose.")
    if not isinstance(line, ast.Assign):
        raise _refused(line, _not_allowed(line))
    target = line.targets[0]
    if len(line.targets) > 1 or not isinstance(target, ast.Name):
        raise _refused(target, "Only one plain name can be given a value. Write one `name = …` a line.")
    _refuse_taken_name(target, target.id)
    value = reader.read(line.value)
    reader.assign(target.id, value)
    return None if isinstance(value, Number) else Assignment(target.id, value)


def _refuse_taken_name(node: ast.FunctionDef | ast.arg | ast.Name, name: str) -> None:
    if name in MODULES or name.startswith("__"):
        raise _refused(node, f"The name `{name}` is taken. Choose another one.")


def _not_allowed(line: ast.stmt) -> str:
    plain = "This kind of line is not allowed. A formula has lines `name = …` and, at the end, `return …`."
    return _STATEMENTS.get(type(line), plain)


def _refused(node: ast.stmt | ast.expr | ast.arg, message: str) -> FormulaError:
    return FormulaError(node.lineno, column_of(node), message)
