"""The routes as a browser meets them: nothing lost, nothing twice, and an end."""

from __future__ import annotations

import array
import json
from contextlib import ExitStack, contextmanager

import pytest

from components import feed, live
from core.events import Epoch, Failed, Finished, Paused, Started, Steps, encode
from core.store import status_change

STARTED = Started(epochs=2, steps_per_epoch=50, batch_size=8, parameters=9, execution="graph", loop="fit")
FINISHED = Finished(metrics={"loss": 0.1}, steps=100, steps_per_second=50.0, execution="graph")


def say(store, run, *events, status=None):
    return store.append(run.id, [encode(event) for event in events], status_change(status, {}) if status else None)


def steps(first, count):
    return Steps(first=first, loss=array.array("f", range(first, first + count)))


def messages(lines):
    """Server-sent events as (number, kind, data); comments are left out."""
    number, kind, data = "", "message", ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            number = value
        elif name == "event":
            kind = value
        elif name == "data":
            data = value
        elif not line and data:
            yield number, kind, json.loads(data)
            kind, data = "message", ""


@contextmanager
def watching(server, run, **more):
    with server.client.stream("GET", f"/live/{run.id}", **more) as answer:
        assert answer.status_code == 200, answer.read()
        yield answer, messages(answer.iter_lines())


def entries(heard, kind):
    return [entry for _, _, data in heard if isinstance(data, list) for entry in data if entry["type"] == kind]


def numbers_of_steps(heard):
    spans = [(entry["first"], entry["first"] + entry["count"]) for entry in entries(heard, "steps")]
    return [place for first, end in spans for place in range(first, end)]


def test_a_run_that_is_over_is_told_whole_and_then_ended(server, store, run):
    say(store, run, STARTED, steps(0, 100), FINISHED, status="finished")
    with watching(server, run) as (answer, lines):
        heard = list(lines)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    assert "no-cache" in answer.headers["cache-control"]
    assert numbers_of_steps(heard) == list(range(100))
    assert [entry["status"] for entry in entries(heard, "status")] == ["finished"]
    assert [kind for _, kind, _ in heard].index("end") == len(heard) - 1


def test_what_happens_while_one_watches_arrives_in_order_and_once(server, store, run):
    say(store, run, STARTED, status="running")
    heard = []
    with watching(server, run) as (_, lines):
        for place in range(10):
            last = say(store, run, steps(place * 10, 10))
            while not heard or int(heard[-1][0] or 0) < last:
                heard.append(next(lines))
        say(store, run, FINISHED, status="finished")
        heard += lines
    assert numbers_of_steps(heard) == list(range(100))
    assert [entry["status"] for entry in entries(heard, "status")] == ["running", "finished"]
    assert heard[-1][1] == "end"


@pytest.mark.parametrize("by_header", [True, False], ids=["Last-Event-ID", "from"])
def test_a_browser_that_comes_back_gets_the_rest_and_no_more(server, store, run, by_header):
    say(store, run, STARTED, steps(0, 30), status="running")
    with watching(server, run) as (_, lines):
        first = [next(lines)]
    say(store, run, steps(30, 50), Epoch(epoch=0, metrics={"loss": 1.0}), steps(80, 20), FINISHED, status="finished")
    number = first[-1][0]
    more = {"headers": {"Last-Event-ID": number}} if by_header else {"params": {"from": number}}
    with watching(server, run, **more) as (_, lines):
        second = list(lines)
    assert numbers_of_steps(first + second) == list(range(100))
    assert len(entries(first + second, "started")) == 1
    assert len(entries(first + second, "epoch")) == 1


@pytest.mark.parametrize("place", ["", "-3", "1e3", "abc", "٣", "9" * 40])
def test_a_place_that_is_none_starts_from_the_beginning(server, store, run, place):
    say(store, run, STARTED, FINISHED, status="finished")
    with watching(server, run, params={"from": place}) as (_, lines):
        assert len(entries(list(lines), "started")) == 1


def test_a_late_watcher_beside_an_early_one_misses_nothing(server, store, run):
    say(store, run, STARTED, steps(0, 20), status="running")
    with watching(server, run) as (_, early):
        seen = [next(early)]
        say(store, run, steps(20, 20))
        with watching(server, run) as (_, late):
            heard = [next(late)]
            say(store, run, steps(40, 60), FINISHED, status="finished")
            heard += late
        seen += early
    assert numbers_of_steps(heard) == list(range(100)) == numbers_of_steps(seen)


def test_a_crowd_that_opens_the_page_together_gets_the_whole_run_each(server, store, run):
    say(store, run, STARTED, steps(0, 60), status="running")
    with ExitStack() as crowd:
        crowd_lines = [crowd.enter_context(watching(server, run))[1] for _ in range(12)]
        heard = [[next(lines)] for lines in crowd_lines]
        say(store, run, steps(60, 40), FINISHED, status="finished")
        for each, lines in zip(heard, crowd_lines, strict=True):
            each += lines
    assert all(numbers_of_steps(each) == list(range(100)) for each in heard)


def test_a_long_run_is_caught_up_with_in_few_points(server, store, run):
    say(store, run, STARTED, *(steps(place * 1000, 1000) for place in range(50)), FINISHED, status="finished")
    with watching(server, run) as (_, lines):
        heard = list(lines)
    (entry,) = entries(heard, "steps")
    assert entry["count"] == 50_000
    assert 2000 <= len(entry["loss"]) <= feed.CATCH_UP_POINTS


def test_a_pause_and_a_failure_are_told_after_the_events_that_led_to_them(server, store, run):
    say(store, run, STARTED, steps(0, 5), Paused(step=5), status="paused")
    with watching(server, run) as (_, lines):
        heard = [next(lines), next(lines)]
        assert [data[-1]["type"] for _, _, data in heard] == ["steps", "status"]
        why = "The worker was killed."
        store.append(run.id, [encode(Failed(message=why))], status_change("failed", {"message": why}))
        heard += lines
    last = entries(heard, "status")[-1]
    assert (last["status"], last["message"]) == ("failed", why)


def test_a_continued_run_is_followed_again_by_one_who_saw_its_end(server, store, run):
    say(store, run, STARTED, steps(0, 100), FINISHED, status="finished")
    with watching(server, run) as (_, lines):
        heard = list(lines)
    place = heard[-1][0]
    store.continue_run(run.id, 1)
    with watching(server, run, params={"from": place}) as (_, lines):
        again = [next(lines)]
        assert entries(again, "status")[0]["status"] == "queued"
        say(store, run, STARTED, steps(100, 50), FINISHED, status="finished")
        again += lines
    assert numbers_of_steps(again) == list(range(100, 150))


def test_an_unknown_run_gets_a_sentence(server):
    answer = server.client.get("/live/nobody")
    assert answer.status_code == 404
    assert "There is no such run" in answer.json()["message"]


def test_a_run_that_is_deleted_while_one_watches_ends_the_stream_without_an_end_event(server, store, run):
    with watching(server, run) as (_, lines):
        assert entries([next(lines)], "status")[0]["status"] == "queued"
        store.delete_run(run.id)
        assert [kind for _, kind, _ in lines] == []
    assert server.client.get(f"/live/{run.id}").status_code == 404


def test_plotly_comes_from_the_installed_wheel_and_is_kept_for_long_only_under_its_version(server):
    kept = server.client.get(live.PLOTLY_PATH, params={"v": live.plotly_version()})
    assert "immutable" in kept.headers["cache-control"]
    assert kept.headers["content-encoding"] == "gzip"
    assert b"Plotly" in kept.content[-400:]
    plain = server.client.get(live.PLOTLY_PATH, params={"v": "0"}, headers={"Accept-Encoding": "identity"})
    assert plain.headers["cache-control"] == "no-cache"
    assert plain.content == kept.content
