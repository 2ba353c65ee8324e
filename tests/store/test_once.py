"""An operation that is sent twice is done once, whoever dies in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import graph
from core.edits import Duplicate, apply
from core.errors import SpecError, StaleError, StoreError
from core.store import Store
from core.store.clients import KEPT

ROOT = Path(__file__).parents[2]

SERVER = """
import sys
from core.edits import Duplicate, apply
from core.store import Store
store, token = Store(sys.argv[1]), sys.argv[2]
for seq in range(1, 161):
    if seq <= store.acknowledged(token, "tab"):
        continue
    now = store.project(token)
    if seq % 5 == 0:
        store.undo(token, stamp=("tab", seq))
    elif seq % 7 == 0:
        store.acknowledge(token, ("tab", seq))
    else:
        changed = apply(now.project, Duplicate(node="dense_1", id=f"d{seq}"))
        store.save(token, changed, revision=now.revision, stamp=("tab", seq))
    print(seq, flush=True)
"""


def named(project, name):
    return project.model_copy(update={"name": name})


def test_a_stamp_is_kept_with_its_change(store, url, project):
    token = store.create_project(project)
    assert store.acknowledged(token, "tab") == 0
    store.save(token, named(project, "a"), revision=1, stamp=("tab", 3))
    assert Store(url).acknowledged(token, "tab") == 3
    assert store.acknowledged(token, "another") == 0
    assert store.acknowledged(store.create_project(project), "tab") == 0


def test_a_change_that_was_taken_is_not_done_again(store, project):
    token = store.create_project(project)
    revision = store.save(token, named(project, "a"), revision=1, stamp=("tab", 2))
    assert store.save(token, named(project, "again"), revision=revision, stamp=("tab", 2)) == revision
    assert store.save(token, named(project, "older"), revision=revision, stamp=("tab", 1)) == revision
    assert store.project(token).name == "a"


def test_undo_and_redo_are_done_once(store, project):
    token = store.create_project(named(project, "a"))
    for name in "bcd":
        store.save(token, named(project, name), revision=store.revision(token))
    for _ in range(3):
        store.undo(token, stamp=("tab", 1))
    assert store.project(token).name == "c"
    store.undo(token, stamp=("tab", 2))
    for _ in range(3):
        store.redo(token, stamp=("tab", 3))
    assert store.project(token).name == "c"


def test_a_change_that_is_refused_takes_no_stamp(store, project):
    token = store.create_project(project)
    store.save(token, named(project, "theirs"), revision=1)
    with pytest.raises(StaleError):
        store.save(token, named(project, "mine"), revision=1, stamp=("tab", 1))
    with pytest.raises(StaleError):
        store.undo(token, revision=1, stamp=("tab", 1))
    assert store.acknowledged(token, "tab") == 0
    assert store.project(token).name == "theirs"


def test_a_change_that_changes_nothing_is_acknowledged_and_no_step(store, project):
    token = store.create_project(project)
    assert store.save(token, project, revision=1, stamp=("tab", 1)) == 1
    store.undo(token, stamp=("tab", 2))
    store.acknowledge(token, ("tab", 9))
    store.acknowledge(token, ("tab", 4))
    assert store.acknowledged(token, "tab") == 9
    assert not store.project(token).can_undo


def test_the_same_step_is_undone_as_one(store, project):
    token = store.create_project(named(project, "a"))
    revision = store.save(token, named(project, "b1"), revision=1)
    revision = store.save(token, named(project, "b2"), revision=revision, same_step=True)
    store.save(token, named(project, "b3"), revision=revision, same_step=True)
    assert store.project(token).revision == 4
    assert store.undo(token).name == "a"
    assert store.redo(token).name == "b3"


def test_acknowledging_for_a_project_that_is_gone_is_a_sentence(store, project):
    token = store.create_project(project)
    store.acknowledge(token, ("tab", 1))
    store.delete_project(token)
    with pytest.raises(StoreError, match="no project at this address"):
        store.acknowledge(token, ("tab", 2))
    assert store.acknowledged(token, "tab") == 0


def test_clients_that_are_long_gone_are_forgotten(store, project):
    token = store.create_project(project)
    for number in range(KEPT + 20):
        store.acknowledge(token, (f"tab{number}", 1))
    known = [number for number in range(KEPT + 20) if store.acknowledged(token, f"tab{number}")]
    assert len(known) == KEPT
    assert known[-1] == KEPT + 19


def test_a_project_that_could_not_be_read_back_is_not_kept(store, project):
    token = store.create_project(project)
    nodes = project.model.nodes
    huge = nodes[-1].model_copy(update={"params": {"units": 10, "kernel_initializer": "x" * 2_000_000}})
    too_large = project.model_copy(update={"model": project.model.model_copy(update={"nodes": (nodes[0], huge)})})
    with pytest.raises(SpecError, match="at most 2,000,000 bytes"):
        store.save(token, too_large, revision=1, stamp=("tab", 1))
    assert store.project(token).project == project
    assert store.acknowledged(token, "tab") == 0


def test_150_steps_are_undone_after_a_restart(store, url, project):
    token = store.create_project(named(project, "n0"))
    for number in range(1, 151):
        store.save(token, named(project, f"n{number}"), revision=number, stamp=("tab", number))
    again = Store(url)
    names = [again.undo(token, stamp=("tab", 150 + number)).name for number in range(1, 151)]
    assert names == [f"n{number}" for number in range(149, -1, -1)]
    assert again.redo(token).name == "n1"


def test_kill_9_between_two_clicks_neither_loses_nor_repeats_one(store, url, project):
    """The browser sends everything again to the next server; the last one is not killed."""
    if url.startswith("sqlite"):
        _killed_again_and_again(store, url, store.create_project(project), project)


def _killed_again_and_again(store, url, token, project):
    for clicks in (3, 25, 60, 160):
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, url, token], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(clicks):
            server.stdout.readline()
        if clicks < 160:
            os.kill(server.pid, signal.SIGKILL)
        server.stdout.read()
        server.wait()
    expected = [project]
    for seq in range(1, 161):
        if seq % 5 == 0:
            expected = expected[:-1] or expected
        elif seq % 7:
            expected.append(apply(expected[-1], Duplicate(node="dense_1", id=f"d{seq}")))
    assert store.project(token).project == expected[-1]
    assert len(graph.by_id(expected[-1].model)) > 60
    assert store.acknowledged(token, "tab") == 160
