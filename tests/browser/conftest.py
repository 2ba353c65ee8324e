"""A real server and a real Chromium, shared by all browser tests."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Server:
    """`streamlit run app.py` in a home of its own, as the README's command starts it."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home = home
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        self.log = (self.home / "server.log").open("ab")
        self.process = subprocess.Popen(
            [*self.prefix, *command, f"--server.port={self.port}"],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.lines = iter(self.process.stdout)
        if not any(re.search(r"URL: http", line) for line in self.lines):
            pytest.fail((self.home / "server.log").read_text()[-4000:])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    @property
    def prefix(self) -> list[str]:
        """What stands before the command."""
        return []

    @property
    def environment(self) -> dict[str, str]:
        return {"EAGERLY_HOME": str(self.home)}

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "accept_downloads": True}


@pytest.fixture
def no_traceback(page):
    """Whatever a test does, the page never shows a traceback."""
    yield
    assert "Traceback" not in page.locator("body").inner_text()
