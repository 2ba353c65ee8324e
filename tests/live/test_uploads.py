"""The route that takes files in: whole and once, or not at all."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial
from pathlib import Path

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette

from components import uploads
from core import settings
from core.data import Folders, sweep
from core.runner.service import Service
from core.spec import Project

TABLE = b"a,y\n" + b"1,2\n" * 700_000  # more than two pieces


@pytest.fixture
def service(tmp_path):
    made = Service(settings.load({"EAGERLY_HOME": str(tmp_path), "EAGERLY_UPLOAD_MB": "3"}))
    yield made
    made.store.close()


@pytest.fixture
def project(service):
    nodes = [{"id": "input_1", "layer": "Input", "params": {"shape": [4]}}]
    return service.store.create_project(
        Project.model_validate({"data": {"source": "iris"}, "model": {"nodes": nodes, "outputs": ["input_1"]}})
    )


@pytest.fixture
def app(service):
    return Starlette(routes=uploads.routes(lambda: service))


@pytest.fixture
def client(app):
    """Asks the routes without a port between."""

    async def ask(method, url, **more):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as asking:
            return await asking.request(method, url, **more)

    with start_blocking_portal() as portal:  # a loop of its own: in this thread a browser's may run
        yield lambda *question, **more: portal.call(partial(ask, *question, **more))


async def in_pieces(*pieces):
    for piece in pieces:
        yield piece


def kept(service):
    return sorted(path.name for path in service.settings.uploads.glob("*"))


def test_a_file_is_kept_whole_and_once_under_its_hash(client, service, project):
    digest = hashlib.sha256(TABLE).hexdigest()
    for _ in range(2):
        answer = client("POST", f"/upload/{project}", content=TABLE)
        assert answer.json() == {"reference": f"upload:{digest}"}
    assert kept(service) == [digest]
    assert (service.settings.uploads / digest).read_bytes() == TABLE


def test_a_file_over_the_limit_leaves_nothing_even_if_it_does_not_say_its_size(client, service, project):
    large = bytes(3_000_001)
    for content in (large, in_pieces(large[:2_000_000], large[2_000_000:])):
        answer = client("POST", f"/upload/{project}", content=content)
        assert answer.status_code in (413, 422)
        assert answer.json()["message"].startswith("The file is larger than 3 MB")
    assert kept(service) == []


def test_only_the_page_of_a_project_may_send(client, service, project):
    assert client("POST", "/upload/nobody", content=b"x").status_code == 403
    foreign = client("POST", f"/upload/{project}", content=b"x", headers={"Sec-Fetch-Site": "cross-site"})
    assert "own page only" in foreign.json()["message"]
    assert client("GET", f"/upload/{project}").status_code == 405
    assert kept(service) == []


def test_a_connection_that_breaks_leaves_nothing(app, service, project):
    seen = []
    messages = iter([{"type": "http.request", "body": TABLE, "more_body": True}, {"type": "http.disconnect"}])

    async def receive():
        message = next(messages)
        if message["type"] == "http.disconnect":
            seen.extend(kept(service))
        return message

    async def send(message):
        assert message.get("status", 400) == 400

    scope = {"type": "http", "method": "POST", "path": f"/upload/{project}", "headers": [], "query_string": b""}
    with start_blocking_portal() as portal:
        portal.call(app, scope, receive, send)
    assert [name[:6] for name in seen] == [".part-"], "it was on its way to the disk"
    assert kept(service) == []


def test_who_falls_silent_gives_the_place_to_others(client, service, project, monkeypatch):
    monkeypatch.setattr(uploads, "SILENT_SECONDS", 0.05)

    async def silent():
        yield TABLE
        await asyncio.Event().wait()

    assert "stopped coming" in client("POST", f"/upload/{project}", content=silent()).json()["message"]
    assert kept(service) == []
    assert client("POST", f"/upload/{project}", content=b"x").status_code == 200


def test_what_is_refused_later_goes_unless_somebody_had_it_before(client, service, project):
    folders = Folders(service.settings.uploads, service.settings.datasets)
    other = service.store.create_project(service.store.project(project).project)
    reference = client("POST", f"/upload/{project}", content=b"bad").json()["reference"]
    client("POST", f"/upload/{other}", content=b"bad")
    uploads.drop(other, reference, folders)
    assert len(kept(service)) == 1, "another project had given it"
    uploads.drop(project, reference, folders)
    assert kept(service) == []


def test_halves_that_a_dead_server_left_are_swept_and_fresh_ones_stay(service):
    folder: Path = service.settings.uploads
    folder.mkdir()
    (folder / ".part-old").write_bytes(b"x")
    (folder / ("0" * 64)).write_bytes(b"whole")
    folders = Folders(folder, service.settings.datasets)
    sweep(folders)
    assert kept(service) == [".part-old", "0" * 64]
    sweep(folders, seconds=-1)
    assert kept(service) == ["0" * 64]
