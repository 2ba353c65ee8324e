"""What a run kept of its weights along the way tells what happened inside, as Keras itself would measure it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.data import Folders, load
from core.inspect import trail
from core.spec import Project
from core.train.trail import Trail, kept_in

pytestmark = pytest.mark.keras


@pytest.fixture
def folders(tmp_path):
    return Folders(tmp_path, tmp_path)


@pytest.fixture
def project():
    nodes = [
        {"id": "rows", "layer": "Input", "params": {"shape": [13]}},
        {"id": "hidden", "layer": "Dense", "params": {"units": 8, "activation": "relu"}, "inputs": ["rows"]},
        {"id": "answer", "layer": "Dense", "params": {"units": 3, "activation": "softmax"}, "inputs": ["hidden"]},
    ]
    return Project.model_validate(
        {
            "data": {"source": "wine"},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "SparseCategoricalCrossentropy"},
        }
    )


@pytest.fixture
def model(project):
    import keras

    from core import build

    keras.utils.set_random_seed(1)
    return build.compiled(project)


def test_gradients_and_weights_are_those_of_each_snapshot(project, model, folders, tmp_path):
    import tensorflow as tf

    kept = Trail(model, tmp_path, 0)
    kernel = model.get_layer("hidden").kernel
    first = kernel.numpy()
    kernel.assign(first * 2)
    kept._next = 0.0  # as if there had been time enough since the first
    kept.epoch_done()
    found = trail(project, tmp_path, folders)
    json.dumps(found, allow_nan=False)
    assert found["epochs"] == [0, 1]
    hidden, answer = found["layers"]
    weight = hidden["weights"][0]
    assert (weight["name"], weight["shape"]) == ("kernel", [13, 8])
    assert np.allclose(weight["stds"], [first.std(), 2 * first.std()], rtol=1e-5)
    assert [sum(counts) for counts in weight["counts"]] == [104, 104]
    part = load(project, folders).train
    x, y = part.x[0][:128], part.y[0][:128]
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x, training=True), training=True)
    slopes = tape.gradient(loss, model.get_layer("hidden").trainable_weights)
    flat = np.concatenate([np.ravel(slope) for slope in slopes])
    assert np.isclose(hidden["gradients"][1], np.sqrt((flat**2).mean()), rtol=1e-4)
    assert hidden["gradients"][0] != hidden["gradients"][1]  # not one model measured twice
    assert answer["dead"] == []  # a softmax never is zero
    assert hidden["dead"] == [0, 0]


def test_dead_units_and_the_shares_of_classes_are_counted(project, model, folders, tmp_path):
    bias = model.get_layer("hidden").bias
    bias.assign([-100.0, -100, 0, 0, 0, 0, 0, 0])
    Trail(model, tmp_path, 0)
    found = trail(project, tmp_path, folders, latest=True)
    assert found["layers"][0]["dead"] == [0.25]
    counts = np.bincount(load(project, folders).train.y[0])
    assert np.allclose(list(found["balance"].values()), counts / counts.sum())


def test_few_snapshots_are_kept_however_long_the_run(model, tmp_path):
    kept = Trail(model, tmp_path, 0)
    for _ in range(1000):
        kept._next = 0.0
        kept.epoch_done()
    epochs = kept_in(tmp_path)
    assert 20 <= len(epochs) <= 48
    assert epochs[0] == 0
    assert epochs[-1] > 950
    assert len(set(np.diff(epochs[:-1]))) == 1  # evenly spread


def test_a_run_that_goes_on_forgets_what_it_makes_again(model, tmp_path):
    kept = Trail(model, tmp_path, 0)
    for _ in range(5):
        kept._next = 0.0
        kept.epoch_done()
    Trail(model, tmp_path, 3)
    assert kept_in(tmp_path) == [0, 1, 2, 3]
