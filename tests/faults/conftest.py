"""A server of its own for what would harm the others: in a home on a small disk that can be filled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import Server, browser_context_args, browser_type_launch_args

__all__ = ["browser_context_args", "browser_type_launch_args"]
ROOT = Path(__file__).parents[2]
DISK_MB = 64


class Commands:
    """`python -m core …`, many times, at the price of one start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "tests" / "faults" / "command_lines.py"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "EAGERLY_HOME": str(folder / "home")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __call__(self, *arguments: object) -> tuple[int, list[dict], str]:
        """The exit code, the JSON lines of stdout, and what stderr got; never a traceback."""
        self.process.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
        self.process.stdin.flush()
        self.last = json.loads(self.process.stdout.readline())
        assert "Traceback" not in self.last["err"], self.last["err"]
        assert "unexpected" not in self.last["err"], self.last["err"]
        lines = [json.loads(line, parse_constant=_refuse) for line in self.last["out"].splitlines()]
        return self.last["code"], lines, self.last["err"]


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    commands = Commands(tmp_path_factory.mktemp("commands"))
    yield commands
    commands.process.stdin.close()
    commands.process.wait(10)


class Disk:
    """A small file system that only the processes in its namespace see under its path."""

    def __init__(self, place: Path) -> None:
        self.place = place
        inside = (
            f"mount -t tmpfs -o size={DISK_MB}m tmpfs {place} && mkdir {place}/home && echo ready && exec sleep 900"
        )
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside]
        self.anchor = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.anchor.stdout.readline() != "ready\n":
            pytest.skip(f"this system allows no namespace of one's own: {self.anchor.stderr.read()}")
        self.seen = Path(f"/proc/{self.anchor.pid}/root") / place.relative_to("/")

    @property
    def enter(self) -> list[str]:
        return ["nsenter", "--target", str(self.anchor.pid), "--user", "--mount", "--preserve-credentials"]

    def fill(self) -> None:
        """Leave not one byte."""
        with (self.seen / "filler").open("ab", buffering=0) as file:
            for piece in (bytes(1 << 20), bytes(4096)):
                while _took(file, piece):
                    pass

    def free(self) -> None:
        """A file cannot be unlinked through /proc where its disk is full, but it can be emptied."""
        os.truncate(self.seen / "filler", 0)

    def ask(self, query: str) -> list[tuple]:
        """What the server's database says, read as a stranger reads it."""
        code = (
            "import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))"
        )
        done = subprocess.run(
            [*self.enter, sys.executable, "-c", code, self.place / "home" / "eagerly.db", query],
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def close(self) -> None:
        self.anchor.kill()
        self.anchor.wait()


def _took(file, piece: bytes) -> bool:
    try:
        return file.write(piece) == len(piece)
    except OSError:
        return False


class ServerOnDisk(Server):
    """`streamlit run app.py` whose home is on that disk."""

    def __init__(self, home: Path, disk: Disk) -> None:
        self.disk = disk
        super().__init__(home)

    @property
    def prefix(self) -> list[str]:
        return [*self.disk.enter, "env", "-C", str(ROOT)]

    @property
    def environment(self) -> dict[str, str]:
        return {"EAGERLY_HOME": str(self.disk.place / "home")}


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    if shutil.which("unshare") is None:
        pytest.skip("this system has no unshare")
    disk = Disk(tmp_path_factory.mktemp("disk"))
    yield disk
    disk.close()


@pytest.fixture(scope="module")
def fragile(disk, tmp_path_factory):
    """A server that a test may kill and start again."""
    server = ServerOnDisk(tmp_path_factory.mktemp("logs"), disk)
    yield server
    server.stop()
