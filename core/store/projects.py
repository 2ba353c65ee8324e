"""Projects and their history: every save is kept, so that it can be undone."""

from __future__ import annotations

import secrets
import time

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select, update
from sqlalchemy.sql import Select

from core import document
from core.errors import StoreError
from core.spec import Project
from core.store.database import Database
from core.store.records import StoredProject
from core.store.tables import projects, revisions

KEPT = 200


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

    def project(self, id: str) -> StoredProject:
        """The project as it stands.

        Raises:
            StoreError: if there is none with this id.
        """
        with self._read() as connection:
            return _stored(connection, id)

    def save(self, id: str, project: Project, *, revision: int) -> int:
        """Keep a changed project and return its new revision; what was undone can no longer be redone.

        Raises:
            StoreError: if `revision` is not the current one, since another tab has changed the project.
        """
        text = document.dump(project)
        with self._write("the project") as connection:
            row = _row(connection, id)
            if row.revision != revision:
                raise StoreError(
                    f"This project was changed in another tab: it is at revision {row.revision}, this tab has "
                    f"{revision}. Your last change was not saved. Reload the page to go on from there."
                )
            if text == row.document:
                return int(row.revision)
            number = row.pointer + 1
            connection.execute(delete(revisions).where(_after(id, row.pointer)))
            connection.execute(revisions.insert().values(project_id=id, number=number, document=text))
            connection.execute(
                delete(revisions).where(revisions.c.project_id == id, revisions.c.number <= number - KEPT)
            )
            _point(connection, row, number, project.name)
            return int(row.revision) + 1

    def undo(self, id: str) -> StoredProject:
        """Go back to the document before the last save; at the oldest one, nothing happens."""
        return self._move(id, -1)

    def redo(self, id: str) -> StoredProject:
        """Go forward again to what `undo` left; with nothing undone, nothing happens."""
        return self._move(id, +1)

    def delete_project(self, id: str) -> None:
        """Forget a project with its runs; the runs' folders are the caller's to remove."""
        with self._write("the deletion") as connection:
            connection.execute(delete(projects).where(projects.c.id == id))

    def _move(self, id: str, by: int) -> StoredProject:
        with self._write("the project") as connection:
            row = _row(connection, id)
            there = and_(revisions.c.project_id == id, revisions.c.number == row.pointer + by)
            text = connection.scalar(select(revisions.c.document).where(there))
            if text is not None:
                _point(connection, row, row.pointer + by, document.load(text).name)
            return _stored(connection, id)


def _after(id: str, number: int) -> ColumnElement[bool]:
    return and_(revisions.c.project_id == id, revisions.c.number > number)


def _query(id: str) -> Select[*tuple[object, ...]]:
    now = and_(revisions.c.project_id == projects.c.id, revisions.c.number == projects.c.pointer)
    return select(projects, revisions.c.document).join(revisions, now).where(projects.c.id == id)


def _row(connection: Connection, id: str) -> Row[*tuple[object, ...]]:
    row = connection.execute(_query(id).with_for_update()).one_or_none()
    if row is None:
        raise StoreError("There is no project at this address. Check the link, or start a new project.")
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
