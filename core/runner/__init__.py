"""The promise of whatever starts the workers of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Capacity:
    """How many runs may train at the same time, how many do, and how many wait."""

    workers: int
    busy: int
    waiting: int


class Runner(Protocol):
    """Starts runs that `Store.create_run` or `Store.continue_run` has queued, in a fair order."""

    def start(self) -> None:
        """Take over what an earlier server left: living workers go on, dead ones are reported."""

    def stop(self) -> None:
        """Start no more runs; those that train go on."""

    def submit(self, run_id: str) -> None:
        """Say that a run is in the queue; it starts as soon as there is room."""

    def cancel(self, run_id: str) -> None:
        """End a run: one that waits at once, one that trains after its present step."""

    def capacity(self) -> Capacity:
        """What there is room for."""

    def position(self, run_id: str) -> int | None:
        """The place in the queue, from 1; None if the run does not wait."""
