"""The route that takes files in: whole and once, or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
from functools import partial

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette

from components import uploads
from core import settings
from core.errors import DataError
from core.runner import service as services
from core.runner.service import Service
from core.spec import CsvData, Project

TABLE = b"a,y\n" + b"1,2\n" * 700_000  # more than two pieces


@pytest.fixture
def service(tmp_path):
    made = Service(settings.load({"EAGERLY_HOME": str(tmp_path), "EAGERLY_UPLOAD_MB": "3", "EAGERLY_PROJECT_MB": "6"}))
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


def send(client, project, content):
    answer = client("POST", f"/upload/{project}", content=content)
    assert answer.status_code == 200, answer.json()
    return answer.json()["reference"]


def another(service, project):
    return service.store.create_project(service.store.project(project).project)


def use(service, project, reference):
    """What the page does with a table that it took."""
    stored = service.store.project(project)
    data = CsvData(source="csv", path=reference, target="y")
    changed = stored.project.model_copy(update={"data": data})
    return service.store.save(project, changed, revision=stored.revision)


def test_what_is_refused_later_goes_unless_somebody_had_it_before(client, service, project):
    other = another(service, project)
    reference = send(client, project, b"bad")
    assert send(client, other, b"bad") == reference
    service.given.drop(other, reference)
    assert len(kept(service)) == 1, "another project had given it"
    send(client, other, b"bad")
    service.given.drop(project, reference)
    assert len(kept(service)) == 1, "another project is about to use it"
    service.given.drop(other, reference)
    assert kept(service) == []


def begin_with(service, project, weights):
    """What the page does with an imported model."""
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"x")
    stored = service.store.project(project)
    training = stored.project.training.model_copy(update={"initial_weights": weights.parent.name})
    changed = stored.project.model_copy(update={"training": training})
    return service.store.save(project, changed, revision=stored.revision)


def test_a_file_that_the_project_uses_is_not_dropped_for_its_second_coming(client, service, project):
    reference = send(client, project, TABLE)
    use(service, project, reference)
    send(client, project, TABLE)
    service.given.drop(project, reference)
    assert len(kept(service)) == 1


def test_a_project_has_room_for_so_much_and_others_have_theirs(client, service, project):
    files = [bytes([n]) * 2_000_000 for n in range(4)]
    use(service, project, send(client, project, files[0]))
    send(client, project, files[1])
    answer = client("POST", f"/upload/{project}", content=unread())
    assert answer.status_code == 413
    message = answer.json()["message"]
    assert message.startswith(
        "There is no room for 3.0 MB more in this project: its files have 4.0 MB of 6.0 MB already"
    )
    assert "start a new project" in message
    assert len(kept(service)) == 2
    send(client, another(service, project), files[2])
    send(client, project, files[3][:1_000_000])  # what fits is taken still


def unread():
    """A body of unknown length that nobody may ask for."""

    async def body():
        raise AssertionError("it was read, though there is no room for it")
        yield b""

    return body()


def test_what_undo_and_runs_hold_counts_and_stays(client, service, project):
    first, second = (send(client, project, bytes([n]) * 2_000_000) for n in range(2))
    use(service, project, first)
    service.store.create_run(project, service.store.project(project).project, service.settings.runs)
    use(service, project, second)
    begin_with(service, project, weights := service.given.weights(64 * "a"))
    service.given.sweep(seconds=-1)
    assert len(kept(service)) == 2
    assert weights.is_file()
    assert client("POST", f"/upload/{project}", content=bytes(2_100_000)).status_code == 413


def test_files_of_no_project_are_swept_and_fresh_ones_stay(client, service, project):
    other = another(service, project)
    shared, alone = (send(client, project, TABLE[: 40 * n]) for n in (1, 2))
    for reference in (shared, alone):
        use(service, project, reference)
    use(service, other, shared)
    unused = send(client, other, b"a,y\n")
    weights = service.given.weights(unused.removeprefix("upload:"))
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"x")
    (service.settings.uploads / ".part-old").write_bytes(b"x")
    service.given.sweep()
    assert len(kept(service)) == 4
    for path in (*service.settings.uploads.iterdir(), weights.parent):
        os.utime(path, (1, 1))
    send(client, other, b"a,y\n")
    service.given.sweep()
    assert len(kept(service)) == 3, "what was given again a moment ago stays, the half one is gone"
    service.store.delete_project(project)
    service.given.sweep(seconds=-1)
    assert kept(service) == [shared.removeprefix("upload:")]
    assert not weights.parent.exists()


def test_a_file_is_refused_before_the_disk_is_full(client, service, project, monkeypatch):
    monkeypatch.setattr(services, "LEAST_FREE_MB", 10**9)
    answer = client("POST", f"/upload/{project}", content=unread())
    assert answer.status_code == 507
    assert "MB are needed for this file" in answer.json()["message"]
    assert kept(service) == []


def test_room_is_held_while_files_come(service, project):
    tickets = [service.given.expect(project, 3_000_000) for _ in range(2)]
    with pytest.raises(DataError, match=r"There is no room for 1\.0 MB more"):
        service.given.expect(project, 1_000_000)
    service.given.expected_no_more(project, tickets[0])
    service.given.expect(project, 1_000_000)
