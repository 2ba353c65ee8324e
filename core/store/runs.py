"""Runs: the queue, their state, and the words that steer them."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from core import document
from core.errors import StoreError
from core.spec import Project
from core.store.database import Database
from core.store.records import OVER, STATUSES, Run, Status
from core.store.tables import projects, runs, words

_CHANGEABLE = {"status", "started", "ended", "message", "metrics", "steps", "execution", "keeper_pid"}


class Runs(Database):
    """The part of the store that holds runs."""

    def create_run(self, project_id: str, project: Project, folder_root: Path) -> Run:
        """Queue a training of `project`, frozen as it is now; it will work in a folder below `folder_root`."""
        token, text = secrets.token_urlsafe(16), document.dump(project)
        with self._write("the run") as connection:
            if connection.scalar(select(projects.c.id).where(projects.c.id == project_id).with_for_update()) is None:
                raise StoreError("There is no project at this address. Check the link, or start a new project.")
            last = connection.scalar(select(func.max(runs.c.number)).where(runs.c.project_id == project_id)) or 0
            connection.execute(
                runs.insert().values(
                    id=token,
                    project_id=project_id,
                    number=last + 1,
                    name=f"Run {last + 1}",
                    document=text,
                    status="queued",
                    ticket=_next_ticket(connection),
                    created=time.time(),
                    metrics={},
                    folder=str(folder_root / token),
                )
            )
        return self.run(token)

    def run(self, run_id: str) -> Run:
        """The run as it stands.

        Raises:
            StoreError: if there is none with this id.
        """
        with self._read() as connection:
            return _run(connection, run_id)

    def runs(self, project_id: str) -> list[Run]:
        """The runs of a project, newest first."""
        return self._runs(runs.c.project_id == project_id, newest_first=True)

    def queued(self) -> list[Run]:
        """The runs that wait, in the order in which they were submitted."""
        return self._runs(runs.c.status == "queued")

    def active(self) -> list[Run]:
        """The runs that have a worker, or had one that died unnoticed."""
        return self._runs(runs.c.status.in_(("starting", "running", "paused")))

    def rename_run(self, run_id: str, name: str) -> None:
        """Give a run another name; an empty one is not taken."""
        if name.strip():
            self._update(run_id, {"name": name.strip()[:120]})

    def delete_run(self, run_id: str) -> None:
        """Forget a run and its points; its folder is the caller's to remove.

        Raises:
            StoreError: if it is still at work.
        """
        with self._write("the deletion") as connection:
            run = _run(connection, run_id, lock=True)
            if not run.is_over and run.status != "queued":
                raise StoreError(f"{run.name} is still {run.status}. Stop it first, then delete it.")
            connection.execute(delete(runs).where(runs.c.id == run_id))

    def continue_run(self, run_id: str, epochs: int) -> Run:
        """Put a run that is over back in the queue, to train for `epochs` more.

        Raises:
            StoreError: if it is not over.
        """
        with self._write("the run") as connection:
            run = _run(connection, run_id, lock=True)
            if not run.is_over:
                raise StoreError(f"{run.name} is still {run.status}. Let it end or stop it, then continue it.")
            connection.execute(delete(words).where(words.c.run_id == run_id))
            changes = {"status": "queued", "ticket": _next_ticket(connection), "more_epochs": epochs}
            changes |= {"ended": None, "message": "", "control": "", "heartbeat": None, "keeper_pid": None}
            connection.execute(update(runs).where(runs.c.id == run_id).values(changes))
            return _run(connection, run_id)

    def claim(self, run_id: str) -> bool:
        """Take a queued run to start it; false if somebody else has taken or ended it."""
        return self._from_queue(run_id, status="starting", heartbeat=time.time())

    def cancel_queued(self, run_id: str, message: str) -> bool:
        """End a run that still waits; false if it waits no more."""
        return self._from_queue(run_id, status="stopped", ended=time.time(), message=message)

    def set_status(self, run_id: str, status: Status, **changes: Any) -> None:
        """Say what a run does now; with it may come message, metrics, steps, execution, started, keeper_pid."""
        if unknown := changes.keys() - _CHANGEABLE:
            raise TypeError(f"set_status cannot change {sorted(unknown)}")
        self._update(run_id, status_change(status, changes))

    def beat(self, run_id: str) -> bool:
        """Say that the keeper of this run is alive; false if the run has been deleted."""
        return self._update(run_id, {"heartbeat": time.time()})

    def send(self, run_id: str, word: str) -> None:
        """Send a word (`pause`, `resume`, `step`, `epoch`, `stop`, …); to a run that is over it does nothing."""
        with self._write("the command") as connection:
            if _run(connection, run_id, lock=True).is_over:
                return
            last = connection.scalar(select(func.max(words.c.seq)).where(words.c.run_id == run_id)) or 0
            connection.execute(words.insert().values(run_id=run_id, seq=last + 1, word=word))
            connection.execute(update(runs).where(runs.c.id == run_id).values(control=word))

    def words_after(self, run_id: str, seq: int) -> list[tuple[int, str]]:
        """The words sent to a run since `seq`, each with its number, in order."""
        query = select(words.c.seq, words.c.word).where(words.c.run_id == run_id, words.c.seq > seq)
        with self._read() as connection:
            return [(row.seq, row.word) for row in connection.execute(query.order_by(words.c.seq))]

    def _runs(self, condition: ColumnElement[bool], *, newest_first: bool = False) -> list[Run]:
        query = select(runs).where(condition)
        query = query.order_by(runs.c.number.desc() if newest_first else runs.c.ticket)
        with self._read() as connection:
            return [Run(**row._mapping) for row in connection.execute(query)]

    def _update(self, run_id: str, changes: dict[str, Any]) -> bool:
        with self._write("the run") as connection:
            return connection.execute(update(runs).where(runs.c.id == run_id).values(changes)).rowcount == 1

    def _from_queue(self, run_id: str, **changes: Any) -> bool:
        waiting = (runs.c.id == run_id) & (runs.c.status == "queued")
        with self._write("the run") as connection:
            return connection.execute(update(runs).where(waiting).values(changes)).rowcount == 1


def status_change(status: Status, changes: dict[str, Any]) -> dict[str, Any]:
    """The columns that go with a status: a run that is over has an end, and so on."""
    if status not in STATUSES:
        raise StoreError(f"A run is one of {', '.join(STATUSES)}, not {status!r}.")
    return ({"ended": time.time()} if status in OVER else {}) | {"status": status} | changes


def _next_ticket(connection: Connection) -> int:
    return (connection.scalar(select(func.max(runs.c.ticket))) or 0) + 1


def _run(connection: Connection, run_id: str, *, lock: bool = False) -> Run:
    query = select(runs).where(runs.c.id == run_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise StoreError("There is no such run. It may have been deleted; the Runs page lists those there are.")
    return Run(**row._mapping)
