"""What the store does not take is kept in memory, and committed when there is space again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core.events import Note, decode
from core.progress import view
from core.spec import Project
from core.store import Store

ROOT = Path(__file__).parents[2]

RECORD = """
import array, resource, signal, sys, time
from core.engine.recorder import Recorder
from core.events import Epoch, Finished, Started, Steps
from core.store import Store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(sys.argv[1])
recorder = Recorder(store, sys.argv[2])
recorder.say(Started(1, 100_000, 32, 10, "graph", "fit", at=1.0))
print(recorder.commit())
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))  # stands for a disk with no more space
recorder.say(Steps(0, array.array("f", [0.5] * 100_000)))
print(recorder.commit(), recorder.has_pending)
recorder.commit_if_due()
recorder.say(Finished({"loss": 0.5}, 100_000, 1.0, "graph"))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(recorder.commit())
recorder.commit()
"""


def test_a_full_disk_costs_no_point(tmp_path):
    url = f"sqlite:///{tmp_path / 'eagerly.db'}"
    store = Store(url)
    project = Project.model_validate({"data": {"source": "digits"}})
    run = store.create_run(store.create_project(project), project, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", RECORD, url, run.id], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False", "True", "True"]
    assert "The disk" in done.stderr
    assert view(store, run.id).steps == 100_000
    row = store.run(run.id)
    assert (row.status, row.steps, row.metrics) == ("finished", 100_000, {"loss": 0.5})
    last = decode(store.events_after(run.id, 0, 100)[-1][1])
    assert isinstance(last, Note)
    assert "None was lost" in last.message
