"""The files that projects were given: how much one project may have, and which of them nobody uses any more."""

from __future__ import annotations

import shutil
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

from core.data import Folders, forget, too_large, uploads
from core.errors import DataError
from core.settings import Settings
from core.store import Store

FRESH_SECONDS = 3600.0
"""A file that no project mentions stays so long: whoever sent it may be about to use it."""

SWEEP_SECONDS = 600.0
LEAST_BYTES = 4096
"""A disk gives no smaller piece, so that many small files count too."""

WEIGHTS = "last.weights.h5"
_MOST = 10_000


@dataclass(frozen=True)
class _Given:
    """A file that came lately, which its project may not mention yet."""

    size: int
    since: float
    is_new: bool = False


class GivenFiles:
    """Uploads and imported weights, by the projects that mention them. Safe to use from several threads."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._folders = Folders.of(settings)
        self._lock = threading.Lock()
        self._lately: OrderedDict[tuple[str, str], _Given] = OrderedDict()
        self._expected = 0
        self._swept = 0.0

    def expect(self, project: str, size: int | None) -> str:
        """Hold the room for a file that is to come.

        Args:
            project: the one that it is for.
            size: in bytes; None if the sender does not say it.

        Returns:
            What `expected_no_more` takes, once the file has come or not.

        Raises:
            DataError: if the file is too large, or the project has no room for it.
        """
        most = self._settings.upload_bytes
        needed = most if size is None else size
        if needed > most:
            raise DataError(too_large(most))
        self.sweep_at_times()
        with self._lock:
            self._refuse_too_much(project, needed)
            self._expected += 1
            ticket = f"expected:{self._expected}"
            self._note((project, ticket), _Given(needed, time.monotonic()))
        return ticket

    def expected_no_more(self, project: str, ticket: str) -> None:
        """The room that was held is free again; a file that came takes its own."""
        with self._lock:
            self._lately.pop((project, ticket), None)

    def _refuse_too_much(self, project: str, size: int) -> None:
        used, most = self._used(project), self._settings.project_mb * 1_000_000
        if used + size > most:
            raise DataError(
                f"There is no room for {_megabytes(size)} more in this project: its files have {_megabytes(used)} of "
                f"{_megabytes(most)} already, with those of its runs and of its undo. Send a smaller file, or start a "
                "new project for this one."
            )

    def came(self, project: str, reference: str, is_new: bool) -> None:
        """A file is here whole; `is_new` if nobody had given its content before."""
        size = uploads.find(reference, self._folders).stat().st_size
        with self._lock:
            self._note((project, reference), _Given(size, time.monotonic(), is_new))

    def drop(self, project: str, reference: str) -> None:
        """Remove a file that is of no more use, unless somebody had given it before this project did."""
        with self._lock:
            mine = self._lately.pop((project, reference), None)
            other = next((key for key in self._lately if key[1] == reference), None)
            if mine is None or not mine.is_new:
                return
            if other is not None:  # who gave it too is the one to remove it
                self._lately[other] = replace(self._lately[other], is_new=True)
                return
            forget(reference, self._folders)

    def sweep_at_times(self) -> None:
        """`sweep`, unless it was done just now."""
        with self._lock:
            is_due = not self._swept or time.monotonic() - self._swept > SWEEP_SECONDS
            if is_due:
                self._swept = time.monotonic()
        if is_due:
            self.sweep()

    def sweep(self, seconds: float = FRESH_SECONDS) -> None:
        """Remove what a server that died left half written, and what no project mentions any more.

        Args:
            seconds: what is younger stays.
        """
        used = self._store.mentioned()
        with self._lock:
            for key, given in list(self._lately.items()):
                if time.monotonic() - given.since > seconds:
                    del self._lately[key]
            used |= {reference.removeprefix(uploads.PREFIX) for _, reference in self._lately}
        uploads.sweep(self._folders, used, seconds)
        for folder in self._settings.imports.glob("*"):
            if folder.name not in used and uploads.age(folder) > seconds:
                shutil.rmtree(folder, ignore_errors=True)

    def weights(self, digest: str) -> Path:
        """Where the weights of an imported model stand, by the hash of its file."""
        return self._settings.imports / digest / WEIGHTS

    def _note(self, key: tuple[str, str], given: _Given) -> None:
        self._lately[key] = given
        while len(self._lately) > _MOST:
            self._lately.popitem(last=False)

    def _used(self, project: str) -> int:
        """The bytes of all that the project mentions or was just given; what it shares with others counts whole."""
        mentioned = self._store.mentioned(project)
        files = [path for name in mentioned for path in (self._settings.uploads / name, self.weights(name))]
        known = sum(_size(path) for path in files)
        lately = [
            max(given.size, LEAST_BYTES)
            for (owner, reference), given in self._lately.items()
            if owner == project and reference.removeprefix(uploads.PREFIX) not in mentioned
        ]
        return known + sum(lately)


def _size(path: Path) -> int:
    """What it takes on the disk; nothing if it is not there, or was removed just now."""
    try:
        return max(path.stat().st_size, LEAST_BYTES)
    except FileNotFoundError:
        return 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
