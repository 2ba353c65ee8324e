"""The store: projects, runs and their points, on SQLite or PostgreSQL."""

from __future__ import annotations

from core.store.clients import Clients, Stamp
from core.store.final_tests import FinalTests
from core.store.journal import Journal
from core.store.projects import Projects
from core.store.records import OVER, FinalTest, Run, Status, StoredProject
from core.store.runs import Runs, status_change

__all__ = ["OVER", "FinalTest", "Run", "Stamp", "Status", "Store", "StoredProject", "status_change"]


class Store(Projects, Clients, Runs, FinalTests, Journal):
    """Everything that outlives a process. Safe to use from several threads; never across a fork.

    Args:
        url: SQLAlchemy's form, as `sqlite:////home/me/eagerly.db` or `postgresql+psycopg://…`.

    Raises:
        StoreError: from every method, with a sentence, when the database cannot do it.
    """
