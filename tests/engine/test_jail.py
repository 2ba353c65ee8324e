"""A jailed process reads and writes what it needs, and nothing else of this computer."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PRISONER = """
import json, os, pathlib, signal, socket, sys, tempfile
from core.engine import jail, landlock

home, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
own, other, uploads = home / "runs" / "own", home / "runs" / "other", home / "uploads"
off = jail.lock(jail.Cell(own, (uploads,), memory_mb=512))


def tried(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    except MemoryError:
        return "MemoryError"
    return "done"


print(json.dumps({"off": off} | {name: tried(act) for name, act in {
    "read /etc/passwd": lambda: open("/etc/passwd").read(),
    "read another run": lambda: (other / "weights").read_text(),
    "list the runs": lambda: os.listdir(home / "runs"),
    "read the database": lambda: (home / "eagerly.db").read_bytes(),
    "read another process": lambda: open(f"/proc/{os.getppid()}/environ").read(),
    "follow a link out": lambda: (own / "link").symlink_to("/etc/passwd") or (own / "link").read_text(),
    "write to another run": lambda: (other / "weights").write_text("x"),
    "empty another run's file": lambda: os.truncate(other / "weights", 0),
    "write to uploads": lambda: (uploads / "new").write_text("x"),
    "write to /tmp": lambda: open("/tmp/eagerly-jail-test", "w"),
    "write to the code": lambda: (pathlib.Path(jail.__file__).parent / "x").write_text("x"),
    "connect by TCP": lambda: socket.create_connection(("127.0.0.1", port), 2),
    "send by UDP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)),
    "listen": lambda: socket.create_server(("127.0.0.1", 0)),
    "signal the parent": lambda: os.kill(os.getppid(), signal.SIGCONT),
    "run a program": lambda: os.execv("/bin/true", ["true"]),
    "take all memory": lambda: bytearray(8 << 30),
    "write own": lambda: (own / "weights").write_text("x"),
    "use a temporary file": lambda: tempfile.NamedTemporaryFile().close(),
    "read uploads": lambda: (uploads / "table.csv").read_text(),
    "import": lambda: __import__("sqlalchemy.dialects.postgresql"),
    "see the processor": lambda: open("/proc/cpuinfo").read(),
}.items()}))
"""


@pytest.fixture(scope="module")
def prisoner(tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("the jail is Linux's")
    home = tmp_path_factory.mktemp("home")
    for file in ("runs/own/weights", "runs/other/weights", "uploads/table.csv", "eagerly.db"):
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [sys.executable, "-c", PRISONER, str(home), str(server.getsockname()[1])],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert (home / "runs/other/weights").read_text() == "secret"
    return json.loads(done.stdout)


def test_what_is_not_its_own_is_out_of_reach(prisoner):
    assert prisoner["off"] == []
    allowed = {"write own", "use a temporary file", "read uploads", "import", "see the processor"}
    done = {name for name, result in prisoner.items() if result == "done"}
    assert done == allowed


def test_a_limit_is_met_with_the_system_s_own_error(prisoner):
    assert prisoner["take all memory"] == "MemoryError"
    assert prisoner["read /etc/passwd"] == "PermissionError"
