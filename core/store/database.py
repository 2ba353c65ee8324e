"""One database: how it is opened, how a transaction begins, and the sentence for each way it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from core.errors import StoreError
from core.store import tables

BUSY_SECONDS = 15

# The first text that the database's own words contain gives the sentence.
_SENTENCES = {
    "disk is full": "The disk is full, so {what} could not be saved to {where}. Free some space, then try again.",
    "no space left": "The disk is full, so {what} could not be saved to {where}. Free some space, then try again.",
    "disk i/o error": "The disk failed while reading or writing {where}. Check the disk and its free space.",
    "not a database": "{where} is not an Eagerly database, or is damaged. Move it away or restore a copy of it.",
    "malformed": "{where} is damaged. Move it away, or restore a copy of it.",
    "unable to open": "{where} could not be opened. Check that its folder exists and that you may write there.",
    "readonly": "{where} may not be written. Check who owns the file, and the folder that it is in.",
    "locked": "{where} has been busy for too long. Try again; if it stays busy, see which other program uses it.",
}


class Database:
    """Transactions on one database, a file of SQLite or a PostgreSQL server.

    Args:
        url: SQLAlchemy's form, as `sqlite:////home/me/eagerly.db` or `postgresql+psycopg://…`.

    Raises:
        StoreError: if it cannot be opened, or a newer Eagerly wrote it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        with self._translated("opening"):
            parsed = make_url(url)
            self._where = _place(parsed)
            _make_folder(parsed)
            self._engine = create_engine(parsed, **_options(parsed))
            if parsed.get_backend_name() == "sqlite":
                event.listen(self._engine, "connect", _prepare_sqlite)
                event.listen(self._engine, "begin", _begin_sqlite)
            self._writing = self._engine.execution_options(eagerly_writes=True)
        self._create()

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._translated("what you asked for"), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _write(self, what: str) -> Iterator[Connection]:
        """A transaction that holds the lock from its first line; committed when the block ends."""
        with self._translated(what), self._writing.begin() as connection:
            yield connection

    def _create(self) -> None:
        with self._write("the database") as connection:
            tables.metadata.create_all(connection)
            version = connection.scalar(select(tables.schema.c.version))
            if version is None:
                connection.execute(tables.schema.insert().values(version=tables.SCHEMA_VERSION))
            elif version > tables.SCHEMA_VERSION:
                raise StoreError(
                    f"{self._where} was written by a newer Eagerly (version {version} of its tables, "
                    f"this one knows {tables.SCHEMA_VERSION}). Update Eagerly, or use another folder."
                )

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise StoreError(_sentence(error, what, getattr(self, "_where", "the database"))) from error


def _sentence(error: Exception, what: str, where: str) -> str:
    words = str(getattr(error, "orig", None) or error)
    for part, sentence in _SENTENCES.items():
        if part in words.lower():
            return sentence.format(what=what, where=where)
    return f"The store could not do its work on {where}: {words.splitlines()[0] if words else type(error).__name__}"


def _place(url: URL) -> str:
    return f"the database {url.database}" if url.get_backend_name() == "sqlite" else f"the database on {url.host}"


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS}, "pool_size": 8, "max_overflow": 32}
    return {"pool_pre_ping": True}


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event begins, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("eagerly_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
