"""The canvas's files beside Streamlit's own: ES modules, styles and the catalog, sent once for each version."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.canvas import rows

_FOLDER = Path(__file__).parent
_CATALOG = "catalog.json"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
_FOREVER = "public, max-age=31536000, immutable"


def routes() -> list[Route]:
    """What `st.App` takes as `routes`."""
    return [Route("/canvas/{version}/{file}", _asset, methods=["GET"])]


@cache
def version() -> str:
    """A part of every file's address that changes whenever a file does."""
    digest = hashlib.sha256()
    for name, body in sorted(_files().items()):
        digest.update(name.encode() + b"\0" + body + b"\0")
    return digest.hexdigest()[:16]


@cache
def _files() -> Mapping[str, bytes]:
    """All that may be asked for, by name: a name that is not a key is no file, whatever path it spells."""
    found = {path.name: path.read_bytes() for kind in ("js", "css") for path in (_FOLDER / kind).glob(f"*.{kind}")}
    return {**found, _CATALOG: rows.as_json()}


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_files()[name], compresslevel=6, mtime=0)


async def _asset(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in _files():
        return Response(status_code=404)
    is_current = request.path_params["version"] == version()
    headers = {"Cache-Control": _FOREVER if is_current else "no-cache", "Vary": "Accept-Encoding"}
    media = _TYPES[Path(name).suffix]
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(_files()[name], media_type=media, headers=headers)
    return Response(_packed(name), media_type=media, headers={**headers, "Content-Encoding": "gzip"})
