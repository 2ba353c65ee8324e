"""A step that is shown is the step that Keras takes, and the run keeps its weights."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.data import Folders, load
from core.errors import DataError
from core.inspect import batch
from core.spec import Project

pytestmark = pytest.mark.keras


def node(id, layer, *inputs, **params):
    return {"id": id, "layer": layer, "params": params, "inputs": list(inputs)}


@pytest.fixture
def project():
    nodes = [
        node("rows", "Input", shape=[13]),
        node("hidden", "Dense", "rows", units=8, activation="relu", kernel_regularizer="l2"),
        node("drop", "Dropout", "hidden", rate=0.0),
        node("answer", "Dense", "drop", units=3, activation="softmax"),
    ]
    return Project.model_validate(
        {
            "data": {"source": "wine"},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {
                "loss": "SparseCategoricalCrossentropy",
                "optimizer": {"name": "Adam", "params": {"learning_rate": 0.01}},
            },
            "training": {"batch_size": 16},
        }
    )


@pytest.fixture
def folders(tmp_path):
    return Folders(tmp_path, tmp_path)


def test_the_step_is_the_one_that_keras_takes(project, folders, tmp_path):
    import keras

    from core import build

    keras.utils.set_random_seed(1)
    model, part = build.compiled(project), load(project, folders).train
    model.fit(part.x[0], part.y[0], batch_size=16, epochs=1, verbose=0)  # so that Adam has a past
    model.save_weights(tmp_path / "last.weights.h5")
    written = (tmp_path / "last.weights.h5").read_bytes()
    found = batch(project, tmp_path, folders, number=1)
    json.dumps(found, allow_nan=False)
    assert (tmp_path / "last.weights.h5").read_bytes() == written

    x, y = part.x[0][16:32], part.y[0][16:32]
    hidden = keras.Model(model.inputs, model.get_layer("hidden").output)(x).numpy()
    before = model.get_layer("answer").kernel.numpy()
    loss = float(model.train_on_batch(x, y))
    shown = {layer["layer"]: layer for layer in found["forward"]}
    assert list(shown) == ["rows", "hidden", "drop", "answer"]
    assert shown["answer"]["inputs"] == ["drop"]
    assert np.allclose(shown["hidden"]["heat"], hidden, atol=1e-4)
    assert np.isclose(shown["hidden"]["values"]["zeros"], (hidden == 0).mean())
    assert np.isclose(found["loss"], loss, rtol=1e-5)  # with what the regularizer adds
    update = {(item["layer"], item["weight"]): item for item in found["update"]}["answer", "kernel"]
    after = model.get_layer("answer").kernel.numpy()
    assert np.allclose(update["before"], before.ravel()[:6], atol=1e-6)
    assert np.allclose(update["after"], after.ravel()[:6], atol=1e-5)
    assert np.isclose(update["change"], np.linalg.norm(after - before), rtol=1e-3)
    assert found["loss_after"] < found["loss"]
    assert [slope["layer"] for slope in found["gradients"]] == ["answer", "answer", "hidden", "hidden"]  # backwards


@pytest.mark.parametrize("loss", ["BinaryCrossentropy", "MeanSquaredError"])
def test_rows_that_weigh_more_count_more_as_in_training(loss, tmp_path):
    """Balanced classes and a column of weights: the loss shown, and the step, are those of train_on_batch."""
    import keras

    from core import build

    rows = [f"{place % 7},{place % 5},{1 + place % 3},{'rare' if place % 9 == 0 else 'usual'}" for place in range(120)]
    (tmp_path / "rows.csv").write_text("\n".join(["a,b,heavy,kind", *rows]))
    nodes = [node("rows", "Input", shape=[2]), node("answer", "Dense", "rows", units=1, activation="sigmoid")]
    data = {"source": "csv", "path": "rows.csv", "target": "kind", "sample_weight": "heavy"}
    data |= {"class_weight": "balanced"} if loss == "BinaryCrossentropy" else {}
    model = {"nodes": nodes, "outputs": ["answer"]}
    project = Project.model_validate({"data": data, "model": model, "compile": {"loss": loss}})
    folders = Folders(tmp_path, tmp_path, tmp_path)
    keras.utils.set_random_seed(1)
    network, part = build.compiled(project), load(project, folders).train
    network.save_weights(tmp_path / "last.weights.h5")
    found = batch(project, tmp_path, folders)
    first = slice(0, project.training.batch_size)
    x, y, weights = part.x[0][first], part.y[0][first], part.weights[first]
    plain = float(network.compute_loss(x, y, network(x)))
    loss_of_training = float(network.train_on_batch(x, y, sample_weight=weights))
    assert found["weighed"]
    assert np.isclose(found["loss"], loss_of_training, rtol=1e-5)
    assert not np.isclose(found["loss"], plain, rtol=1e-2)
    assert np.allclose(found["update"][0]["after"], network.get_layer("answer").kernel.numpy().ravel(), atol=1e-6)


def test_pictures_that_training_changes_are_shown_changed_and_give_the_loss_of_training(tmp_path):
    """The rows of this network are flat, so that its pictures are only pictures for the augmentation."""
    import keras

    from core import build
    from core.data import in_training

    nodes = [node("rows", "Input", shape=[64]), node("answer", "Dense", "rows", units=10, activation="softmax")]
    plain = {
        "data": {"source": "digits"},
        "model": {"nodes": nodes, "outputs": ["answer"]},
        "compile": {"loss": "SparseCategoricalCrossentropy"},
        "training": {"batch_size": 100},
    }
    chosen = plain | {"data": {"source": "digits", "augmentation": {"crop": 0.4, "rotation": 0.1}}}
    still, project = Project.model_validate(plain), Project.model_validate(chosen)
    folders = Folders(tmp_path, tmp_path)
    keras.utils.set_random_seed(1)
    model, dataset = build.compiled(still), load(project, folders)
    model.save_weights(tmp_path / "last.weights.h5")
    found = batch(project, tmp_path, folders, number=14)
    x, y = dataset.train.x[0][1400:], dataset.train.y[0][1400:]
    trained = build.compiled(in_training(project, dataset.facts))
    trained.layers[-1].set_weights(model.layers[-1].get_weights())
    assert np.isclose(found["loss"], float(trained.compute_loss(x, y, trained(x, training=True))), rtol=1e-4)
    assert found["loss_after"] < found["loss"], "the step was taken on one batch, and looked at on another"
    assert [layer["layer"] for layer in found["forward"]] == ["rows", "answer"]
    assert (found["first"], found["rows"]) == (1400, 38)  # the last batch is shorter
    assert len(found["pictures"]["before"]) == len(found["pictures"]["after"]) == 6
    np.testing.assert_allclose(found["pictures"]["before"][0], x[0].reshape(8, 8), atol=0.01)
    assert found["pictures"]["before"] != found["pictures"]["after"]
    assert found == batch(project, tmp_path, folders, number=14), "each look shows another batch"

    unchanged = batch(still, tmp_path, folders, number=14)
    assert unchanged["pictures"] is None
    assert not np.isclose(found["loss"], unchanged["loss"], rtol=1e-2)


def test_a_batch_that_is_not_there_is_named(project, folders, tmp_path):
    with pytest.raises(DataError, match=r"no batch 9: the training part has 9 of 16 rows"):
        batch(project, tmp_path, folders, number=9)
