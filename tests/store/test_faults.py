"""A full disk, a damaged file, a killed writer: a sentence, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import StoreError
from core.store import Store

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from core.store import Store
store = Store(sys.argv[1])
for number in range(100_000):
    print(store.append(sys.argv[2], [b"x" * 100, b"y" * 100]), flush=True)
"""


@pytest.fixture
def sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'eagerly.db'}"


def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path, sqlite):
    path = tmp_path / "eagerly.db"
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(StoreError, match=r"eagerly\.db is not an Eagerly database, or is damaged"):
        Store(sqlite)
    assert path.read_bytes() == b"no database " * 1000


def test_a_database_of_a_newer_version_is_refused(sqlite):
    store = Store(sqlite)
    with store._write("a test") as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version = 99")
    with pytest.raises(StoreError, match=r"newer Eagerly \(version 99"):
        Store(sqlite)


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="the database"):
        Store(f"sqlite:///{tmp_path / 'file' / 'eagerly.db'}")


def test_an_address_that_is_none_is_a_sentence():
    with pytest.raises(StoreError, match="the database"):
        Store("nonsense")


def test_a_disk_that_fills_up_loses_nothing_acknowledged(sqlite, project, tmp_path):
    """The limit on file size stands for the disk: SQLite meets a write that fails, and takes it back."""
    code = WRITER.replace(
        "for number",
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))\nfor number",
    ).replace('b"x" * 100', 'b"x" * 50_000')
    store = Store(sqlite)
    run = store.create_run(store.create_project(project), project, tmp_path)
    writer = subprocess.run(
        [sys.executable, "-c", code, sqlite, run.id], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    acknowledged = int(writer.stdout.split()[-1])
    assert "StoreError: The disk" in writer.stderr
    assert 10 < acknowledged < 1000
    assert len(store.events_after(run.id, 0, 100_000)) == acknowledged
    assert store.append(run.id, [b"more"]) == acknowledged + 1, "with space again it goes on"


def test_kill_9_of_a_writer_loses_nothing_acknowledged(sqlite, project, tmp_path):
    store = Store(sqlite)
    run = store.create_run(store.create_project(project), project, tmp_path)
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, sqlite, run.id], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        lines = [writer.stdout.readline() for _ in range(50)]
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.read().splitlines(keepends=True)
        writer.wait()
        acknowledged = int([line for line in lines if line.endswith("\n")][-1])
        kept = store.events_after(run.id, 0, 1_000_000)
        assert len(kept) >= acknowledged
        assert len(kept) % 2 == 0, "what was appended together is there together"
        assert [seq for seq, _ in kept] == list(range(1, len(kept) + 1))
