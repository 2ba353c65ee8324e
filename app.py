"""The App: what starts with the server, the routes of our own, and the page."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from components import (
    charts,  # noqa: F401  loaded now, so that the first visitor need not wait for it
    live,
    mishaps,
    planes,
    state,  # noqa: F401  likewise, with most of core
    uploads,
)
from components.canvas import assets
from components.security import SecurityHeaders
from core.errors import EagerlyError
from core.runner.service import service


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Warm the engine while the first page loads; let running workers go on when the server ends."""
    try:
        service().start()
    except EagerlyError as trouble:  # every page says it
        logging.getLogger("eagerly").error("%s", trouble)
    gc.freeze()  # Streamlit collects after every script run; what is loaded by now is not garbage
    yield {}
    with suppress(EagerlyError):
        service().stop()


_hosts = st.get_option("server.allowedHosts") or ["*"]  # Streamlit itself asks this of its websocket only

app = st.App(
    "components/navigation/main.py",
    lifespan=lifespan,
    routes=[*live.routes(lambda: service().store), *planes.routes(service), *assets.routes(), *uploads.routes(service)],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=_hosts, www_redirect=False),
    ],
    on_script_error=mishaps.report,
)
