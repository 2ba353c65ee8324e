"""What is checked in the text of a formula before Python's parser sees it, and the parsing itself."""

from __future__ import annotations

import ast
import io
import tokenize
import unicodedata

from core.errors import FormulaError

MAX_LENGTH = 4096
MAX_BRACKETS = 30
MAX_NODES = 300
MAX_DEPTH = 40

_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def tree(source: str) -> ast.Module:
    """The syntax tree of a text that is short, plain and shallow enough to be looked at.

    Raises:
        FormulaError: if it is not, or if it is no Python.
    """
    _refuse_strange_text(source)
    try:
        _refuse_foreign_letters(source)
        found = ast.parse(source)
    except SyntaxError as fault:
        raise FormulaError(fault.lineno or 1, max(fault.offset or 1, 1), f"This is no Python: {fault.msg}.") from None
    except tokenize.TokenError as fault:
        line, column = fault.args[1]
        raise FormulaError(line, column + 1, "A bracket or a text is still open at the end. Close it.") from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise FormulaError(1, 1, "This cannot be read. Write shorter expressions, line by line.") from None
    _refuse_big_tree(found)
    return found


def _refuse_strange_text(source: str) -> None:
    if len(source) > MAX_LENGTH:
        raise FormulaError(1, 1, f"A formula has at most {MAX_LENGTH} characters; this one has {len(source)}.")
    depth = 0
    for number, line in enumerate(source.split("\n"), start=1):
        for column, character in enumerate(line, start=1):
            if character != "\t" and unicodedata.category(character) in _INVISIBLE:
                code = f"U+{ord(character):04X}"
                raise FormulaError(number, column, f"The invisible character {code} is not allowed. Remove it.")
            depth += (character in "([{") - (character in ")]}")
            if depth > MAX_BRACKETS:
                message = f"More than {MAX_BRACKETS} open brackets are not allowed. Give the inner parts names."
                raise FormulaError(number, column, message)


def _refuse_foreign_letters(source: str) -> None:
    """Python reads `ops.ſum` as `ops.sum`; a formula says what it means in plain letters."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NAME, tokenize.ERRORTOKEN, tokenize.OP) and not token.string.isascii():
            line, column = token.start
            message = f"{token.string!r} is not allowed. Write names with the letters a to z."
            raise FormulaError(line, column + 1, message)


def _refuse_big_tree(tree: ast.Module) -> None:
    level: list[ast.AST] = [tree]
    depth = count = 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH or count > MAX_NODES * 4:
            raise FormulaError(1, 1, "This formula is too big. Give its parts names, or leave some of them out.")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
