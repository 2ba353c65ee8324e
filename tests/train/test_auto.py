"""`"auto"`: a choice is made from steps of the run itself, and the numbers stay those of plain steps."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from core.events import Chosen, Speed
from core.train import machine

pytestmark = pytest.mark.keras


@pytest.fixture(params=["fit", "custom"])
def loop(request):
    return request.param


@pytest.fixture
def data(rows, dataset):
    return dataset(rows(820, 8), rows(101, 8, seed=1))


def epochs_in(events):
    return [event for event in events if event.tag == "epoch"]


@pytest.fixture
def measuring(monkeypatch):
    """Measures almost nothing and finds any run long enough, so that a small run makes the whole search."""
    from core.train import search

    monkeypatch.setattr(search, "MEASURE_SECONDS", 0.01)
    monkeypatch.setattr(search, "LONG_RUN", 1e6)
    monkeypatch.setattr(search, "_COMPILING", 0.0)


def chosen_in(events):
    return [event for event in events if event.tag == "chosen"]


def test_the_search_wastes_and_repeats_no_step(trained, dense, data, project, loop, losses, measuring):
    auto = trained(dense, project({"loop": loop, "epochs": 400}), data)
    plain = trained(dense, project({"loop": loop, "epochs": 5}, steps_per_execution=1), data)
    values, expected = losses(auto), losses(plain)
    assert (len(values), len(expected)) == (400 * 52, 5 * 52)
    assert np.abs(values[:200] - expected[:200]).max() < 1e-4
    choice, *_ = chosen_in(auto)
    assert [one.execution for one in choice.measured] == ["graph x 52", "XLA x 52"]
    assert min(one.steps_per_second for one in choice.measured) > 0
    assert choice.execution == max(choice.measured, key=lambda one: one.steps_per_second).execution
    assert auto[-1].execution.startswith(choice.execution)
    assert not chosen_in(plain), "a pinned execution was searched for"


@pytest.mark.parametrize(("rate", "measured"), [(0.0, ["graph x 52", "XLA x 52"]), (0.5, ["graph x 52"])])
def test_only_layers_that_do_draw_random_numbers_keep_xla_away(
    trained, keras, data, project, loop, measuring, rate, measured
):
    def make():
        recurrent = keras.layers.SimpleRNN(3, dropout=rate, activation="softmax")
        model = keras.Sequential([keras.Input((8,)), keras.layers.Reshape((8, 1)), recurrent])
        model.compile("sgd", "sparse_categorical_crossentropy")
        assert any("seed_generator" in variable.path for variable in model.variables)
        return model

    choice, *_ = chosen_in(trained(make, project({"loop": loop, "epochs": 8 if rate else 400}), data))
    assert [one.execution for one in choice.measured] == measured
    assert ("XLA is left out" in choice.reason) is bool(rate)


def test_a_short_run_is_not_spent_on_compiling(trained, dense, data, project, loop, losses):
    events = trained(dense, project({"loop": loop, "epochs": 3}), data)
    assert events[-1].execution == "graph x 52"
    assert events[0].execution == "graph x 52"
    assert all("XLA x 52" in choice.reason for choice in chosen_in(events))
    first = next(event for event in events if event.tag == "steps")
    assert len(first.loss) == 1, "the first point waited for more than one step"


def test_a_choice_is_remembered_and_weighs_what_compiling_takes(trained, dense, data, project, keras, tmp_path):
    from core.train import fresh, running
    from core.train.record import Record

    class Nobody:
        def poll(self):
            return None

    def run(spec, speeds):
        events = []
        name = machine.key(spec, data)
        job = running.Job(spec, data, tmp_path, fresh, machine.Machine(known={name: speeds}))
        running.train(dense(), [], job, Record(events.append), Nobody())
        return chosen_in(events)

    fast = {"graph x 52": Speed("graph x 52", 1000.0, 0.3), "XLA x 52": Speed("XLA x 52", 50_000.0, 0.6)}
    choice, *_ = run(project({"epochs": 400}), fast)
    assert (choice.execution, choice.remembered) == ("XLA x 52", True)
    choice, *_ = run(project({"epochs": 3}), fast)
    assert (choice.execution, choice.remembered) == ("graph x 52", True)  # 0.15 s of steps, 0.6 s to compile


def test_what_was_measured_is_kept_for_the_next_run_and_a_damaged_file_is_no_trouble(tmp_path):
    speeds = (Speed("graph x 9", 100.0, 0.2), Speed("XLA x 9", 900.0, 1.5))
    full = Chosen("XLA x 9", speeds, key="a")
    machine.remember(tmp_path, full)
    machine.remember(tmp_path, dataclasses.replace(full, key="b", reason="too short", measured=speeds[:1]))
    machine.remember(tmp_path, dataclasses.replace(full, key="c", remembered=True))
    assert machine.remembered(tmp_path) == {"a": {one.execution: one for one in speeds}}
    sent = json.loads(json.dumps(machine.to_dict(machine.remembered(tmp_path))))
    assert machine.from_dict(sent) == machine.remembered(tmp_path)
    (tmp_path / "executions.json").write_text('{"a": [{"speed": 1}]}')
    assert machine.remembered(tmp_path) == {}


def test_only_what_decides_the_speed_names_a_network(project, rows, dataset, data):
    spec = project()
    name = machine.key(spec, data)
    assert machine.key(project({"epochs": 99, "seed": 8}), data) == name
    assert machine.key(project({"batch_size": 17}), data) != name
    assert machine.key(spec, dataset(rows(821, 8))) != name


@pytest.mark.parametrize("how", [{}, {"steps_per_execution": 1}, {"jit_compile": True, "steps_per_execution": 7}])
def test_rows_beyond_the_budget_stream_with_the_same_numbers(
    trained, dense, data, project, loop, losses, how, monkeypatch
):
    from core.train import rows as room, running

    spec = project({"loop": loop, "epochs": 4}, **how)
    resident = trained(dense, spec, data)
    made = []

    def streamed(part, _budget):
        made.append(room.Streamed(part, block_mb=0.005))  # 9 batches a block: 51 of an epoch are no multiple
        return made[-1]

    monkeypatch.setattr(running, "rows_of", streamed)
    events = trained(dense, spec, data)
    assert len(made) == 2
    assert np.abs(losses(events) - losses(resident)).max() < 1e-4
    for one, other in zip(epochs_in(events), epochs_in(resident), strict=True):
        assert one.metrics == pytest.approx(other.metrics, abs=2e-4)


def test_the_budget_decides_what_streams(rows):
    from core.train import rows as room

    part = rows(40_000, 8)  # 1.4 MB
    assert isinstance(room.rows(part, 2), room.Resident)
    assert isinstance(room.rows(part, 1), room.Streamed)


@pytest.mark.parametrize(("seed", "rows"), [(0, 300), (1, 1), (1, 2500), (2**31 - 2, 7), (2**31 - 1, 300)])
def test_epochs_are_shuffled_as_tensorflow_shuffles_them(keras, seed, rows):
    import tensorflow as tf

    from core.train import order

    keras.utils.set_random_seed(seed)
    plain = tf.data.Dataset.range(rows).shuffle(rows, seed=seed).batch(rows)
    ours, later = order.shuffled(rows, seed), order.shuffled(rows, seed, skip=3)
    for expected in plain.repeat(4):
        drawn = next(ours)
        assert np.array_equal(drawn, expected)
    assert np.array_equal(next(later), drawn)
    assert rows == 1 or not np.array_equal(next(ours), drawn)


@pytest.fixture
def leaping(monkeypatch):
    """Leaps over three epochs at a time from the first one on, in place of a search that finds that worth while."""
    from core.train import ahead, control

    def prepared(self, order, _epochs_left):
        if self._leap is None:
            self._leap = self._leap_over(True, 3)
            self._leap.prepare(order)
            self._leap.close()
        return self._leap.is_ready

    monkeypatch.setattr(control, "ASK_EVERY", 0.0)
    monkeypatch.setattr(ahead.Ahead, "_is_prepared", prepared)
    monkeypatch.setattr(ahead.Ahead, "_judge", lambda self: None)


def test_several_epochs_in_a_call_are_told_like_single_ones(
    keras, trained, data, project, loop, losses, leaping, tmp_path
):
    def build():
        layers = [keras.Input((8,)), keras.layers.BatchNormalization(), keras.layers.Dense(3, activation="softmax")]
        model = keras.Sequential(layers)
        metrics = ["sparse_categorical_accuracy"]
        model.compile(keras.optimizers.Adam(0.1), loss="sparse_categorical_crossentropy", metrics=metrics)
        return model

    auto = trained(build, project({"loop": loop, "epochs": 8}), data, folder=tmp_path / "auto")
    one = project({"loop": loop, "epochs": 8}, steps_per_execution=1)
    plain = trained(build, one, data, folder=tmp_path / "one")
    assert np.abs(losses(auto) - losses(plain)).max() < 1e-4
    assert len(epochs_in(auto)) == len(epochs_in(plain)) == 8
    for told, expected in zip(epochs_in(auto), epochs_in(plain), strict=True):
        assert (told.epoch, told.steps) == (expected.epoch, expected.steps)
        assert told.metrics == pytest.approx(expected.metrics, abs=1e-4)
    states = [json.loads((tmp_path / name / "state.json").read_text()) for name in ("auto", "one")]
    assert states[0]["best_epoch"] == states[1]["best_epoch"]
    best = build()
    best.load_weights(tmp_path / "auto" / "best.weights.h5")
    found, _ = best.evaluate(data.validation.x[0], data.validation.y[0], verbose=0)
    assert found == pytest.approx(min(event.metrics["val_loss"] for event in epochs_in(plain)), abs=1e-4)


def test_a_leap_into_nan_leaves_the_last_good_epoch(keras, trained, dense, data, project, leaping, tmp_path):
    def build():  # the rate grows with every step, so that the loss is no number within the fifth epoch
        return dense(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(1e-4, 10, 3.0)))

    class Plain:
        def get_config(self):
            return {}

    model = build()
    model.optimizer.get_config = Plain().get_config  # a schedule keeps a run from leaping; here it has to leap
    events = trained(lambda: model, project({"epochs": 20}), data)
    assert events[-1].tag == "failed"
    assert "The weights of the last good epoch are kept" in events[-1].message
    last = epochs_in(events)[-1]
    assert last.epoch % 3 != 2, "the loss broke at the begin of a leap, where nothing has to be undone"
    again = dense(keras.optimizers.SGD(0.01))
    again.load_weights(tmp_path / "last.weights.h5")
    value, _ = again.evaluate(data.validation.x[0], data.validation.y[0], verbose=0)
    assert value == pytest.approx(last.metrics["val_loss"], rel=1e-3)


def test_words_are_obeyed_between_leaps(trained, dense, data, project, loop, leaping, words, losses):
    control = words("pause", "resume", (lambda events: len(epochs_in(events)) >= 3, "pause"), "step", "epoch", "resume")
    events = trained(dense, project({"loop": loop, "epochs": 14}), data, control)
    first, second, third, fourth = [event.step for event in events if event.tag == "paused"]
    assert (first, second % 156, third, fourth) == (0, 0, second + 1, second + 52)
    assert len(losses(events)) == 14 * 52


def test_random_layers_keep_their_numbers(keras, trained, data, project, loop, losses, measuring):
    def build():
        layers = [keras.Input((8,)), keras.layers.Dropout(0.4), keras.layers.Dense(3, activation="softmax")]
        model = keras.Sequential(layers)
        model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
        return model

    auto = trained(build, project({"loop": loop, "epochs": 20}), data)
    plain = trained(build, project({"loop": loop, "epochs": 20}, steps_per_execution=1), data)
    assert np.abs(losses(auto) - losses(plain)).max() < 1e-4
    (choice,) = chosen_in(auto)
    assert (choice.execution, [one.execution for one in choice.measured]) == ("graph x 52", ["graph x 52"])
    assert "random numbers" in choice.reason


def test_changed_pictures_keep_auto_from_xla_and_so_their_numbers(loop, losses, measuring, words, tmp_path):
    """Not even if an earlier run has found XLA faster."""
    from core import data as rooms, document, gallery, train

    fast = {"graph x 12": Speed("graph x 12", 10.0, 0.1), "XLA x 12": Speed("XLA x 12", 50_000.0, 0.1)}

    def run(steps):
        whole = document.to_dict(gallery.load("digits_dense"))
        whole["data"]["augmentation"] = {"crop": 0.25, "flip": "horizontal"}
        whole["training"] |= {"loop": loop, "epochs": 8, "batch_size": 128}
        whole["compile"]["steps_per_execution"] = steps
        project, control = document.from_dict(whole), words()
        dataset = rooms.load(project, rooms.Folders(tmp_path, tmp_path))
        name = machine.key(rooms.in_training(project, dataset.facts), dataset)
        known = machine.Machine(known={name: fast})
        train.run(project, dataset, tmp_path / "run", control.events.append, control, machine=known)
        assert control.events[-1].tag == "finished", control.events[-1]
        assert not chosen_in(control.events) or chosen_in(control.events)[0].key == name
        return control.events

    auto = run("auto")
    (choice,) = chosen_in(auto)
    assert [one.execution for one in choice.measured] == ["graph x 12"]
    assert (choice.remembered, "random numbers" in choice.reason) == (False, True)
    assert auto[-1].execution == "graph x 12"
    assert np.abs(losses(auto) - losses(run(1))).max() < 1e-4
