"""Everything core raises on purpose.

EagerlyError
├── SpecError        the project file is wrong; carries the path of the wrong field
├── FormulaError     a user's own loss or metric is refused; carries line and column
├── DataError        the data cannot be read, or does not fit the project
├── BuildError       the description is fine, Keras refused it; carries the node
├── StoreError       the store cannot be read or written
│   └── StaleError   the project has changed since it was read
├── EngineError      the engine is not there, or a question took too long
├── RunError         a run could not start, or its worker died
├── ExportError      this project or run cannot be had in that format
└── ImportRefused    a file from outside is not taken; carries the place in it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class EagerlyError(Exception):
    """Base class: its text is a sentence for the user; it survives pickling."""


class _Placed(EagerlyError):
    """An error that knows its place."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, message)  # both in args, so that it survives pickling
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class SpecError(_Placed):
    """A field of the project file is wrong; `path` is dotted, as `training.epochs`."""


class FormulaError(EagerlyError):
    """A line of a user's own formula is refused."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(line, column, message)
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.message}"


class DataError(EagerlyError):
    """The data cannot be read, or does not fit the project.

    `field` is the dotted path of what is wrong in the project; `repair` is what a button says that mends it, and the
    fields that it sets.
    """

    def __init__(self, message: str, field: str = "data", repair: tuple[str, Mapping[str, Any]] | None = None) -> None:
        super().__init__(message, field, repair)  # all in args, so that it survives pickling
        self.message = message
        self.field = field
        self.repair = repair

    def __str__(self) -> str:
        return self.message


class BuildError(_Placed):
    """Keras refused a part of the model; `path` is the node's id."""


class StoreError(EagerlyError):
    """The store cannot be read or written."""


class StaleError(StoreError):
    """Somebody else has changed the project since it was read."""


class EngineError(EagerlyError):
    """The engine is not there, or a question to it failed or took too long."""


class RunError(EagerlyError):
    """A run could not start, or its worker died."""


class ExportError(EagerlyError):
    """This project or run cannot be had in that format."""


class ImportRefused(_Placed):
    """A file from outside is not taken; `path` is the place in it."""
