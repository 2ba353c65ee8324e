"""A route beside Streamlit's own: takes a file in, piece by piece, from the browser to the disk."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import anyio
import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.data import Folders, Incoming
from core.errors import DataError, EagerlyError, StoreError
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
            return await _taken(request, service())

    return [Route(PATH, take, methods=["POST"])]


def _refusal(request: Request, service: Service) -> tuple[int, str]:
    """Why nothing is taken, before the first byte is read: a status, and an empty sentence if all is well."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return 403, "Files are taken from Eagerly's own page only."
    try:
        service.store.project(request.path_params["project"])
    except StoreError as error:
        return 403, str(error)
    return 507, service.no_room_for(_size(request) or service.settings.upload_bytes)


def _size(request: Request) -> int | None:
    """What the sender says; None if it is left open."""
    text = request.headers.get("content-length", "")
    return int(text) if text.isdecimal() and len(text) < 20 else None


async def _taken(request: Request, service: Service) -> Response:
    """What became of the body, after the room for it was found."""
    project = request.path_params["project"]
    try:
        ticket = await anyio.to_thread.run_sync(service.given.expect, project, _size(request))
    except EagerlyError as error:
        return _refused(413, str(error))
    try:
        return JSONResponse({"reference": await _kept(request, service)})
    except DataError as error:
        return _refused(422, str(error))
    except TimeoutError:
        return _refused(408, "The file stopped coming. Nothing of it was kept; send it again.")
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    finally:
        with anyio.CancelScope(shield=True):  # also for a sender who is gone
            await anyio.to_thread.run_sync(service.given.expected_no_more, project, ticket)


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
    await anyio.to_thread.run_sync(service.given.came, request.path_params["project"], reference, file.is_new)
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
