"""The process that has imported TensorFlow once and forks: every kernel and every keeper starts here.

It runs no TensorFlow operation, so that a fork of it finds no threads missing. Its words, over the socket that
it is given: it says `warm` or `failed` once, answers `fork` and `kill`, and reports each child that ended.
`multiprocessing` has such a process too, but each child of that one imports the server's main script again.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from core.engine import log
from core.engine.wire import Channel

IMPORTS = (
    "tensorflow",
    "keras",
    "numpy",
    "sklearn.datasets",
    "sklearn.metrics",
    "sklearn.model_selection",
    "openpyxl",  # looks into /etc when it is imported, which no child of ours may
    "pyarrow.parquet",
    "PIL.Image",
    "sqlalchemy.dialects.sqlite",
    "core.store",
    "core.data",
    "core.build.check",
    "core.train.running",
    "core.inspect",
    "core.engine.questions",
    "core.engine.kernel",
    "core.engine.keeper",
    "core.engine.trainer",
)
TARGETS = {"kernel": "core.engine.kernel", "keeper": "core.engine.keeper"}


def main() -> None:
    """Serve the socket whose number is the first argument until its other end closes."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    began = time.monotonic()
    try:
        for name in IMPORTS:
            importlib.import_module(name)
    except Exception as error:
        log.trace()
        channel.send({"failed": f"{type(error).__name__}: {error}"})
        return
    gc.collect()
    gc.freeze()  # the children share these pages as long as the collector leaves them alone
    try:
        channel.send({"warm": time.monotonic() - began})
        Zygote(channel).serve()
    except (BrokenPipeError, ConnectionResetError):
        return  # the server is gone


class Zygote:
    """Forks on request and reaps."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._children: set[int] = set()
        self._woken, wakes = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(wakes, False)
        self._wakes = wakes
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer until the server is gone; the keepers live on, in sessions of their own."""
        while True:
            ready, _, _ = select.select([self._channel.fileno(), self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._reap()
            if self._channel.fileno() in ready:
                messages = self._channel.receive_all()
                if not messages:
                    return
                for message in messages:
                    self._answer(message)

    def _answer(self, message: dict[str, Any]) -> None:
        if "kill" in message:
            if message["kill"] in self._children:
                os.kill(message["kill"], signal.SIGKILL)
            return
        try:
            pid = self._fork(message)
        except OSError as error:
            self._channel.send({"reply": message["number"], "error": f"{error.strerror} (fork)"})
        else:
            self._children.add(pid)
            self._channel.send({"reply": message["number"], "pid": pid})

    def _fork(self, message: dict[str, Any]) -> int:
        files = self._channel.files.copy()
        pid = os.fork()
        if pid == 0:
            self._become(TARGETS[message["fork"]], message, files)
        for file in files:
            os.close(file)
        self._channel.files.clear()
        return pid

    def _become(self, module: str, message: dict[str, Any], files: list[int]) -> None:
        """In the child: let go of what is the zygote's, run, and end without its clean-up."""
        code = 1
        try:
            self._channel.files.clear()
            self._let_go()
            target: Callable[[dict[str, Any], list[int]], None] = importlib.import_module(module).main
            target(message, files)
            code = 0
        except BaseException:
            log.trace()
        finally:
            log.close()
            os._exit(code)

    def _let_go(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._channel.close()
        os.close(self._woken)
        os.close(self._wakes)
        os.setsid()

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._children.discard(pid)
            self._channel.send({"exited": pid, "code": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main()
