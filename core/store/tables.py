"""The tables of the store; every type is one that SQLite and PostgreSQL both have."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 1

metadata = MetaData()

schema = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

projects = Table(
    "projects",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # grows with every change, undo and redo too
    Column("pointer", Integer, nullable=False),  # the number of the document that is shown
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
)


def _belongs_to(column: str) -> ForeignKey:
    return ForeignKey(column, ondelete="CASCADE")


revisions = Table(
    "revisions",
    metadata,
    Column("project_id", String(64), _belongs_to("projects.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("document", Text, nullable=False),
)

clients = Table(
    "clients",
    metadata,
    Column("project_id", String(64), _belongs_to("projects.id"), primary_key=True),
    Column("client", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),  # the last operation of this client that was applied or refused
    Column("updated", Float, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("project_id", String(64), _belongs_to("projects.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("ticket", Integer, nullable=False),  # the place in the queue
    Column("more_epochs", Integer, nullable=False, default=0),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("heartbeat", Float),
    Column("control", Text, nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
    Column("metrics", JSON, nullable=False),
    Column("steps", Integer, nullable=False, default=0),
    Column("execution", Text, nullable=False, default=""),
    Column("keeper_pid", Integer),
    Column("folder", Text, nullable=False),
    UniqueConstraint("project_id", "number"),
    Index("runs_by_status", "status", "ticket"),
)

events = Table(
    "events",
    metadata,
    Column("run_id", String(64), _belongs_to("runs.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

words = Table(
    "words",
    metadata,
    Column("run_id", String(64), _belongs_to("runs.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("word", Text, nullable=False),
    sqlite_with_rowid=False,
)

final_tests = Table(
    "final_tests",
    metadata,
    Column("run_id", String(64), _belongs_to("runs.id"), primary_key=True),
    Column("ticket", Integer, primary_key=True, autoincrement=False),  # of the run when it was tested
    Column("weights", String(8), nullable=False),
    Column("created", Float, nullable=False),
    Column("score", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
)
