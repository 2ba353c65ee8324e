"""A runner on the session's engine, and the words to look at what it does."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from core.progress import view
from core.runner.local import LocalRunner
from core.store import Store


class Bench:
    """A store, a runner with room for two, and a project that trains as long as it is let."""

    def __init__(self, engine, digits):
        self.settings = engine.settings
        self.store = Store(engine.settings.database_url)
        self.runner = LocalRunner(self.store, engine, workers=2)
        self.runner.start()
        self.digits = digits

    def project(self):
        return self.store.create_project(self.digits)

    def train(self, project_id, epochs=100_000, **data):
        training = self.digits.training.model_copy(update={"epochs": epochs})
        spec = self.digits.data.model_copy(update=data)
        project = self.digits.model_copy(update={"training": training, "data": spec})
        run = self.store.create_run(project_id, project, self.settings.runs)
        self.runner.submit(run.id)
        return run

    def wait(self, run, is_so, seconds=60):
        """The run, as soon as `is_so(run)`: this looks often, and fails when it takes too long."""
        deadline = time.monotonic() + seconds
        while not is_so(now := self.store.run(run.id)):
            assert time.monotonic() < deadline, f"still {now.status} after {seconds} s: {now.message}"
            time.sleep(0.01)
        return now

    def wait_steps(self, run, steps=1):
        return self.wait(run, lambda now: now.steps >= steps or now.is_over)

    def wait_over(self, run, seconds=60):
        return self.wait(run, lambda now: now.is_over, seconds)

    def view(self, run):
        return view(self.store, run.id)

    def trainer(self, run):
        keeper = self.store.run(run.id).keeper_pid
        (pid,) = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
        return int(pid)


@pytest.fixture
def bench(engine, digits):
    bench = Bench(engine, digits)
    yield bench
    for run in [*bench.store.queued(), *bench.store.active()]:
        bench.runner.cancel(run.id)
        if pid := bench.store.run(run.id).keeper_pid:
            os.kill(bench.trainer(run), signal.SIGKILL) if Path(f"/proc/{pid}").exists() else None
        bench.wait_over(run)
    bench.runner.stop()
    bench.store.close()
