"""A run's view follows from its events alone, however they are read."""

from __future__ import annotations

import array
import math
from itertools import pairwise

import pytest

from core.events import Epoch, Failed, Finished, Note, Paused, Resumed, Started, Steps, encode
from core.progress import MOST_EPOCHS, RECENT, Progress, RunView, fold
from core.spec import Project
from core.store import Store


def losses(*values):
    return array.array("f", values)


def started(**changes):
    known = {"epochs": 3, "steps_per_epoch": 4, "batch_size": 32, "parameters": 10, "execution": "graph"}
    return Started(**{**known, "loop": "fit", "at": 100.0, **changes})


STORY = [
    started(),
    Steps(0, losses(4, 3, 2, 1)),
    Epoch(0, {"loss": 2.5}, steps=4, seconds=2.0, steps_per_second=2.0, learning_rate=0.1, memory_mb=80.0),
    Paused(4),
    Resumed(4),
    Note("The learning rate is lower now."),
    Steps(4, losses(0.5, 0.5)),
]


def test_a_run_that_has_said_nothing_waits():
    assert fold([]) == RunView()
    assert fold([]).status == "queued"
    assert fold([]).seconds_left(now=1.0) is None


def test_the_view_follows_the_story():
    view = fold(STORY)
    assert (view.status, view.steps, view.loss, view.total_steps) == ("running", 6, 0.5, 12)
    assert [epoch.metrics for epoch in view.history] == [{"loss": 2.5}]
    assert (view.learning_rate, view.memory_mb, view.execution) == (0.1, 80.0, "graph")
    assert [note.message for note in view.notes] == ["The learning rate is lower now."]
    assert not view.is_over


def test_where_the_reading_is_cut_makes_no_difference():
    for cut in range(len(STORY)):
        assert fold(STORY[cut:], fold(STORY[:cut])) == fold(STORY)


def test_a_run_of_very_many_epochs_stays_a_small_view():
    epochs = [Epoch(place, {"loss": 1 / (place + 1)}, steps=4 * place + 4, seconds=0.5) for place in range(9000)]
    view = fold([started(), *epochs])
    kept = [epoch.epoch for epoch in view.history]
    assert len(kept) <= MOST_EPOCHS
    assert kept == sorted(set(kept))
    assert kept[0] == 0
    assert kept[-RECENT:] == list(range(9000 - RECENT, 9000))
    assert {after - before for before, after in pairwise(kept[:-RECENT])} == {view.stride}  # no part is drawn denser
    assert (view.epochs_done, view.seconds, view.steps) == (9000, 4500.0, 36_000)
    again = fold([started(first_epoch=8990, first_step=35_960)], view)
    assert (again.epochs_done, again.seconds) == (8990, 4495.0)


def test_time_left_comes_from_the_speed_of_the_last_epoch():
    assert fold(STORY).seconds_left(now=1e9) == pytest.approx(3.0)


def test_time_left_in_the_first_epoch_comes_from_its_steps():
    view = fold([started(), Steps(0, losses(1, 1))])
    assert view.seconds_left(now=101.0) == pytest.approx(5.0)
    assert view.seconds_left(now=100.0) is None
    assert fold([started()]).seconds_left(now=101.0) is None


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (Finished({"loss": 1.0}, 12, 2.0, "multi-step"), "finished"),
        (Finished({"loss": 1.0}, 6, 2.0, "graph", stopped=True), "stopped"),
        (Failed("It died."), "failed"),
    ],
)
def test_each_end_is_an_end(end, status):
    view = fold([*STORY, end])
    assert view.status == status
    assert view.is_over
    assert view.seconds_left(now=1e9) is None


def test_a_run_that_is_continued_forgets_what_is_trained_again():
    """It died in epoch 1, and its files are of the end of epoch 0."""
    view = fold([*STORY, Failed("It died."), started(epochs=5, first_epoch=1, first_step=4, at=200.0)])
    assert (view.status, view.message, view.steps, view.epochs) == ("running", "", 4, 5)
    assert [epoch.epoch for epoch in view.history] == [0]
    again = fold([Epoch(1, {"loss": 1.0}, steps=8)], view)
    assert [epoch.epoch for epoch in again.history] == [0, 1]


def test_a_loss_that_is_no_number_stays_visible_and_breaks_nothing():
    view = fold([started(), Steps(0, losses(1.0, math.nan))])
    assert math.isnan(view.loss)
    assert view.steps == 2


@pytest.fixture
def run(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'eagerly.db'}")
    project = Project.model_validate({"data": {"source": "digits"}})
    yield store, store.create_run(store.create_project(project), project, tmp_path).id
    store.close()


def test_a_page_that_asks_again_gets_what_was_added(run):
    store, run_id = run
    progress = Progress(store)
    for place, event in enumerate(STORY):
        store.append(run_id, [encode(event)])
        assert progress.view(run_id) == fold(STORY[: place + 1])
    assert Progress(store).view(run_id) == fold(STORY)


def test_views_of_many_runs_do_not_mix_and_do_not_pile_up(run):
    store, run_id = run
    first = store.run(run_id)
    other = store.create_run(first.project_id, first.project, first.path.parent)
    progress = Progress(store, kept=1)
    store.append(run_id, [encode(event) for event in STORY])
    store.append(other.id, [encode(Failed("It died."))])
    for _ in range(2):
        assert progress.view(run_id).steps == 6
        assert progress.view(other.id).status == "failed"
    assert len(progress._known) == 1
