"""The pictures of the plane as a browser gets them: a new one for new weights, one question for all who watch."""

from __future__ import annotations

import json
import os
import socket
import threading
from types import SimpleNamespace

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from components import planes
from core.errors import EngineError
from core.progress import Progress


class Kernel:
    """Answers with the number of the question."""

    def __init__(self):
        self.asked = []
        self.trouble = None

    def ask(self, question, timeout):
        if self.trouble:
            raise EngineError(self.trouble)
        self.asked.append(question["weights"])
        return {"picture": len(self.asked)}


@pytest.fixture
def kernel():
    return Kernel()


@pytest.fixture
def client(store, kernel):
    service = SimpleNamespace(store=store, engine=kernel, progress=Progress(store))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=planes.routes(lambda: service)), log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=20) as client:
        yield client
    server.should_exit = True
    thread.join()


def leave(run, name, at):
    run.path.mkdir(parents=True, exist_ok=True)
    (run.path / name).write_bytes(b"weights")
    os.utime(run.path / name, ns=(at, at))


def pictures(answer):
    for line in answer.iter_lines():
        if line.startswith("data: ["):
            yield json.loads(line[6:])[0]


def test_new_weights_are_drawn_and_the_last_word_is_the_checkpoint(client, store, run, kernel):
    leave(run, "now.weights", 1_000)
    with client.stream("GET", f"/plane/{run.id}") as answer:
        heard = pictures(answer)
        assert next(heard) == {"epoch": 0, "picture": 1}
        leave(run, "now.weights", 2_000)
        assert next(heard)["picture"] == 2
        leave(run, "last.weights.h5", 3_000)
        store.set_status(run.id, "finished")
        assert [one["picture"] for one in heard] == [3]  # and then it ends
    assert kernel.asked == ["now", "now", "last"]


def test_two_who_watch_cost_one_question(client, store, run, kernel):
    leave(run, "last.weights.h5", 1_000)
    store.set_status(run.id, "finished")
    for _ in range(2):
        with client.stream("GET", f"/plane/{run.id}") as answer:
            assert [one["picture"] for one in pictures(answer)] == [1]
    assert kernel.asked == ["last"]


def test_trouble_is_said_and_an_unknown_run_is_none(client, store, run, kernel):
    kernel.trouble = "The engine is busy."
    leave(run, "last.weights.h5", 1_000)
    store.set_status(run.id, "finished")
    with client.stream("GET", f"/plane/{run.id}") as answer:
        assert list(pictures(answer)) == [{"trouble": "The engine is busy."}]
    assert client.get("/plane/nobody").status_code == 404
