"""A server may die: its runs go on; and two servers never share a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core import document, settings
from core.engine import Engine, pulse
from core.errors import RunError
from core.events import Failed, Finished, decode
from core.progress import view
from core.runner.local import LocalRunner
from core.runner.service import Service
from core.store import Store

ROOT = Path(__file__).parents[2]

SERVER = """
import sys, time
from core import document, settings
from core.runner.service import Service

service = Service(settings.load())
service.start()
project = document.load(open(sys.argv[1]).read())
run = service.train(service.store.create_project(project), project)
while not service.store.run(run.id).steps:
    time.sleep(0.01)
print(run.id, "tensorflow" in sys.modules, "keras" in sys.modules, flush=True)
time.sleep(1000)
"""


@pytest.fixture
def home(tmp_path):
    return settings.load({"EAGERLY_HOME": str(tmp_path / "home"), "EAGERLY_WORKERS": "1"})


@pytest.fixture
def store(home):
    store = Store(home.database_url)
    yield store
    store.close()


@pytest.fixture
def runner(store, home):
    """A runner whose engine never gets warm: it takes over, and starts nothing."""
    runner = LocalRunner(store, Engine(home), 1)
    yield runner
    runner.stop()


def claimed(store, home, project):
    run = store.create_run(store.create_project(project), project, home.runs)
    store.claim(run.id)
    return run


def test_a_second_server_on_the_same_folder_is_refused(home):
    held = pulse.hold(home.home / "server.lock")
    with pytest.raises(RunError, match=rf"uses the folder {home.home} already.*EAGERLY_HOME"):
        Service(home).start()
    pulse.let_go(held)


def test_a_runner_that_is_not_there_is_named(home):
    with pytest.raises(RunError, match="EAGERLY_RUNNER is 'ray://cluster'"):
        Service(replace(home, runner="ray://cluster"))


def test_a_run_whose_keeper_is_gone_is_reported_at_the_start(store, home, runner, digits):
    run = claimed(store, home, digits)
    gone = subprocess.Popen(["true"])
    gone.wait()
    store.set_status(run.id, "running", keeper_pid=gone.pid)
    runner.start()
    after = store.run(run.id)
    assert after.status == "failed"
    assert "stopped unexpectedly" in after.message
    assert isinstance(decode(store.events_after(run.id, 0)[-1][1]), Failed)


def test_a_run_whose_keeper_lives_is_left_alone_whatever_the_clock_says(store, home, runner, digits):
    run = claimed(store, home, digits)
    held = pulse.hold(pulse.of_keeper(run.path))
    with store._write("a test") as connection:
        connection.exec_driver_sql("UPDATE runs SET heartbeat = 1.0, status = 'running', keeper_pid = 999999")
    runner.start()
    assert store.run(run.id).status == "running"
    pulse.let_go(held)


def test_what_waits_goes_on_waiting(store, home, runner, digits):
    run = store.create_run(store.create_project(digits), digits, home.runs)
    runner.start()
    assert store.run(run.id).status == "queued"
    assert runner.position(run.id) == 1


@pytest.mark.keras
def test_kill_9_of_the_server_ends_no_run(store, home, runner, digits, tmp_path):
    training = digits.training.model_copy(update={"epochs": 40})
    (tmp_path / "project.json").write_text(document.dump(digits.model_copy(update={"training": training})))
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path / "project.json")],
        cwd=ROOT,
        env={**os.environ, "EAGERLY_HOME": str(home.home), "EAGERLY_WORKERS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    run_id, has_tensorflow, has_keras = server.stdout.readline().split()
    assert (has_tensorflow, has_keras) == ("False", "False")
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    at_the_kill = store.run(run_id)
    assert at_the_kill.status == "running", "or the test kills too late"
    runner.start()  # the next server
    deadline = time.monotonic() + 120
    while not store.run(run_id).is_over:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    over = store.run(run_id)
    assert (over.status, over.message, over.steps) == ("finished", "", 40 * 45)
    assert over.steps > at_the_kill.steps
    assert view(store, run_id).history[-1].epoch == 39
    assert isinstance(decode(store.events_after(run_id, 0, 100_000)[-1][1]), Finished)
