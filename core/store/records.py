"""What the store hands out: one frozen value for a project, one for a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from core import document
from core.spec import Project

Status = Literal["queued", "starting", "running", "paused", "finished", "stopped", "failed"]
STATUSES: tuple[str, ...] = get_args(Status)
OVER: tuple[Status, ...] = ("finished", "stopped", "failed")


@dataclass(frozen=True)
class StoredProject:
    """A project as it stands. `revision` grows with every change; times are seconds since 1970."""

    id: str
    revision: int
    name: str
    document: str
    created: float
    updated: float
    can_undo: bool
    can_redo: bool
    known: Project | None = field(default=None, repr=False, compare=False)
    """The project, where it need not be read from its document."""

    @cached_property
    def project(self) -> Project:
        """The project itself."""
        return self.known or document.load(self.document)


@dataclass(frozen=True)
class Run:
    """One training of a project; times are seconds since 1970.

    `number` counts the runs of a project from 1; `more_epochs` > 0 when the run is continued for so many;
    `control` is the last word that was sent to it; `metrics` are those of its last epoch.
    """

    id: str
    project_id: str
    number: int
    name: str
    document: str
    status: Status
    ticket: int
    more_epochs: int
    created: float
    started: float | None
    ended: float | None
    heartbeat: float | None
    control: str
    message: str
    metrics: dict[str, Any]
    steps: int
    execution: str
    keeper_pid: int | None
    folder: str

    @cached_property
    def project(self) -> Project:
        """The project as it was trained."""
        return document.load(self.document)

    @property
    def path(self) -> Path:
        """The run's own folder."""
        return Path(self.folder)

    @property
    def is_over(self) -> bool:
        return self.status in OVER


@dataclass(frozen=True)
class FinalTest:
    """What a run's model said of its test part. `ticket` tells one state of the run from the next.

    `answers` has what `core.inspect.examine` said, by output, `score` the first output's score by its name, `weights`
    is "last" or "best".
    """

    run_id: str
    ticket: int
    weights: str
    created: float
    score: dict[str, float]
    answers: dict[str, Any]
