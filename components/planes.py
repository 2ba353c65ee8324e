"""A route beside Streamlit's own: what a network of two inputs says everywhere in the plane, as it learns."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from components.feed import END, HEARTBEAT, HEARTBEAT_SECONDS, RETRY, server_stops
from components.live import EventStream
from core import document
from core.errors import EagerlyError, StoreError
from core.runner.service import Service
from core.store import Run

PATH = "/plane/{run}"
NOW = "now.weights"
TICK_SECONDS = 0.04
STATUS_SECONDS = 0.5
SECONDS = 20.0
MOST_KEPT = 64


def routes(service: Callable[[], Service]) -> list[Route]:
    """What `st.App` takes as `routes`; the service is asked for at the first request."""
    planes = Planes()

    async def plane(request: Request) -> Response:
        try:
            run = await anyio.to_thread.run_sync(lambda: service().store.run(request.path_params["run"]))
        except StoreError as error:
            return JSONResponse({"message": str(error)}, status_code=503 if error.__cause__ is not None else 404)
        weights = "best" if request.query_params.get("weights") == "best" else "last"
        return EventStream(planes.messages(service(), run, weights))

    return [Route(PATH, plane, methods=["GET"])]


class Planes:
    """The pictures of all runs that somebody looks at: each is asked for once, however many look."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[int, bytes]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def messages(self, service: Service, run: Run, weights: str) -> AsyncGenerator[bytes]:
        """Server-sent events: a picture whenever the weights have changed, until the run is over."""
        yield RETRY
        seen, told, looked = 0, time.monotonic(), -1.0
        while not server_stops():
            began = time.monotonic()
            if began - looked > STATUS_SECONDS:
                try:
                    looked, run = began, await anyio.to_thread.run_sync(service.store.run, run.id)
                except StoreError:  # the run was deleted: who watches connects again, and is told so
                    return
            asked, stamp = _newest(run, weights)
            if stamp and stamp != seen:
                seen, told = stamp, began
                yield await self._picture(service, run, asked, stamp)
            if run.is_over:
                yield END
                return
            if began - told > HEARTBEAT_SECONDS:
                told = began
                yield HEARTBEAT
            await anyio.sleep(STATUS_SECONDS if run.status == "queued" else TICK_SECONDS)

    async def _picture(self, service: Service, run: Run, asked: str, stamp: int) -> bytes:
        """The first who wants it asks a kernel; the others wait and take the same."""
        async with self._asking.setdefault(run.id, asyncio.Lock()):
            known = self._known.get((run.id, asked))
            if known is None or known[0] < stamp:
                try:
                    entry = await anyio.to_thread.run_sync(_asked, service, run, asked)
                except EagerlyError as trouble:
                    return _message({"trouble": str(trouble)})  # not kept: the next who looks asks again
                known = self._known[run.id, asked] = (stamp, _message(entry))
                while len(self._known) > MOST_KEPT:
                    del self._known[next(iter(self._known))]
            return known[1]


def _newest(run: Run, weights: str) -> tuple[str, int]:
    """Which weights to draw, and when they were written: 0 if there are none.

    Those of this moment, unless a checkpoint is newer: a run that pauses after a step writes one.
    """
    stamp = _written(run.path / f"{weights}.weights.h5")
    now = _written(run.path / NOW) if weights == "last" and not run.is_over else 0
    return ("now", now) if now > stamp else (weights, stamp)


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _asked(service: Service, run: Run, weights: str) -> dict[str, Any]:
    question = {"ask": "plane", "project": document.to_dict(run.project), "folder": run.folder, "weights": weights}
    found = service.engine.ask(question, timeout=SECONDS)
    return {"epoch": service.progress.view(run.id).epochs_done, **found}


def _message(entry: dict[str, Any]) -> bytes:
    return f"data: {json.dumps([entry], separators=(',', ':'))}\n\n".encode()
