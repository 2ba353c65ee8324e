"""What a run leaves behind, and going on from it as if it had never ended."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytestmark = pytest.mark.keras


@pytest.fixture(params=["fit", "custom"])
def loop(request):
    return request.param


@pytest.fixture
def data(rows, dataset):
    return dataset(rows(300, 8), rows(32, 8, seed=1))


@pytest.fixture
def noisy(keras):
    """A network with dropout, so that the random state has to go on too."""

    def build():
        model = keras.Sequential(
            [
                keras.Input((8,)),
                keras.layers.Dense(16, activation="relu"),
                keras.layers.Dropout(0.4),
                keras.layers.Dense(3, activation="softmax"),
            ]
        )
        model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
        return model

    return build


def test_two_and_two_epochs_are_four(trained, noisy, data, project, loop, losses, tmp_path):
    from core.train import more

    whole = losses(trained(noisy, project({"loop": loop, "epochs": 4}), data, folder=tmp_path / "whole"))
    spec = project({"loop": loop, "epochs": 2}, steps_per_execution=5)
    first = trained(noisy, spec, data)
    second = trained(noisy, spec, data, start=more(2))

    started = second[0]
    assert (started.first_epoch, started.first_step, started.epochs) == (2, 38, 4)
    assert [event.epoch for event in second if event.tag == "epoch"] == [2, 3]
    assert (second[-1].steps, second[-1].epochs) == (76, 4)
    halves = np.concatenate([losses(first), losses(second)])
    np.testing.assert_allclose(halves, whole, atol=1e-5)
    assert abs(halves[:38] - halves[38:]).max() > 0.01, "the second half trained like the first"


def test_a_run_stopped_within_an_epoch_goes_on_at_that_step(trained, noisy, data, project, loop, losses, words):
    from core.train import more

    spec = project({"loop": loop, "epochs": 2}, steps_per_execution=4)
    whole = losses(trained(noisy, spec, data))
    first = trained(noisy, spec, data, words("pause", "step", "step", "step", "stop"))
    assert first[-1].steps == 3
    second = trained(noisy, spec, data, start=more(2))
    assert (second[0].first_epoch, second[0].first_step) == (0, 3)
    np.testing.assert_allclose(np.concatenate([losses(first), losses(second)]), whole, atol=1e-5)
    assert [event.steps for event in second if event.tag == "epoch"] == [19, 38]


def test_the_files_say_where_the_run_stands_and_the_best_is_the_best(trained, noisy, data, project, loop, tmp_path):
    spec = project({"loop": loop, "epochs": 30})
    events = trained(noisy, spec, data)
    state = json.loads((tmp_path / "state.json").read_text())
    assert (state["epoch"], state["step"]) == (30, 570)
    curve = [event.metrics["val_loss"] for event in events if event.tag == "epoch"]
    assert state["best"] == pytest.approx(min(curve))
    assert state["best_epoch"] == int(np.argmin(curve))

    best = noisy()
    best.load_weights(tmp_path / "best.weights.h5")
    value = best.evaluate(data.validation.x[0], data.validation.y[0], verbose=0)
    assert value == pytest.approx(min(curve), abs=1e-5)
    assert not list(tmp_path.glob("part.*"))


def test_a_fast_run_does_not_write_after_every_epoch(trained, noisy, rows, dataset, project, tmp_path):
    seen = []

    data = dataset(rows(32, 8))
    file = tmp_path / "last.weights.h5"
    from core.events import Epoch

    class Watch(list):
        def append(self, event):
            if isinstance(event, Epoch):
                seen.append(file.stat().st_mtime_ns if file.exists() else 0)
            super().append(event)

    from core.train import fresh, running
    from core.train.record import Record

    class Nobody:
        def poll(self):
            return None

    job = running.Job(project({"epochs": 60}), data, tmp_path, fresh)
    running.train(noisy(), [], job, Record(Watch().append), Nobody())
    assert 2 <= len(set(seen)) < 30
    assert json.loads((tmp_path / "state.json").read_text())["epoch"] == 60


def test_another_model_cannot_take_the_weights(trained, noisy, dense, data, project, tmp_path, conv):
    from core.errors import RunError
    from core.train import more

    with pytest.raises(RunError, match="no saved weights to continue from"):
        trained(noisy, project(), data, start=more())
    trained(noisy, project({"epochs": 1}), data)
    with pytest.raises(RunError, match="do not fit the model"):
        trained(conv, project(), data, start=more())


def test_a_new_learning_rate_counts_for_what_comes(keras, trained, data, project, loop, dense):
    from core.train import more

    trained(dense, project({"loop": loop, "epochs": 1}), data)
    slower = trained(lambda: dense(keras.optimizers.Adam(0.002)), project({"loop": loop}), data, start=more(1))
    same = trained(lambda: dense(keras.optimizers.Adam(0.002)), project({"loop": loop}), data, start=more(1))
    assert [event.learning_rate for event in slower if event.tag == "epoch"] == pytest.approx([0.002])
    assert [event.learning_rate for event in same if event.tag == "epoch"] == pytest.approx([0.002])
