"""Which operation of each browser was taken last, so that one that is sent twice is done once."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, select, update

from core.errors import StoreError
from core.store.database import Database
from core.store.tables import clients, projects

Stamp = tuple[str, int]
"""The client that sent an operation, and the operation's number; a client counts from 1."""

KEPT = 200
"""How many clients of a project are remembered: one for each browser tab that edited it, the latest ones."""


class Clients(Database):
    """The part of the store that holds what has been acknowledged."""

    def acknowledged(self, id: str, client: str) -> int:
        """The number of the last operation of this client that was applied or refused; 0 if there is none."""
        with self._read() as connection:
            return _seq(connection, id, client)

    def acknowledge(self, id: str, stamp: Stamp) -> None:
        """Take an operation that changes nothing, such as a refused one."""
        with self._write("the operation") as connection:
            if connection.scalar(select(projects.c.id).where(projects.c.id == id).with_for_update()) is None:
                raise StoreError("There is no project at this address. Check the link, or start a new project.")
            take(connection, id, stamp)


def take(connection: Connection, id: str, stamp: Stamp) -> bool:
    """Note the operation in the transaction that does it; False if it, or a later one, was noted before."""
    client, seq = stamp
    known = _seq(connection, id, client)
    if seq <= known:
        return False
    noted = {"seq": seq, "updated": time.time()}
    mine = (clients.c.project_id == id) & (clients.c.client == client)
    if not connection.execute(update(clients).where(mine).values(noted)).rowcount:
        connection.execute(clients.insert().values(project_id=id, client=client, **noted))
        _forget(connection, id)
    return True


def _seq(connection: Connection, id: str, client: str) -> int:
    mine = (clients.c.project_id == id) & (clients.c.client == client)
    return connection.scalar(select(clients.c.seq).where(mine)) or 0


def _forget(connection: Connection, id: str) -> None:
    """A client that has been silent while so many others came does not come back."""
    newest = select(clients.c.updated).where(clients.c.project_id == id).order_by(clients.c.updated.desc())
    oldest_kept = connection.scalar(newest.offset(KEPT - 1).limit(1))
    if oldest_kept is not None:
        connection.execute(delete(clients).where(clients.c.project_id == id, clients.c.updated < oldest_kept))
