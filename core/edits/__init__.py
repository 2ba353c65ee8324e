"""Edits: small typed changes of a project. Each gives a new project; the old one stays for undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from core.edits import fields, structure
from core.edits.kinds import (
    Add,
    Duplicate,
    Edit,
    InsertBefore,
    Move,
    Remove,
    Rename,
    ResetParam,
    Set,
    SetInputs,
    SetOutputs,
    SetParam,
    Share,
    from_dict,
    to_dict,
)
from core.errors import SpecError
from core.spec import Project

__all__ = [
    "Add",
    "Duplicate",
    "Edit",
    "InsertBefore",
    "Move",
    "Remove",
    "Rename",
    "ResetParam",
    "Set",
    "SetInputs",
    "SetOutputs",
    "SetParam",
    "Share",
    "applied",
    "apply",
    "from_dict",
    "to_dict",
]

_DOERS: dict[str, Callable[[Project, Any], Project]] = {
    "add": structure.add,
    "insert_before": structure.insert_before,
    "remove": structure.remove,
    "move": structure.move,
    "duplicate": structure.duplicate,
    "rename": structure.rename,
    "set_inputs": structure.set_inputs,
    "set_outputs": structure.set_outputs,
    "share": structure.share,
    "set_param": fields.set_param,
    "reset_param": fields.reset_param,
    "set": fields.set_field,
}


def apply(project: Project, edit: Edit) -> Project:
    """The project after one edit.

    Raises:
        SpecError: if the edit cannot be done, with a sentence that says why; the project is as it was.
    """
    try:
        return _DOERS[edit.op](project, edit)
    except ValidationError as refusal:
        raise SpecError("", f"this edit cannot be done: {refusal.errors(include_url=False)[0]['msg']}.") from None


def applied(project: Project, edits: Iterable[Edit]) -> Project:
    """The project after several edits, one behind the other; raises `SpecError` as `apply` does."""
    for edit in edits:
        project = apply(project, edit)
    return project
