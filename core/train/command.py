"""Trains for the command line: events go to a file and to stdout from a thread of their own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import settings, train
from core.events import Chosen, Event, Finished, to_dict
from core.train import machine

if TYPE_CHECKING:
    from core.data import Dataset
    from core.spec import Project


def run(project: Project, dataset: Dataset, folder: Path, line: Callable[[Any], bytes], control: train.Control) -> bool:
    """Train, and say each event as it comes; whether the run finished.

    Args:
        project: what to train.
        dataset: its rows.
        folder: gets the files of the run, `events.jsonl` among them.
        line: prints a value as a line of JSON and returns that line.
        control: gives the user's words.
    """
    home = settings.load()
    with _Journal(folder / "events.jsonl", line) as journal:

        def report(event: Event) -> None:
            journal.take(event)
            if isinstance(event, Chosen):
                machine.remember(home.home, event)

        here = machine.Machine(home.resident_mb, machine.remembered(home.home))
        train.run(project, dataset, folder, report, control, machine=here)
    return journal.is_finished


class _Journal:
    """Writes events while training goes on; leaving it waits until all is written."""

    def __init__(self, file: Path, line: Callable[[Any], bytes]) -> None:
        self.is_finished = False
        self._file = file.open("wb")
        self._line = line
        self._fault: OSError | None = None
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)

    def __enter__(self) -> _Journal:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()
        self._file.close()
        if self._fault is not None:
            raise self._fault

    def take(self, event: Event) -> None:
        """Take an event, to be written soon.

        Raises:
            OSError: if one before it could not be written.
        """
        if self._fault is not None:
            raise self._fault
        self.is_finished = isinstance(event, Finished)
        self._queue.put(event)

    def _write(self) -> None:
        try:
            while (event := self._queue.get()) is not None:
                self._file.write(self._line(to_dict(event)))
                if self._queue.empty():
                    self._file.flush()
        except OSError as fault:
            self._fault = fault
