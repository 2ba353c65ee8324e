"""How runs end: early by a callback, badly by a number or by Keras; always with a sentence."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.keras


@pytest.fixture(params=["fit", "custom"])
def loop(request):
    return request.param


@pytest.fixture
def data(rows, dataset):
    return dataset(rows(320, 8), rows(32, 8, seed=1))


def notes(events):
    return [event.message for event in events if event.tag == "note"]


def test_early_stopping_says_why(keras, trained, dense, data, project, loop):
    stop = keras.callbacks.EarlyStopping(patience=2, min_delta=10, restore_best_weights=True)
    events = trained(dense, project({"loop": loop, "epochs": 20}), data, callbacks=[stop])
    last = events[-1]
    assert (last.tag, last.stopped, last.epochs, last.steps) == ("finished", True, 3, 60)
    (note,) = notes(events)
    assert note.startswith("Stopped early after epoch 3: val_loss has not improved for 2 epochs (best: ")
    assert note.endswith("The weights of epoch 1 are back.")


def test_a_lowered_learning_rate_is_said_and_the_epoch_tells_the_one_it_used(
    keras, trained, dense, data, project, loop
):
    reduce = keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=10, factor=0.1)
    events = trained(dense, project({"loop": loop, "epochs": 3}), data, callbacks=[reduce])
    assert notes(events)[0] == "The learning rate was lowered from 0.01 to 0.001 after epoch 2."
    epochs = [event for event in events if event.tag == "epoch"]
    assert [event.learning_rate for event in epochs] == pytest.approx([0.01, 0.01, 0.001])
    assert "learning_rate" not in epochs[0].metrics


def test_a_callback_that_watches_nothing_is_named(keras, trained, dense, data, project, loop, dataset):
    events = trained(dense, project({"loop": loop}), dataset(data.train), callbacks=[keras.callbacks.EarlyStopping()])
    (note,) = notes(events)
    assert note.startswith("EarlyStopping watches val_loss, which this run does not have (it has ")
    assert events[-1].epochs == 2


@pytest.mark.parametrize("steps", [1, 8])
@pytest.mark.parametrize("guard", [False, True])
def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_last_good_epoch(
    keras, trained, dense, rows, project, dataset, loop, steps, guard, tmp_path, words, capsys
):
    part = rows(320, 8)
    control = words("pause", "epoch", "learning_rate=1e38", "resume")
    spec = project({"loop": loop, "epochs": 5}, steps_per_execution=steps)
    callbacks = [keras.callbacks.TerminateOnNaN()] if guard else []
    events = trained(lambda: dense(keras.optimizers.SGD(0.01)), spec, dataset(part), control, callbacks=callbacks)

    last = events[-1]
    assert last.tag == "failed"
    assert "at epoch 2, step 2" in last.message
    assert last.message.endswith("Try a lower learning rate (now 1e+38).")
    assert [event.epoch for event in events if event.tag == "epoch"] == [0]
    told = [value for event in events if event.tag == "steps" for value in event.loss]
    assert np.isfinite(told[:-1]).all()
    assert not np.isfinite(told[-1])
    again = dense()
    again.load_weights(tmp_path / "last.weights.h5")
    assert all(np.isfinite(weights).all() for weights in again.get_weights())
    assert capsys.readouterr().out == ""


def run_whole(build, spec, data, tmp_path, monkeypatch, words):
    from core import build as room, train

    monkeypatch.setattr(room, "compiled", lambda project: build())
    events = []
    train.run(spec, data, tmp_path, events.append, words())
    return events


def test_a_class_too_many_is_explained(digits, loop, tmp_path, words):
    from core import data, train

    *nodes, last = digits.model.nodes
    small = last.model_copy(update={"params": {**last.params, "units": 3}})
    project = digits.model_copy(
        update={
            "model": digits.model.model_copy(update={"nodes": (*nodes, small)}),
            "training": digits.training.model_copy(update={"loop": loop}),
        }
    )
    events = []
    train.run(project, data.load(project, data.Folders(tmp_path, tmp_path)), tmp_path / "run", events.append, words())
    (failed,) = events
    assert failed.message.startswith("A target is class ")
    assert "only the classes 0 to 2" in failed.message
    assert "Traceback" not in failed.message
    assert "Traceback" in failed.details


def test_too_little_memory_proposes_a_smaller_batch(dense, rows, dataset, project, loop, tmp_path, monkeypatch, words):
    import tensorflow as tf

    def build():
        model = dense()

        def compute_loss(*args, **kwargs):
            return tf.zeros((1 << 44,))  # 64 terabytes

        model.compute_loss = compute_loss
        return model

    (failed,) = run_whole(build, project({"loop": loop}), dataset(rows(64, 8)), tmp_path, monkeypatch, words)
    assert failed.message.startswith("There was not enough memory for a batch of 16 rows. Try a batch size of 4")


def custom(body):
    return {"name": "custom", "source": f"def loss(y_true, y_pred):\n    return {body}"}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("tf.math.log(y_pred * 0)", "your loss gives -inf on the first batch"),
        ("tf.abs(tf.round(y_pred) - y_true)", "does not depend on the model's weights"),
        ("tf.sqrt(tf.abs(y_pred - y_pred))", "slope of your loss is not finite"),
        ("tf.square(y_pred - tf.squeeze(y_true, axis=1))", "it gave the shape (16, 16)"),
    ],
)
def test_a_formula_is_tried_before_the_first_step(body, sentence, tmp_path, words):
    from core import data, train
    from core.spec import Project

    project = Project.model_validate(
        {
            "data": {"source": "random", "shape": [4], "target": "real", "rows": 100},
            "model": {
                "nodes": [
                    {"id": "input_1", "layer": "Input", "params": {"shape": [4]}},
                    {"id": "dense_1", "layer": "Dense", "params": {"units": 1}, "inputs": ["input_1"]},
                ],
                "outputs": ["dense_1"],
            },
            "compile": {"loss": custom(body)},
            "training": {"epochs": 1, "batch_size": 16},
        }
    )
    events = []
    folders = data.Folders(tmp_path, tmp_path)
    train.run(project, data.load(project, folders), tmp_path / "run", events.append, words())
    (failed,) = events
    assert sentence in failed.message
    assert failed.message.startswith("compile.loss: ")


def test_a_whole_project_trains_by_both_loops_alike(tmp_path, words, digits, losses):
    from core import data, train

    seen = []
    for loop in ("fit", "custom"):
        project = digits.model_copy(update={"training": digits.training.model_copy(update={"loop": loop, "epochs": 2})})
        events = []
        folders = data.Folders(tmp_path, tmp_path)
        train.run(project, data.load(project, folders), tmp_path / loop, events.append, words())
        assert events[-1].tag == "finished", events[-1]
        assert events[-1].metrics["val_sparse_categorical_accuracy"] > 0.8
        seen.append(losses(events))
        assert sorted(file.name for file in (tmp_path / loop).iterdir()) == [
            "best.weights.h5",
            "last.weights.h5",
            "model.keras",
            "state.json",
            "trail",
        ]
    assert abs(seen[0] - seen[1]).max() < 1e-4


def test_a_loss_that_is_no_number_at_once_does_not_promise_a_good_epoch():
    from core.train.mishaps import diverged
    from core.train.record import Diverged

    first, later = (diverged(Diverged(step, float("nan")), 10, 0.1) for step in (2, 12))
    assert first == "The loss became NaN at epoch 1, step 2. Try a lower learning rate (now 0.1)."
    assert "epoch 2, step 12. The weights of the last good epoch are kept." in later
