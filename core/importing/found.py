"""What comes out of a file: a project, what to know about it, and where its weights stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.spec import Project


@dataclass(frozen=True)
class Found:
    """A project from outside.

    Attributes:
        project: as our own files have it.
        notes: sentences on what was left out or put in.
        groups: of each node with weights, the group in the file that holds them; empty for files without weights.
    """

    project: Project
    notes: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
