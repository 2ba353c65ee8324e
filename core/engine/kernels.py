"""The server's pool of kernels: hands each question to a free one, and replaces those that hang or die."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable
from typing import Any

from core import errors
from core.engine.wire import Channel
from core.errors import EagerlyError, EngineError

READY_SECONDS = 60.0


class Kernel:
    """One kernel process, as the server sees it."""

    def __init__(self, pid: int, channel: Channel, kill: Callable[[int], None]) -> None:
        self.pid = pid
        self._channel = channel
        self._kill = kill
        self.about: str | None = None
        """The folder of the run that it was asked about last: it has that run's rows and model in memory."""
        ready = channel.receive(READY_SECONDS)
        if ready is None:
            raise EngineError("A process to answer questions could not be started. See engine.log in Eagerly's folder.")
        self.limits_off: list[str] = ready["limits_off"]

    @property
    def is_there(self) -> bool:
        """A kernel speaks only when asked, so a free one that can be read from has closed."""
        return not select.select([self._channel], [], [], 0)[0]

    def ask(self, question: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Its reply; raises TimeoutError, or ConnectionError when it has died."""
        self._channel.send(question)
        reply = self._channel.receive(timeout)
        if reply is None:
            raise ConnectionError
        return reply

    def end(self) -> None:
        self._kill(self.pid)
        self._channel.close()


class Kernels:
    """At most `most` kernels; `start` makes one."""

    def __init__(self, start: Callable[[], Kernel], *, most: int = 2) -> None:
        self._start = start
        self._most = most
        self._count = 0
        self._free: list[Kernel] = []
        self._changed = threading.Condition()
        self._closed = False
        self.limits_off: tuple[str, ...] = ()

    def ask(self, question: dict[str, Any], timeout: float) -> dict[str, Any]:
        """The answer.

        Raises:
            EngineError: if it takes longer than `timeout` seconds, or the kernel dies of it.
            EagerlyError: what the kernel itself raised.
        """
        deadline = time.monotonic() + timeout
        kernel = self._take(deadline, timeout, question.get("folder"))
        kernel.about = question.get("folder")
        try:
            reply = kernel.ask(question, max(0.001, deadline - time.monotonic()))
        except TimeoutError:
            self._drop(kernel)
            raise EngineError(_too_long(timeout)) from None
        except OSError:
            self._drop(kernel)
            raise EngineError(
                "The process that worked on this died, probably for lack of memory. A new one has been started; "
                "make the model or the data smaller, then try again."
            ) from None
        self._drop(kernel) if reply["last"] else self._give_back(kernel)
        if "error" in reply:
            raise _error(reply)
        answer: dict[str, Any] = reply["answer"]
        return answer

    def add(self) -> None:
        """Start one more, if there is room for it."""
        with self._changed:
            if self._closed or self._count >= self._most:
                return
            self._count += 1
        self._give_back(self._made())

    def close(self) -> None:
        """End those that are free; the others end when their question does."""
        with self._changed:
            self._closed = True
            free, self._free = self._free, []
            self._changed.notify_all()
        for kernel in free:
            kernel.end()

    def _take(self, deadline: float, timeout: float, about: str | None) -> Kernel:
        with self._changed:
            while not self._free and self._count >= self._most and not self._closed:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise EngineError(f"The engine is busy with other questions for {timeout:.3g} s now. Try again.")
            if self._closed:
                raise EngineError("The engine has been stopped. Try again in a moment.")
            kernel = self._free.pop(self._best(about)) if self._free else None
            self._count += 0 if kernel else 1
        if kernel is None:
            return self._made()
        if kernel.is_there:
            return kernel
        self._drop(kernel, replace=False)
        return self._take(deadline, timeout, about)

    def _best(self, about: str | None) -> int:
        """The place of the free kernel that knows the run already, else of the one that was busy last."""
        knowing = [place for place, kernel in enumerate(self._free) if kernel.about == about]
        return knowing[-1] if knowing else -1

    def _made(self) -> Kernel:
        try:
            kernel = self._start()
        except (OSError, EagerlyError) as error:
            self._forget()
            raise error if isinstance(error, EagerlyError) else EngineError(_too_long(READY_SECONDS)) from error
        self.limits_off = tuple(kernel.limits_off)
        return kernel

    def _give_back(self, kernel: Kernel) -> None:
        with self._changed:
            if not self._closed:
                self._free.append(kernel)
                self._changed.notify()
                return
        kernel.end()

    def _drop(self, kernel: Kernel, *, replace: bool = True) -> None:
        kernel.end()
        self._forget()
        if replace:
            threading.Thread(target=self._add_quietly, name="new kernel", daemon=True).start()

    def _forget(self) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify()

    def _add_quietly(self) -> None:
        try:
            self.add()
        except EngineError:
            return  # the next question tries again, and says so


def _too_long(seconds: float) -> str:
    return (
        f"The engine worked on this for {seconds:.3g} s without an end, and gave up. "
        "Make the model or the data smaller, then try again."
    )


def _error(reply: dict[str, Any]) -> EagerlyError:
    kind = getattr(errors, reply["error"], EngineError)
    error: EagerlyError = kind(*reply["arguments"])
    return error
