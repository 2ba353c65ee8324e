"""What is wrong with a project, said in a sentence, and the repair where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import edits
from core.edits import Edit


@dataclass(frozen=True)
class Fix:
    """Edits that repair a problem; `label` is what its button says."""

    label: str
    edits: tuple[Edit, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"label": self.label, "edits": [edits.to_dict(edit) for edit in self.edits]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Fix:
        return cls(data["label"], tuple(edits.from_dict(edit) for edit in data["edits"]))


@dataclass(frozen=True)
class Problem:
    """One fault. `node` is an id; `field` a parameter of it, or a dotted path such as `training.batch_size`.

    `message` says where, what was needed, what came, what to do; `details` are Keras's own words, if it spoke.
    """

    node: str | None
    field: str | None
    message: str
    fix: Fix | None = None
    details: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The problem as JSON data, as `python -m core check` prints it."""
        return {
            "node": self.node,
            "field": self.field,
            "message": self.message,
            "fix": self.fix.to_dict() if self.fix else None,
            "details": self.details,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        """The problem that `to_dict` wrote."""
        fix = Fix.from_dict(data["fix"]) if data.get("fix") else None
        return cls(data["node"], data["field"], data["message"], fix, data.get("details", ""))
