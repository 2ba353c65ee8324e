"""Answers that may take long: each is worked on once, in a thread of its own, and remembered; nobody has to wait."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

MOST = 64
THREADS = 8


class Asking:
    """Keeps the last answers. Whoever asks again while one is worked on, or later, gets the same one."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, "asking")
        self._known: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._seconds: dict[str, float] = {}
        self._lock = threading.Lock()

    def begin(self, kind: str, key: Hashable, work: Callable[[], Any]) -> Future[Any]:
        """The answer, or what it will be; one that failed is worked on again.

        Args:
            kind: of what sort the work is; see `usual_seconds`.
            key: what tells this answer from all others.
        """
        with self._lock:
            known = self._known.get((kind, key))
            if known is None or (known.done() and known.exception() is not None):
                known = self._known[kind, key] = self._pool.submit(self._timed, kind, work)
            self._known.move_to_end((kind, key))
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return known

    def usual_seconds(self, kind: str) -> float | None:
        """How long the last work of this kind took; None for the first."""
        return self._seconds.get(kind)

    def close(self) -> None:
        """Begin nothing more; what is worked on ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _timed(self, kind: str, work: Callable[[], Any]) -> Any:
        began = time.monotonic()
        found = work()
        self._seconds[kind] = time.monotonic() - began
        return found
