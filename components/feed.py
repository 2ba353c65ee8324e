"""What those who watch a run get: one message a tick, and never more points than a screen can show."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import anyio
import anyio.to_thread
import numpy as np

from core.errors import StoreError
from core.events import Epoch, Event, Started, Steps, decode, to_dict
from core.store import OVER, Run, Store

TICK_SECONDS = 0.12
QUIET_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
TICK_POINTS = 400
CATCH_UP_POINTS = 4000
SHARED_EVENTS = 200
PAGE = 1000
RETRY = b"retry: 1500\n\n"
HEARTBEAT = b": still here\n\n"
END = b"event: end\ndata: {}\n\n"

Row = tuple[int, bytes]


@dataclass(frozen=True)
class Frame:
    """The events after number `after`, up to number `last`, as one message that arrives whole or not at all."""

    after: int
    last: int
    message: bytes


def frame(after: int, rows: list[Row], points: int) -> Frame:
    """Put stored events into one message with at most about `points` values of each kind."""
    last = rows[-1][0]
    text = json.dumps(wire([decode(body) for _, body in rows], points), allow_nan=False, separators=(",", ":"))
    return Frame(after, last, f"id: {last}\ndata: {text}\n\n".encode())


def wire(events: list[Event], points: int) -> list[dict[str, Any]]:
    """The events as JSON data; neighbouring steps become one entry, and of too many epochs every n-th is left."""
    entries: list[dict[str, Any]] = []
    steps: list[Steps] = []
    for event in _fewer_epochs(events, points):
        if isinstance(event, Steps):
            if steps and event.first != steps[-1].first + len(steps[-1].loss):
                entries += _thinned(steps, points)
                steps = []
            steps.append(event)
            continue
        if isinstance(event, Started):  # a continued run makes some steps again, so the order counts
            entries += _thinned(steps, points)
            steps = []
        data = to_dict(event)
        entries.append({"type": data.pop("event"), **data})
    return entries + _thinned(steps, points)


def _fewer_epochs(events: list[Event], points: int) -> Iterator[Event]:
    total = sum(isinstance(event, Epoch) for event in events)
    stride = max(1, -(-total // points))
    seen = 0
    for event in events:
        seen += isinstance(event, Epoch)
        if not isinstance(event, Epoch) or seen == total or seen % stride == 0:
            yield event


def _thinned(steps: list[Steps], points: int) -> list[dict[str, Any]]:
    """One entry for steps in a row: the mean of each `stride` losses; null where none of them is a number."""
    if not steps:
        return []
    losses = np.concatenate([np.frombuffer(one.loss, np.float32) for one in steps])
    stride = max(1, -(-losses.size // points))
    padded = np.full(-(-losses.size // stride) * stride, np.nan)
    padded[: losses.size] = losses
    buckets = padded.reshape(-1, stride)
    finite = np.isfinite(buckets)
    sums = np.where(finite, buckets, 0.0).sum(axis=1)
    pairs = zip(sums.tolist(), finite.sum(axis=1).tolist(), strict=True)
    means = [float(f"{total / count:.6g}") if count else None for total, count in pairs]
    return [{"type": "steps", "first": steps[0].first, "count": losses.size, "stride": stride, "loss": means}]


class Watch:
    """One run, polled once for all who watch it."""

    def __init__(self, store: Store, run: Run, head: int) -> None:
        self.run = run
        self.head = head
        self.has_looked = False
        self.latest: Frame | None = None
        self.task: asyncio.Task[None]
        self.watchers = 0
        self.is_over = False
        self.is_closed = False
        self._store = store
        self._caught_up: Frame | None = None
        self._reading = anyio.Lock()
        self._news = anyio.Event()

    async def poll(self) -> None:
        """Look for news until the run is over, the server stops, or the store fails."""
        try:
            with suppress(StoreError):  # those who watch connect again and are told what is wrong
                await self._follow()
        finally:
            self.is_closed = True
            self._news.set()

    async def _follow(self) -> None:
        points, pause = CATCH_UP_POINTS, TICK_SECONDS
        while not (self.is_over or server_stops()):
            run, news = await anyio.to_thread.run_sync(self._look, points)
            is_quiet = run.status in ("queued", "paused") and news is None and run.status == self.run.status
            if news:
                self.latest, self.head = news, news.last
            self.run, self.is_over, self.has_looked = run, run.status in OVER, True
            self._news.set()
            self._news = anyio.Event()
            points, pause = TICK_POINTS, min(QUIET_SECONDS, pause * 1.2) if is_quiet else TICK_SECONDS
            await anyio.sleep(pause)

    def _look(self, points: int) -> tuple[Run, Frame | None]:
        run = self._store.run(self.run.id)  # first, so that a run that is over has said all by the next line
        return run, self._read(self.head, points)

    def _read(self, after: int, points: int, head: int | None = None) -> Frame | None:
        rows = [row for row in _rows(self._store, self.run.id, after) if head is None or row[0] <= head]
        return frame(after, rows, points) if rows else None

    async def next_frame(self, position: int) -> Frame | None:
        """What comes after event number `position`, if it is there already."""
        if self.latest and self.latest.after == position:
            return self.latest
        if position >= self.head:
            return None
        async with self._reading:  # of a class that opens the page together, one reads and the others share
            known = self._caught_up
            if known is None or known.after != position or known.last < self.head - SHARED_EVENTS:
                known = await anyio.to_thread.run_sync(self._read, position, CATCH_UP_POINTS, self.head)
                self._caught_up = known
            return known

    async def news(self) -> bool:
        """Wait for the next look at the run; false if the time for a heartbeat comes first."""
        with anyio.move_on_after(HEARTBEAT_SECONDS) as scope:
            await self._news.wait()
        return not scope.cancelled_caught


class Feed:
    """The watches of all runs that somebody looks at."""

    def __init__(self) -> None:
        self._watches: dict[str, Watch] = {}

    async def messages(self, store: Store, run: Run, position: int) -> AsyncGenerator[bytes]:
        """Server-sent events of a run after event number `position`, until it is over and all has been sent.

        Each message is a JSON list of entries with a `type`; those of one message share the number in `id`.
        """
        yield RETRY
        told = ""
        with suppress(StoreError), self._watching(store, run, position) as watch:
            while True:
                if (news := await watch.next_frame(position)) is not None:
                    yield news.message
                    position = news.last
                elif watch.has_looked and told != watch.run.status:  # after the events that led to it
                    told = watch.run.status
                    yield _status(watch.run)
                elif watch.is_over:
                    yield END
                    return
                elif watch.is_closed:
                    return
                elif not await watch.news():
                    yield HEARTBEAT

    @contextmanager
    def _watching(self, store: Store, run: Run, position: int) -> Iterator[Watch]:
        watch = self._watches.get(run.id)
        if watch is None or watch.is_over or watch.is_closed:  # a run that was over may have been continued
            watch = self._watches[run.id] = Watch(store, run, position)
            watch.task = asyncio.create_task(watch.poll(), name=f"watch {run.id}")
        watch.watchers += 1
        try:
            yield watch
        finally:
            watch.watchers -= 1
            if not watch.watchers:
                watch.task.cancel()
                if self._watches.get(run.id) is watch:
                    del self._watches[run.id]


def _status(run: Run) -> bytes:
    entry = {"type": "status", "status": run.status, "message": run.message}
    return f"data: {json.dumps([entry])}\n\n".encode()


def _rows(store: Store, run_id: str, after: int) -> Iterator[Row]:
    while page := store.events_after(run_id, after, PAGE):
        yield from page
        after = page[-1][0]


def server_stops() -> bool:
    """Whether uvicorn has been asked to stop: it would wait for open streams without an end."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))
