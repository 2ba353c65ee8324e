"""Takes the events of a run to the store, in portions, with the state of the run that follows from them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from core.engine import log
from core.errors import StoreError
from core.events import Event, Note, decode, encode
from core.progress import RunView, fold, view as view_of
from core.store import Store, status_change

COMMIT_SECONDS = 0.05
RETRY_SECONDS = 1.0


class Recorder:
    """Keeps in memory what the store does not take, and tries again: a full disk costs time, no points."""

    def __init__(self, store: Store, run_id: str) -> None:
        self._store = store
        self._run_id = run_id
        self._pending: list[bytes] = []
        self._not_before = 0.0
        self._trouble_since: float | None = None
        # The view of a run that is continued ends with the end that it had.
        self.view: RunView = replace(view_of(store, run_id), status="starting", message="", stopped=False)

    @property
    def has_pending(self) -> bool:
        return bool(self._pending)

    def add(self, body: bytes) -> None:
        """Take one encoded event."""
        self.view = fold([decode(body)], self.view)
        self._pending.append(body)

    def say(self, event: Event) -> None:
        """Take an event of the keeper's own."""
        self.add(encode(event))

    def commit_if_due(self) -> None:
        """Commit, unless that was just done or has just failed; an end waits for the last `commit`."""
        if self._pending and not self.view.is_over and time.monotonic() >= self._not_before:
            self.commit()

    def commit(self) -> bool:
        """Try to commit what is pending; whether nothing is pending any more."""
        now = time.monotonic()
        try:
            self._store.append(self._run_id, self._pending, self._changes())
        except StoreError as error:
            self._not_before = now + RETRY_SECONDS
            if self._trouble_since is None:
                self._trouble_since = now
                log.say(f"keeper of {self._run_id}: {error}")
            return False
        self._pending.clear()
        self._not_before = now + COMMIT_SECONDS
        if self._trouble_since is not None:
            seconds, self._trouble_since = now - self._trouble_since, None
            self.say(Note(f"For {seconds:.0f} s the store could take no points (a full disk?). None was lost."))
        return True

    def _changes(self) -> dict[str, Any]:
        view = self.view
        changes: dict[str, Any] = {"steps": view.steps, "heartbeat": time.time(), "message": view.message}
        if view.execution:
            changes["execution"] = view.execution
        if view.metrics:
            changes["metrics"] = view.metrics
        if view.started_at:
            changes["started"] = view.started_at
        return status_change(view.status, changes)
