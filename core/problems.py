"""What is wrong with a project, said in a sentence, and the repairs where there are some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import edits
from core.edits import Edit
from core.errors import SpecError
from core.spec import Project

_ROUNDS = 8


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
    """One fault. `node` is the id of a layer or of a block; `field` a parameter of it, or a dotted path such as
    `training.batch_size`.

    `message` says where, what was needed, what came, what to do; `details` are Keras's own words, if it spoke;
    `fix` is the repair that is most likely meant, `others` are what could be done instead.
    """

    node: str | None
    field: str | None
    message: str
    fix: Fix | None = None
    details: str = ""
    others: tuple[Fix, ...] = ()

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """All repairs, the best first."""
        return (self.fix, *self.others) if self.fix else self.others

    def to_dict(self) -> dict[str, Any]:
        """The problem as JSON data, as `python -m core check` prints it."""
        return {
            "node": self.node,
            "field": self.field,
            "message": self.message,
            "fix": self.fix.to_dict() if self.fix else None,
            "fixes": [fix.to_dict() for fix in self.fixes],
            "details": self.details,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        """The problem that `to_dict` wrote."""
        fix = Fix.from_dict(data["fix"]) if data.get("fix") else None
        fixes = tuple(Fix.from_dict(item) for item in data.get("fixes") or ())
        others = fixes[1:] if fix else fixes
        return cls(data["node"], data["field"], data["message"], fix, data.get("details", ""), others)


def repairs(project: Project, find: Callable[[Project], Sequence[Problem]]) -> tuple[Edit, ...]:
    """The edits that leave a project without problems, or with as few as its repairs come to.

    One repair can make another one needless or impossible, and can bring to light what is wrong behind it; so the
    problems are looked for again after each round.

    Args:
        project: what is to be repaired.
        find: all problems of a project, as a check finds them.
    """
    done: tuple[Edit, ...] = ()
    best, fewest = done, len(found := find(project))
    for _ in range(_ROUNDS):
        project, made = _repaired(project, found)
        if not made:
            break
        done += made
        found = find(project)
        if len(found) < fewest:
            best, fewest = done, len(found)
        if not found:
            break
    return best


def _repaired(project: Project, found: Iterable[Problem]) -> tuple[Project, tuple[Edit, ...]]:
    """The project after the first repair of each problem that can be made; one that two problems share once."""
    made: list[Edit] = []
    seen: set[tuple[str, ...]] = set()
    for problem in found:
        for fix in problem.fixes:
            key = tuple(map(repr, fix.edits))
            if key in seen:
                break
            try:
                project = edits.applied(project, fix.edits)
            except SpecError:
                continue
            seen.add(key)
            made += fix.edits
            break
    return project, tuple(made)
