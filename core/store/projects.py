"""Projects and their history: every save is kept, so that it can be undone."""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select, update
from sqlalchemy.sql import Select

from core import document
from core.errors import StaleError, StoreError
from core.spec import Project
from core.store.clients import Stamp, take
from core.store.database import Database
from core.store.records import StoredProject
from core.store.tables import projects, revisions, runs

KEPT = 200
_HASHES = tuple(re.compile(rf"{before}([0-9a-f]{{64}})") for before in ("upload:", 'initial_weights": "'))
_NO_PROJECT = "There is no project at this address. Check the link, or start a new project."


class Projects(Database):
    """The part of the store that holds projects."""

    def create_project(self, project: Project) -> str:
        """Keep a new project; its id is an unguessable token of 128 bits."""
        token, now = secrets.token_urlsafe(16), time.time()
        with self._write("the project") as connection:
            connection.execute(
                projects.insert().values(id=token, name=project.name, revision=1, pointer=1, created=now, updated=now)
            )
            connection.execute(revisions.insert().values(project_id=token, number=1, document=document.dump(project)))
        return token

    def project(self, id: str, *, known: tuple[int, Project] | None = None) -> StoredProject:
        """The project as it stands.

        Args:
            known: a revision and what the project is there, so that it need not be read again.

        Raises:
            StoreError: if there is none with this id.
        """
        with self._read() as connection:
            stored = _stored(connection, id)
        return replace(stored, known=known[1]) if known and known[0] == stored.revision else stored

    def revision(self, id: str) -> int:
        """The project's revision, without its document; raises `StoreError` as `project` does."""
        with self._read() as connection:
            found = connection.scalar(select(projects.c.revision).where(projects.c.id == id))
        if found is None:
            raise StoreError(_NO_PROJECT)
        return int(found)

    def save(
        self, id: str, project: Project, *, revision: int, stamp: Stamp | None = None, same_step: bool = False
    ) -> int:
        """Keep a changed project and return its new revision; what was undone can no longer be redone.

        Args:
            stamp: the operation that made the change. It is acknowledged in the same transaction; if it was
                acknowledged before, nothing happens.
            same_step: the change belongs to the one before it, and `undo` takes both back.

        Raises:
            SpecError: if the project is too large to be read back.
            StaleError: if `revision` is not the current one, since another tab has changed the project.
        """
        text = document.dump(project)
        with self._write("the project") as connection:
            row = _row(connection, id)
            if stamp and not take(connection, id, stamp):
                return int(row.revision)
            _refuse_stale(row, revision)
            if text == row.document:
                return int(row.revision)
            number = row.pointer if same_step else row.pointer + 1
            connection.execute(delete(revisions).where(_from(id, number)))
            connection.execute(revisions.insert().values(project_id=id, number=number, document=text))
            connection.execute(
                delete(revisions).where(revisions.c.project_id == id, revisions.c.number <= number - KEPT)
            )
            _point(connection, row, number, project.name)
            return int(row.revision) + 1

    def undo(self, id: str, *, revision: int | None = None, stamp: Stamp | None = None) -> StoredProject:
        """Go back to the document before the last save; at the oldest one, nothing happens.

        Args:
            revision: the one that the user sees; another one is refused as in `save`. None: any.
            stamp: the operation that asked for it, as in `save`.
        """
        return self._move(id, -1, revision, stamp)

    def redo(self, id: str, *, revision: int | None = None, stamp: Stamp | None = None) -> StoredProject:
        """Go forward again to what `undo` left; with nothing undone, nothing happens."""
        return self._move(id, +1, revision, stamp)

    def delete_project(self, id: str) -> None:
        """Forget a project with its runs; the runs' folders are the caller's to remove."""
        with self._write("the deletion") as connection:
            connection.execute(delete(projects).where(projects.c.id == id))

    def mentioned(self, id: str | None = None) -> set[str]:
        """The hashes of the files that a project's documents name, its undo and its runs among them; None: of all."""
        found: set[str] = set()
        with self._read() as connection:
            for table in (revisions, runs):
                text = table.c.document
                query = select(text).where(text.contains('"upload:') | text.contains('"initial_weights"'))
                mine = query if id is None else query.where(table.c.project_id == id)
                for one in connection.execution_options(yield_per=100).scalars(mine):
                    found.update(*(hashes.findall(one) for hashes in _HASHES))
        return found

    def _move(self, id: str, by: int, revision: int | None, stamp: Stamp | None) -> StoredProject:
        with self._write("the project") as connection:
            row = _row(connection, id)
            if stamp and not take(connection, id, stamp):
                return _stored(connection, id)
            _refuse_stale(row, revision)
            there = and_(revisions.c.project_id == id, revisions.c.number == row.pointer + by)
            text = connection.scalar(select(revisions.c.document).where(there))
            if text is not None:
                _point(connection, row, row.pointer + by, json.loads(text)["name"])
            return _stored(connection, id)


def _refuse_stale(row: Row[*tuple[object, ...]], revision: int | None) -> None:
    if revision is not None and row.revision != revision:
        raise StaleError(
            f"This project was changed in another tab: it is at revision {row.revision}, this tab has "
            f"{revision}. Your last change was not saved. Take the newest version, or keep yours as a copy."
        )


def _from(id: str, number: int) -> ColumnElement[bool]:
    return and_(revisions.c.project_id == id, revisions.c.number >= number)


def _query(id: str) -> Select[*tuple[object, ...]]:
    now = and_(revisions.c.project_id == projects.c.id, revisions.c.number == projects.c.pointer)
    return select(projects, revisions.c.document).join(revisions, now).where(projects.c.id == id)


def _row(connection: Connection, id: str) -> Row[*tuple[object, ...]]:
    row = connection.execute(_query(id).with_for_update()).one_or_none()
    if row is None:
        raise StoreError(_NO_PROJECT)
    return row


def _point(connection: Connection, row: Row[*tuple[object, ...]], number: int, name: str) -> None:
    changed = {"revision": row.revision + 1, "pointer": number, "name": name, "updated": time.time()}
    connection.execute(update(projects).where(projects.c.id == row.id).values(changed))


def _stored(connection: Connection, id: str) -> StoredProject:
    row = _row(connection, id)
    numbers = select(func.min(revisions.c.number), func.max(revisions.c.number))
    first, last = connection.execute(numbers.where(revisions.c.project_id == id)).one()
    return StoredProject(
        id=row.id,
        revision=row.revision,
        name=row.name,
        document=row.document,
        created=row.created,
        updated=row.updated,
        can_undo=first < row.pointer,
        can_redo=row.pointer < last,
    )
