"""The server's hold on the zygote: starts it, asks it to fork, hears when a child ends. Needs no TensorFlow."""

from __future__ import annotations

import itertools
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import core
from core.engine.wire import Channel, pair
from core.errors import EngineError

_REPLY_SECONDS = 10.0


class Forker:
    """One zygote process; when it has ended, a new one has to be made.

    Args:
        log: the file that takes what the zygote and its children write to stderr.
        environment: added to the server's own.
        on_exit: called with the pid and exit code of every child that ended, on the reading thread.
    """

    def __init__(self, log: Path, environment: dict[str, str], on_exit: Callable[[int, int], None]) -> None:
        self._on_exit = on_exit
        self._numbers = itertools.count(1)
        self._replies: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        mine, theirs = pair()
        with log.open("ab") as stderr, theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "core.engine.zygote", str(theirs.fileno())],
                cwd=Path(core.__file__).parents[1],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._channel = Channel(mine)

    def wait_warm(self) -> float:
        """Wait until the imports are done; the seconds that they took.

        Raises:
            EngineError: if they failed.
        """
        first = self._receive()
        if first is None:
            code = self.process.wait()
            raise EngineError(f"TensorFlow could not be started: its process ended with code {code}.")
        if "failed" in first:
            self.process.wait()
            raise EngineError(f"TensorFlow could not be started: {first['failed']}. Check the installation.")
        return float(first["warm"])

    def listen(self) -> None:
        """Pass on what the zygote says, until it ends."""
        while (message := self._receive()) is not None:
            if "exited" in message:
                self._on_exit(message["exited"], message["code"])
            elif waiting := self._replies.get(message["reply"]):
                waiting.put(message)
        for asker in tuple(self._replies.values()):
            asker.put({"error": "the engine's process ended"})

    def fork(self, what: str, message: dict[str, Any], files: tuple[int, ...] = ()) -> int:
        """The pid of a new `kernel` or `keeper`, which gets `message` and the open files.

        Raises:
            EngineError: if the system allows no further process, or the zygote is gone.
        """
        number, answer = next(self._numbers), queue.SimpleQueue[dict[str, Any]]()
        self._replies[number] = answer
        try:
            with self._lock:  # the next request's files must not mix with this one's
                self._channel.send({**message, "fork": what, "number": number}, files)
                reply = answer.get(timeout=_REPLY_SECONDS)
        except (OSError, queue.Empty):
            raise EngineError("The engine does not answer; it is being started again. Try once more.") from None
        finally:
            del self._replies[number]
        if "error" in reply:
            raise EngineError(f"A new process could not be started: {reply['error']}. Try once more.")
        return int(reply["pid"])

    def kill(self, pid: int) -> None:
        """End a child of the zygote; the zygote checks that it is one."""
        try:
            with self._lock:
                self._channel.send({"kill": pid})
        except OSError:
            return

    def close(self) -> None:
        """Let the zygote end; keepers live on."""
        self.process.terminate()
        self.process.wait()
        self._channel.close()

    def _receive(self) -> dict[str, Any] | None:
        try:
            return self._channel.receive()
        except (OSError, ValueError):
            return None
