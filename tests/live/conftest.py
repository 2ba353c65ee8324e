"""A real store, and the routes on a real port."""

from __future__ import annotations

import socket
import threading
from types import SimpleNamespace

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from components import live
from core.spec import Project
from core.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'eagerly.db'}")
    yield store
    store.close()


@pytest.fixture
def run(store, tmp_path):
    nodes = [{"id": "input_1", "layer": "Input", "params": {"shape": [4]}}]
    project = Project.model_validate({"data": {"source": "iris"}, "model": {"nodes": nodes, "outputs": ["input_1"]}})
    return store.create_run(store.create_project(project), project, tmp_path / "runs")


@pytest.fixture
def server(store):
    """The routes served by uvicorn; `stop()` asks it to end, as a signal does."""
    listening = socket.create_server(("127.0.0.1", 0))
    uvicorn_server = uvicorn.Server(uvicorn.Config(Starlette(routes=live.routes(lambda: store)), log_level="error"))
    thread = threading.Thread(target=uvicorn_server.run, args=([listening],))
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=20) as client:
        yield SimpleNamespace(client=client)
    uvicorn_server.should_exit = True
    thread.join()
