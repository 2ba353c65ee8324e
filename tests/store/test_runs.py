"""Runs are queued in order, claimed once, steered by words, and keep what was acknowledged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import StoreError
from core.store import Store


def test_runs_are_numbered_in_their_project_and_listed_newest_first(store, project, tmp_path):
    first, second = store.create_project(project), store.create_project(project)
    for project_id in (first, second, first):
        store.create_run(project_id, project, tmp_path)
    assert [run.number for run in store.runs(first)] == [2, 1]
    assert [run.name for run in store.runs(second)] == ["Run 1"]


def test_a_run_keeps_the_project_as_it_was_trained(store, project, run):
    store.save(run.project_id, project.model_copy(update={"name": "changed"}), revision=1)
    assert store.run(run.id).project == project
    assert run.status == "queued"
    assert run.path.name == run.id


def test_the_queue_is_first_come_first_served(store, project, run, tmp_path):
    later = store.create_run(run.project_id, project, tmp_path)
    assert [waiting.id for waiting in store.queued()] == [run.id, later.id]
    assert store.claim(run.id)
    store.set_status(run.id, "finished")
    store.continue_run(run.id, 5)
    assert [waiting.id for waiting in store.queued()] == [later.id, run.id]


def test_a_run_is_claimed_by_one_only(url, store, run):
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda _: Store(url).claim(run.id), range(8)))
    assert claimed.count(True) == 1
    assert not store.cancel_queued(run.id, "too late")
    assert store.run(run.id).status == "starting"


def test_a_cancelled_run_is_not_started(store, run):
    assert store.cancel_queued(run.id, "You took it back.")
    assert not store.claim(run.id)
    assert store.run(run.id).message == "You took it back."
    assert store.run(run.id).ended is not None


def test_events_come_back_in_order_and_numbered_from_one(store, run):
    assert store.append(run.id, [b"a", b"b\x00\xff"]) == 2
    assert store.append(run.id, [b"c"]) == 3
    assert store.events_after(run.id, 0, 10) == [(1, b"a"), (2, b"b\x00\xff"), (3, b"c")]
    assert store.events_after(run.id, 1, 1) == [(2, b"b\x00\xff")]
    assert store.events_after(run.id, 3, 10) == []


def test_two_writers_never_share_a_number(url, store, run):
    with ThreadPoolExecutor(4) as pool:
        last = list(pool.map(lambda n: store.append(run.id, [str(n).encode()] * 3), range(40)))
    assert sorted(last) == list(range(3, 123, 3))
    assert len(store.events_after(run.id, 0, 1000)) == 120


def test_events_and_what_they_change_are_committed_together(store, run):
    store.append(run.id, [b"e"], {"steps": 7, "metrics": {"loss": 0.5}})
    assert store.run(run.id).steps == 7
    assert store.run(run.id).metrics == {"loss": 0.5}
    with pytest.raises(StoreError):
        store.append(run.id, [b"f"], {"number": None})
    assert store.events_after(run.id, 1, 10) == []


def test_words_arrive_in_order_and_once(store, run):
    for word in ("pause", "step", "resume"):
        store.send(run.id, word)
    assert store.words_after(run.id, 0) == [(1, "pause"), (2, "step"), (3, "resume")]
    assert store.words_after(run.id, 3) == []
    assert store.run(run.id).control == "resume"


def test_words_to_a_run_that_is_over_do_not_steer_its_continuation(store, run):
    store.send(run.id, "stop")
    store.set_status(run.id, "stopped", message="You stopped it.")
    store.send(run.id, "pause")
    assert store.words_after(run.id, 1) == []
    again = store.continue_run(run.id, 3)
    assert (again.status, again.more_epochs, again.message, again.ended) == ("queued", 3, "", None)
    assert store.words_after(run.id, 0) == []


def test_a_run_at_work_is_neither_deleted_nor_continued(store, run):
    store.claim(run.id)
    with pytest.raises(StoreError, match=r"still starting\. Stop it first"):
        store.delete_run(run.id)
    with pytest.raises(StoreError, match="still starting"):
        store.continue_run(run.id, 1)
    store.set_status(run.id, "failed", message="It died.")
    store.append(run.id, [b"x"])
    store.delete_run(run.id)
    assert store.runs(run.project_id) == []


def test_a_run_is_renamed_but_never_to_nothing(store, run):
    store.rename_run(run.id, "  Wider  ")
    store.rename_run(run.id, "   ")
    assert store.run(run.id).name == "Wider"


def test_a_beat_is_newer_than_the_one_before(store, run):
    store.beat(run.id)
    first = store.run(run.id).heartbeat
    store.beat(run.id)
    assert store.run(run.id).heartbeat >= first


def test_an_unknown_run_is_a_sentence(store):
    with pytest.raises(StoreError, match="no such run"):
        store.run("nothing")
    with pytest.raises(StoreError, match="no such run"):
        store.append("nothing", [b"x"])
