"""What the page shows of a model's inside is what Keras itself has there."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.data import Folders, load
from core.errors import DataError
from core.inspect import importance, through, weights_of
from core.inspect.importance import _effort
from core.inspect.inside import picture
from core.spec import Project

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return Folders(home / "uploads", home / "datasets", home)


def node(id, layer, inputs=(), **params):
    return {"id": id, "layer": layer, "params": params, "inputs": list(inputs)}


def trained(project, folders, folder, epochs=3):
    import keras

    from core import build

    keras.utils.set_random_seed(1)
    model, data = build.model(project), load(project, folders)
    model.compile("adam", project.compile.loss.name, jit_compile=False)
    model.fit(data.train.x[0], data.train.y[0], epochs=epochs, verbose=0)
    model.save_weights(folder / "last.weights.h5")
    return model


@pytest.fixture(scope="module")
def pictures(folders, tmp_path_factory):
    nodes = [
        node("rows", "Input", shape=[8, 8, 1]),
        node("conv", "Conv2D", ["rows"], filters=6, kernel_size=3, activation="relu"),
        node("flat", "Flatten", ["conv"]),
        node("answer", "Dense", ["flat"], units=10, activation="softmax"),
    ]
    project = Project.model_validate(
        {
            "data": {"source": "digits"},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "SparseCategoricalCrossentropy"},
        }
    )
    folder = tmp_path_factory.mktemp("pictures")
    return project, folder, trained(project, folders, folder)


def test_weights_are_counted_whole_and_filters_are_pictures(pictures):
    project, folder, model = pictures
    found = weights_of(project, folder)
    json.dumps(found, allow_nan=False)
    assert [item["layer"] for item in found] == ["conv", "answer"]  # Flatten and the input have none
    kernel = found[0]["weights"][0]
    assert (kernel["shape"], sum(kernel["counts"])) == ([3, 3, 1, 6], 54)
    assert np.isclose(kernel["mean"], model.get_layer("conv").kernel.numpy().mean(), atol=1e-6)
    assert np.shape(found[0]["filters"]) == (6, 3, 3)
    assert found[1]["filters"] == []


def test_a_row_is_followed_through_the_layers(pictures, folders):
    import keras

    project, folder, model = pictures
    data = load(project, folders)
    row = int(data.validation.rows[5])
    found = through(project, folder, folders, row)
    json.dumps(found, allow_nan=False)
    conv = keras.Model(model.inputs, model.get_layer("conv").output)(data.validation.x[0][5:6])[0].numpy()
    shown = next(item for item in found["layers"] if item["layer"] == "conv")
    assert (shown["shape"], np.shape(shown["maps"])) == ([6, 6, 6], (6, 6, 6))
    assert np.isclose(shown["dead"], (conv == 0).mean())
    answer = found["layers"][-1]["values"]
    assert np.isclose(sum(answer), 1, atol=1e-5)
    assert found["strongest"] == str(np.argmax(answer))  # the name of the class


def test_blank_pixels_do_not_matter(pictures, folders):
    """Integrated gradients start from black, so a black pixel explains nothing."""
    project, folder, _ = pictures
    data = load(project, folders)
    image = data.validation.x[0][5, ..., 0]
    mattered = np.array(through(project, folder, folders, int(data.validation.rows[5]))["why"]["integrated_gradients"])
    assert mattered.shape == (8, 8)
    assert mattered[image == 0].max() == mattered.min() == 0
    assert mattered.max() == 1
    with pytest.raises(DataError, match="There is no row 5000"):
        through(project, folder, folders, 5000)


def test_gradients_and_grad_cam_are_those_of_the_model(pictures, folders):
    """Grad-CAM by hand: the mean gradient of each map is its strength, and what speaks against it counts nothing."""
    import keras
    import tensorflow as tf

    project, folder, model = pictures
    data, answer = load(project, folders), model.get_layer("answer")
    seen = keras.Model(model.inputs, [model.get_layer("conv").output, answer.input, model.output])
    largest = []
    for place in range(4):
        found = through(project, folder, folders, int(data.validation.rows[place]))
        image = tf.constant(data.validation.x[0][place : place + 1])
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(image)
            maps, before, scores = seen(image)
            score = scores[:, int(found["strongest"])]
            logits = before @ answer.kernel + answer.bias
            logit = logits[:, int(found["strongest"])] - tf.reduce_mean(logits, axis=1)  # what all share says nothing
        slopes = np.abs(tape.gradient(score, image).numpy()[0, ..., 0])
        slopes = (slopes - slopes.min()) / (slopes.max() - slopes.min())
        assert np.allclose(found["why"]["gradients"], slopes, atol=2e-3)
        strengths = tape.gradient(logit, maps).numpy().mean(axis=(1, 2))
        heat = np.maximum((strengths * maps.numpy()[0]).sum(axis=-1), 0)
        large = tf.image.resize(heat[..., None], (8, 8)).numpy()[..., 0]
        assert np.allclose(found["why"]["grad_cam"], large / max(large.max(), 1e-12), atol=2e-3)
        largest.append(large.max())
    assert max(largest) > 0


def test_each_line_of_an_attention_map_sums_to_one(folders, tmp_path):
    nodes = [
        node("rows", "Input", shape=[12, 1]),
        node("wide", "Dense", ["rows"], units=8),
        node("look", "MultiHeadAttention", ["wide", "wide"], num_heads=2, key_dim=4),
        node("flat", "Flatten", ["look"]),
        node("answer", "Dense", ["flat"], units=4, activation="softmax"),
    ]
    project = Project.model_validate(
        {
            "data": {"source": "waves", "length": 12, "rows": 100},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "SparseCategoricalCrossentropy"},
        }
    )
    model = trained(project, folders, tmp_path, epochs=1)
    row = int(load(project, folders).validation.rows[2])
    found = {layer["layer"]: layer for layer in through(project, tmp_path, folders, row)["layers"]}
    heads = np.array(found["look"]["attention"])
    assert heads.shape == (2, 12, 12)
    assert np.allclose(heads.sum(axis=-1), 1, atol=1e-2)
    x = load(project, folders).validation.x[0][2:3]
    wide = model.get_layer("wide")(x)
    _, scores = model.get_layer("look")(wide, wide, return_attention_scores=True)
    assert np.allclose(heads, scores[0], atol=1e-3)
    assert found["wide"]["attention"] == []


def test_a_column_that_says_nothing_is_the_least_important(folders, tmp_path):
    random = np.random.default_rng(1)
    rows = random.normal(size=(400, 3))
    text = "\n".join(["strong,weak,noise,target", *(f"{a},{b},{c},{4 * a + b}" for a, b, c in rows)])
    (tmp_path / "t.csv").write_text(text)
    nodes = [node("rows", "Input", shape=[3]), node("answer", "Dense", ["rows"], units=1)]
    project = Project.model_validate(
        {
            "data": {"source": "csv", "path": str(tmp_path / "t.csv"), "target": "target"},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "MeanSquaredError"},
        }
    )
    here = Folders(folders.uploads, folders.datasets, tmp_path)
    trained(project, here, tmp_path, epochs=150)
    asked = importance(project, tmp_path, here)
    assert (asked["measure"], asked["target"], asked["outputs"]) == ("mean absolute error", "target", ["answer"])
    found = asked["columns"]
    assert [item["column"] for item in found][:2] == ["strong", "weak"]
    assert abs(found[2]["worse"]) < 0.1 * found[0]["worse"]


def test_importance_of_two_classes_is_the_rise_of_the_share_of_wrong_answers(folders, tmp_path):
    """One Input takes `strong`, another both columns; `strong` is shuffled in both alike."""
    random = np.random.default_rng(2)
    rows = random.normal(size=(300, 2))
    lines = (f"{a},{b},{'yes' if a > 0 else 'no'}" for a, b in rows)
    (tmp_path / "two.csv").write_text("\n".join(["strong,noise,target", *lines]))
    nodes = [
        node("one", "Input", shape=[1]),
        node("both", "Input", shape=[2]),
        node("joined", "Concatenate", ["one", "both"]),
        node("answer", "Dense", ["joined"], units=1, activation="sigmoid"),
    ]
    project = Project.model_validate(
        {
            "data": {
                **{"source": "csv", "path": str(tmp_path / "two.csv"), "target": "target"},
                "inputs": {"one": ["strong"], "both": ["noise", "strong"]},
            },
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "BinaryCrossentropy"},
        }
    )
    from core import build

    here = Folders(folders.uploads, folders.datasets, tmp_path)
    model = build.model(project)
    model.get_layer("answer").set_weights([np.array([[3.0], [0.0], [3.0]]), np.zeros(1)])
    model.save_weights(tmp_path / "last.weights.h5")
    found = importance(project, tmp_path, here)
    assert found["measure"] == "error rate"
    (strong, noise) = found["columns"]
    assert (strong["column"], noise) == ("strong", {"column": "noise", "worse": 0.0})
    assert 0.4 < strong["worse"] < 0.6  # by chance every second row has the wrong sign: as a share, not as a distance


def test_a_table_of_very_many_columns_is_shuffled_less():
    assert _effort(5000, 10) == (1000, 20)
    assert _effort(114, 30) == (114, 30)  # few rows are shuffled often, or the bars are noise
    assert _effort(5000, 1000) == (100, 3)


def test_importance_is_for_tables(pictures, folders):
    with pytest.raises(DataError, match="columns of a table"):
        importance(pictures[0], pictures[1], folders)


def test_a_map_without_anything_is_black_and_an_even_one_is_grey():
    assert picture(np.zeros((2, 2))) == [[0.0, 0.0], [0.0, 0.0]]
    assert picture(np.full((2, 2), 3.0)) == [[0.5, 0.5], [0.5, 0.5]]


def test_a_row_that_is_kept_for_the_final_test_is_not_looked_at(pictures, folders):
    project, folder, _ = pictures
    kept = project.data.model_copy(update={"test_fraction": 0.2})
    project = project.model_copy(update={"data": kept})
    data = load(project, folders)
    row = int(data.test.rows[5])
    found = through(project, folder, folders, row)
    assert found["row"] not in data.test.rows
    assert through(project, folder, folders, found["row"])["image"] == found["image"]
    assert through(project, folder, folders, int(data.test.rows.max()))["row"] in (
        *data.train.rows,
        *data.validation.rows,
    )
