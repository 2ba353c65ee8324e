"""Runs start in a fair order, do what they are told, and lose nothing when a process is killed."""

from __future__ import annotations

import base64
import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core import document
from core.events import Note, Steps, decode
from core.store import Store

pytestmark = pytest.mark.keras


def wait_gone(pid, seconds=20):
    """Come back when there is no such process any more."""
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, f"process {pid} lives on"
        time.sleep(0.01)


def losses(store, run):
    """Every loss in the store, by its step."""
    found = []
    for _, body in store.events_after(run.id, 0, 1_000_000):
        if isinstance(event := decode(body), Steps):
            assert event.first == len(found)
            found += event.loss
    return found


def test_digits_from_the_click_to_the_model(bench):
    run = bench.train(bench.project(), epochs=3)
    over = bench.wait_over(run)
    assert (over.status, over.message) == ("finished", "")
    assert over.steps == 3 * 45
    assert len(losses(bench.store, run)) == over.steps
    assert over.metrics["val_sparse_categorical_accuracy"] > 0.8
    assert [epoch.epoch for epoch in bench.view(run).history] == [0, 1, 2]
    assert (run.path / "model.keras").exists()
    assert over.created <= over.started <= over.ended


def test_a_trained_model_is_examined_asked_and_exported(bench, engine):
    run = bench.wait_over(bench.train(bench.project(), epochs=2))
    about = {"project": document.to_dict(run.project), "folder": run.folder}
    examined = engine.ask({**about, "ask": "examine", "part": "validation"}, 60)
    assert examined["accuracy"] == pytest.approx(run.metrics["val_sparse_categorical_accuracy"], abs=1e-6)
    (answer,) = engine.ask({**about, "ask": "predict", "rows": [[[0.0] * 8] * 8]}, 60)["answers"]
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    model = base64.b64decode(engine.ask({**about, "ask": "export", "format": "keras"}, 60)["base64"])
    assert model[:2] == b"PK"


def test_a_finished_run_goes_on_where_it_ended(bench):
    run = bench.train(bench.project(), epochs=1)
    bench.wait_over(run)
    bench.store.continue_run(run.id, 2)
    bench.runner.submit(run.id)
    over = bench.wait_over(run)
    assert (over.status, over.steps) == ("finished", 3 * 45)
    assert [epoch.epoch for epoch in bench.view(run).history] == [0, 1, 2]


def test_pause_step_resume_stop(bench):
    run = bench.train(bench.project())
    bench.wait_steps(run)
    bench.store.send(run.id, "pause")
    paused = bench.wait(run, lambda now: now.status == "paused")
    bench.store.send(run.id, "step")
    stepped = bench.wait(run, lambda now: now.status == "paused" and now.steps > paused.steps)
    assert stepped.steps == paused.steps + 1
    bench.store.send(run.id, "resume")
    bench.wait(run, lambda now: now.status == "running" and now.steps > stepped.steps)
    bench.runner.cancel(run.id)
    over = bench.wait_over(run)
    assert (over.status, over.message) == ("stopped", "")
    assert len(losses(bench.store, run)) == over.steps
    assert (run.path / "last.weights.h5").exists()


def test_kill_9_of_the_trainer_keeps_every_point_and_says_so(bench):
    run = bench.train(bench.project())
    before = bench.wait_steps(run, 100)
    os.kill(bench.trainer(run), signal.SIGKILL)
    over = bench.wait_over(run, seconds=10)
    assert over.status == "failed"
    assert "was killed (signal 9)" in over.message
    assert f"Everything up to step {over.steps:,} is kept" in over.message
    assert over.steps >= before.steps
    assert len(losses(bench.store, run)) == over.steps
    bench.store.continue_run(run.id, 1)
    bench.runner.submit(run.id)
    assert bench.wait_over(run).status == "finished"


def test_kill_9_of_the_keeper_ends_the_trainer_too_and_is_noticed(bench):
    run = bench.train(bench.project())
    bench.wait_steps(run, 10)
    keeper, trainer = bench.store.run(run.id).keeper_pid, bench.trainer(run)
    os.kill(keeper, signal.SIGKILL)
    over = bench.wait_over(run, seconds=10)
    assert over.status == "failed"
    assert "its process is gone" in over.message
    assert f"step {over.steps:,} is kept" in over.message
    wait_gone(trainer)


def test_a_trainer_that_hangs_is_stopped_by_force(bench):
    run = bench.train(bench.project())
    bench.wait_steps(run, 10)
    os.kill(bench.trainer(run), signal.SIGSTOP)
    bench.runner.cancel(run.id)
    over = bench.wait_over(run, seconds=20)
    assert over.status == "stopped"
    (note,) = bench.view(run).notes
    assert "did not answer to Stop within 5 s" in note.message
    assert over.steps >= 10


def test_one_run_of_each_user_and_first_come_first_served(bench):
    ann, bob, eve = bench.project(), bench.project(), bench.project()
    first, second = bench.train(ann), bench.train(ann)
    third, fourth = bench.train(bob), bench.train(eve)
    bench.wait_steps(first)
    bench.wait_steps(third)
    assert bench.store.run(second.id).status == "queued", "Ann has one already"
    assert bench.store.run(fourth.id).status == "queued", "there is room for two"
    assert [bench.runner.position(run.id) for run in (first, second, third, fourth)] == [None, 1, None, 2]
    assert bench.runner.capacity().busy == 2
    bench.runner.cancel(third.id)
    bench.wait_steps(fourth)
    assert bench.store.run(second.id).status == "queued"
    bench.runner.cancel(first.id)
    bench.wait_steps(second)
    for run in (second, fourth):
        bench.runner.cancel(run.id)
        bench.wait_over(run)


def test_a_run_that_waits_is_cancelled_at_once_and_never_starts(bench):
    project = bench.project()
    first, second = bench.train(project), bench.train(project)
    bench.runner.cancel(second.id)
    assert bench.store.run(second.id).status == "stopped"
    assert bench.view(second).is_over
    bench.runner.cancel(first.id)
    bench.wait_over(first)
    assert bench.store.run(second.id).started is None
    assert bench.runner.position(second.id) is None


def test_a_deleted_project_ends_its_run(bench):
    project = bench.project()
    run = bench.train(project)
    bench.wait_steps(run)
    keeper = bench.store.run(run.id).keeper_pid
    bench.store.delete_project(project)
    wait_gone(keeper)


def test_data_that_cannot_be_had_fails_the_run_with_the_data_s_own_sentence(bench):
    csv = {"source": "csv", "path": "upload:0000", "target": "y"}
    project = type(bench.digits).model_validate({**bench.digits.model_dump(mode="json"), "data": csv})
    run = bench.store.create_run(bench.project(), project, bench.settings.runs)
    bench.runner.submit(run.id)
    over = bench.wait_over(run)
    assert over.status == "failed"
    assert "upload" in over.message
    assert "Traceback" not in over.message


def test_too_much_memory_ends_the_run_and_names_the_setting(bench, engine, monkeypatch):
    monkeypatch.setattr(engine, "settings", replace(engine.settings, memory_mb=200))
    run = bench.train(bench.project())
    over = bench.wait_over(run)
    assert over.status == "failed"
    assert "a run may use 200 MB (EAGERLY_MEMORY_MB)" in over.message


def test_the_time_limit_stops_a_run_in_order(bench, engine, monkeypatch):
    monkeypatch.setattr(engine, "settings", replace(engine.settings, wall_seconds=5))
    run = bench.train(bench.project())
    over = bench.wait_over(run)
    notes = [event for _, body in bench.store.events_after(run.id, 0) if isinstance(event := decode(body), Note)]
    assert over.status == "stopped"
    assert any("time limit" in note.message for note in notes)


def test_the_journal_is_what_another_process_reads(bench):
    run = bench.train(bench.project(), epochs=1)
    bench.wait_over(run)
    other = Store(bench.settings.database_url)
    assert losses(other, run) == losses(bench.store, run)
    assert json.loads(json.dumps(other.run(run.id).metrics)) == bench.view(run).metrics


def test_the_second_run_begins_with_what_the_first_has_measured(bench):
    def chosen(run):
        bench.wait(run, lambda now: bench.view(run).chosen is not None or now.is_over)
        found = bench.view(run).chosen
        bench.runner.cancel(run.id)
        bench.wait_over(run)
        return found

    first = chosen(bench.train(bench.project(), validation_fraction=0.31))
    assert {speed.execution.split()[0] for speed in first.measured} == {"graph", "XLA"}
    assert not first.remembered
    again = chosen(bench.train(bench.project(), validation_fraction=0.31))
    assert again.remembered, "nothing is compiled twice to know what is known"
    assert again.key == first.key
