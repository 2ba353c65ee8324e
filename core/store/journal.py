"""The journal of each run: its events in order, each acknowledged when it is committed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update

from core.errors import StoreError
from core.store.database import Database
from core.store.tables import events, runs


class Journal(Database):
    """The part of the store that holds what runs said."""

    def append(self, run_id: str, bodies: Sequence[bytes], changes: dict[str, Any] | None = None) -> int:
        """Commit encoded events, with changes of the run's own row, in one transaction.

        Args:
            bodies: events as `core.events.encode` wrote them, oldest first.
            changes: columns of the run that the events change (see `core.store.runs.status_change`).

        Returns:
            The number of the last event; the first event of a run has number 1.

        Raises:
            StoreError: if they could not be committed; then none of them is there.
        """
        with self._write("the run's points") as connection:
            if connection.scalar(select(runs.c.id).where(runs.c.id == run_id).with_for_update()) is None:
                raise StoreError("There is no such run any more, so its points cannot be kept.")
            last = connection.scalar(select(func.max(events.c.seq)).where(events.c.run_id == run_id)) or 0
            rows = [{"run_id": run_id, "seq": last + place, "body": body} for place, body in enumerate(bodies, 1)]
            if rows:
                connection.execute(events.insert(), rows)
            if changes:
                connection.execute(update(runs).where(runs.c.id == run_id).values(changes))
        return last + len(rows)

    def events_after(self, run_id: str, seq: int, limit: int = 1000) -> list[tuple[int, bytes]]:
        """At most `limit` events after number `seq`, each with its number, oldest first."""
        query = select(events.c.seq, events.c.body).where(events.c.run_id == run_id, events.c.seq > seq)
        with self._read() as connection:
            rows = connection.execute(query.order_by(events.c.seq).limit(limit))
            return [(row.seq, bytes(row.body)) for row in rows]
