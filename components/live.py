"""Routes beside Streamlit's own: a run's events as they happen, and plotly.js from the installed wheel."""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from components.feed import Feed
from core.errors import StoreError
from core.store import Store

PLOTLY_PATH = "/vendor/plotly.min.js"
STREAM_HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


def routes(store: Callable[[], Store]) -> list[Route]:
    """What `st.App` takes as `routes`; the store is asked for at the first request."""
    feed = Feed()

    async def live(request: Request) -> Response:
        run_id = request.path_params["run"]
        try:
            run = await anyio.to_thread.run_sync(lambda: store().run(run_id))
        except StoreError as error:
            found_broken = error.__cause__ is not None  # the database's own error; a run that is not there has none
            return JSONResponse({"message": str(error)}, status_code=503 if found_broken else 404)
        return EventStream(feed.messages(store(), run, _position(request)))

    return [Route("/live/{run}", live, methods=["GET"]), Route(PLOTLY_PATH, _plotly, methods=["GET"])]


def plotly_version() -> str:
    """The version of plotly's Python package, which carries plotly.js; part of the script's address."""
    return version("plotly")


@cache
def scripts_ahead() -> tuple[str, ...]:
    """Where the page finds Streamlit's own scripts of what Inspect draws, from its base on; empty if there are none."""
    found = find_spec("streamlit")  # finds the wheel's folder and imports nothing
    if found is None or found.origin is None:
        return ()
    scripts = Path(found.origin).parent / "static" / "static" / "js"
    return tuple(f"static/js/{file.name}" for name in _DRAWN for file in scripts.glob(f"{name}.*.js"))


_DRAWN = ("PlotlyChart", "DataFrame", "Metric")


class EventStream(StreamingResponse):
    """Server-sent events; the source is closed as soon as the browser has gone."""

    def __init__(self, messages: AsyncGenerator[bytes]) -> None:
        super().__init__(messages, media_type="text/event-stream", headers=STREAM_HEADERS)
        self._messages = messages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._messages):
            await super().__call__(scope, receive, send)


def _position(request: Request) -> int:
    """The number of the last event that the browser has, or 0; a browser that reconnects says it in a header."""
    asked = request.headers.get("last-event-id") or request.query_params.get("from", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


async def _plotly(request: Request) -> Response:
    current = request.query_params.get("v") == plotly_version()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(await anyio.to_thread.run_sync(_script), media_type="text/javascript", headers=headers)
    body = await anyio.to_thread.run_sync(_packed_script)
    return Response(body, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})


def _script() -> bytes:
    found = find_spec("plotly")  # finds the wheel's folder and imports nothing
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "package_data" / "plotly.min.js").read_bytes()


@cache
def _packed_script() -> bytes:
    """Packed once: a class of thirty that opens the page together would otherwise pack it thirty times."""
    return gzip.compress(_script(), compresslevel=6)
