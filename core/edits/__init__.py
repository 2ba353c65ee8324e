"""Edits: small typed changes of a project. Each gives a new project; the old one stays for undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from core.edits import blocks, fields, links, placing, structure
from core.edits.kinds import (
    Add,
    Connect,
    Disconnect,
    Dissolve,
    Duplicate,
    Edit,
    InsertBefore,
    MakeBlock,
    Move,
    Place,
    Remove,
    Rename,
    ResetParam,
    Set,
    SetBlock,
    SetInputs,
    SetOutputs,
    SetParam,
    Share,
    Single,
    Tidy,
    Together,
    from_dict,
    to_dict,
)
from core.errors import SpecError
from core.spec import Project

__all__ = [
    "Add",
    "Connect",
    "Disconnect",
    "Dissolve",
    "Duplicate",
    "Edit",
    "InsertBefore",
    "MakeBlock",
    "Move",
    "Place",
    "Remove",
    "Rename",
    "ResetParam",
    "Set",
    "SetBlock",
    "SetInputs",
    "SetOutputs",
    "SetParam",
    "Share",
    "Single",
    "Tidy",
    "Together",
    "applied",
    "apply",
    "from_dict",
    "to_dict",
]


def _together(project: Project, edit: Together) -> Project:
    return applied(project, edit.edits)


_DOERS: dict[str, Callable[[Project, Any], Project]] = {
    "add": structure.add,
    "insert_before": structure.insert_before,
    "remove": structure.remove,
    "move": structure.move,
    "duplicate": structure.duplicate,
    "rename": structure.rename,
    "share": structure.share,
    "set_inputs": links.set_inputs,
    "set_outputs": links.set_outputs,
    "connect": links.connect,
    "disconnect": links.disconnect,
    "place": placing.place,
    "tidy": placing.tidy,
    "make_block": blocks.make_block,
    "set_block": blocks.set_block,
    "dissolve": blocks.dissolve,
    "together": _together,
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
