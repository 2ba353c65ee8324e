"""A route beside Streamlit's own: takes a file in, piece by piece, from the browser to the disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import anyio
import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.data import Folders, Incoming, forget, too_large
from core.errors import DataError, StoreError
from core.runner.service import Service

PATH = "/upload/{project}"
MOST_AT_ONCE = 4
SILENT_SECONDS = 30.0
PIECE = 1 << 17
"""So many bytes are written at once: enough to be worth a thread; of larger ones the process would keep the memory."""


def routes(service: Callable[[], Service]) -> list[Route]:
    """What `st.App` takes as `routes`; the service is asked for at the first request."""
    doors = anyio.CapacityLimiter(MOST_AT_ONCE)

    async def take(request: Request) -> Response:
        status, trouble = await anyio.to_thread.run_sync(_refusal, request, service())
        if trouble:
            return _refused(status, trouble)
        if not doors.available_tokens:
            return _refused(503, "Others are uploading files just now. Try again in a moment.")
        async with doors:
            try:
                reference = await _kept(request, service())
            except DataError as error:
                return _refused(422, str(error))
            except TimeoutError:
                return _refused(408, "The file stopped coming. Nothing of it was kept; send it again.")
            except ClientDisconnect:
                return Response(status_code=400)  # nobody is there to read it
        return JSONResponse({"reference": reference})

    return [Route(PATH, take, methods=["POST"])]


def _refusal(request: Request, service: Service) -> tuple[int, str]:
    """Why nothing is taken, before the first byte is read: a status, and an empty sentence if all is well."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return 403, "Files are taken from Eagerly's own page only."
    try:
        service.store.project(request.path_params["project"])
    except StoreError as error:
        return 403, str(error)
    if service.disk_trouble:
        return 507, service.disk_trouble
    size = request.headers.get("content-length", "0")
    most = service.settings.upload_bytes
    return (413, too_large(most)) if not size.isdecimal() or int(size) > most else (200, "")


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"message": sentence}, status_code=status)


async def _kept(request: Request, service: Service) -> str:
    """The reference of the file that the body is; a body that is cut off, or too long, leaves nothing."""
    with Incoming(Folders.of(service.settings)) as file:
        waiting = bytearray()
        async for piece in _pieces(request):
            waiting += piece
            if len(waiting) >= PIECE:
                await anyio.to_thread.run_sync(file.write, bytes(waiting))
                waiting.clear()
        await anyio.to_thread.run_sync(file.write, bytes(waiting))
        reference = file.keep()
    if file.is_new:
        _remember(request.path_params["project"], reference)
    return reference


async def _pieces(request: Request) -> AsyncGenerator[bytes]:
    """The body as it comes; who falls silent gives the place to others, by a TimeoutError."""
    async with aclosing(request.stream()) as body:
        while True:
            with anyio.fail_after(SILENT_SECONDS):
                piece = await anext(body, None)
            if piece is None:
                return
            yield piece


_lock = threading.Lock()
_new: OrderedDict[tuple[str, str], None] = OrderedDict()
_MOST_NEW = 256


def _remember(project: str, reference: str) -> None:
    with _lock:
        _new[project, reference] = None
        while len(_new) > _MOST_NEW:
            _new.popitem(last=False)


def drop(project: str, reference: str, folders: Folders) -> None:
    """Remove a file that turned out to be of no use, unless somebody had given it before this project did."""
    with _lock:
        was_new = (project, reference) in _new
        _new.pop((project, reference), None)
    if was_new:
        forget(reference, folders)
