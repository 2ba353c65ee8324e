"""What the page says about a trained model, beside scikit-learn's own numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.data import Folders, load
from core.errors import DataError, RunError
from core.inspect import examine, predict
from core.spec import Project

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return Folders(home / "uploads", home / "datasets", home)


def project_of(data, shape, units, loss, activation):
    nodes = [
        {"id": "rows", "layer": "Input", "params": {"shape": shape}, "inputs": []},
        {"id": "flat", "layer": "Flatten", "params": {}, "inputs": ["rows"]},
        {
            "id": "answer",
            "layer": "Dense",
            "params": {"units": units, "activation": activation},
            "inputs": ["flat"],
        },
    ]
    return Project.model_validate(
        {"data": data, "model": {"nodes": nodes, "outputs": ["answer"]}, "compile": {"loss": loss}}
    )


def trained(project, folders, folder):
    """A few epochs of Keras's own fit, saved as a run saves them."""
    import keras

    from core import build

    keras.utils.set_random_seed(1)
    model = build.model(project)
    data = load(project, folders)
    model.compile(keras.optimizers.Adam(0.01), project.compile.loss.name, jit_compile=False)
    model.fit(data.train.x[0], data.train.y[0], epochs=4, verbose=0)
    model.save_weights(folder / "last.weights.h5")
    return model, data


@pytest.fixture(scope="module")
def digits(folders, tmp_path_factory):
    made = project_of({"source": "digits"}, [8, 8, 1], 10, "SparseCategoricalCrossentropy", "softmax")
    folder = tmp_path_factory.mktemp("digits")
    return made, folder, *trained(made, folders, folder)


@pytest.fixture(scope="module")
def diabetes(folders, tmp_path_factory):
    made = project_of({"source": "diabetes"}, [10], 1, "MeanSquaredError", None)
    folder = tmp_path_factory.mktemp("diabetes")
    return made, folder, *trained(made, folders, folder)


def test_classes_agree_with_scikit_learn(digits, folders):
    from sklearn import metrics

    project, folder, model, data = digits
    found = examine(project, folder, folders)
    json.dumps(found, allow_nan=False)
    true, chosen = data.validation.y[0], model.predict(data.validation.x[0], verbose=0).argmax(axis=1)
    assert found["accuracy"] == metrics.accuracy_score(true, chosen)
    assert found["confusion"] == metrics.confusion_matrix(true, chosen).tolist()
    reference = metrics.classification_report(true, chosen, output_dict=True, zero_division=0)
    for entry in found["per_class"]:
        expected = reference[entry["name"]]
        assert np.isclose(entry["f1"], expected["f1-score"])
        assert np.isclose(entry["precision"], expected["precision"])
        assert entry["support"] == expected["support"]
    assert (found["rows"], found["examined"], found["task"]) == (359, 359, "classification")


def test_mistakes_are_wrong_and_the_surest_comes_first(digits, folders):
    from sklearn.datasets import load_digits

    project, folder, _, data = digits
    found = examine(project, folder, folders)
    wrong = found["wrong"]
    assert 0 < len(wrong) <= 24
    assert len(wrong) == min(24, round((1 - found["accuracy"]) * 359))
    assert [item["probability"] for item in wrong] == sorted((item["probability"] for item in wrong), reverse=True)
    source = load_digits()
    for item in wrong:
        assert item["true"] != item["predicted"]
        assert item["true"] == str(source.target[item["index"]])
        assert item["index"] in data.validation.rows  # not a row of the training part
        assert np.allclose(item["image"], source.images[item["index"]] / 16, atol=1e-4)


def test_the_training_part_can_be_asked_for(digits, folders):
    project, folder, _, _ = digits
    assert examine(project, folder, folders, part="train")["rows"] == 1438
    with pytest.raises(DataError, match="No rows were set aside for test"):
        examine(project, folder, folders, part="test")


def test_numbers_agree_with_scikit_learn(diabetes, folders):
    from sklearn import metrics

    project, folder, model, data = diabetes
    found = examine(project, folder, folders)
    json.dumps(found, allow_nan=False)
    true, said = data.validation.y[0][:, 0], model.predict(data.validation.x[0], verbose=0)[:, 0]
    assert np.isclose(found["mae"], metrics.mean_absolute_error(true, said))
    assert np.isclose(found["rmse"], metrics.root_mean_squared_error(true, said))
    assert np.isclose(found["r2"], metrics.r2_score(true, said))
    assert np.allclose(found["predicted"], said)
    assert np.allclose(found["true"], true)
    worst = found["worst"]
    assert np.isclose(worst[0]["error"], np.abs(true - said).max())
    best = [item["error"] for item in found["best"]]
    assert np.isclose(best[0], np.abs(true - said).min())
    assert best == sorted(best)
    counts, edges = np.histogram(said - true, bins=9)
    assert (found["counts"], np.allclose(found["edges"], edges)) == (counts.tolist(), True)
    assert set(worst[0]["features"]) == {"age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"}


def test_try_it_gives_what_the_model_says_of_the_same_row(digits, diabetes, folders):
    from sklearn.datasets import load_diabetes, load_digits

    project, folder, model, data = digits
    index = int(data.validation.rows[0])
    (answer,) = predict(project, folder, folders, [(load_digits().images[index] / 16).tolist()])
    shares = model.predict(data.validation.x[0][:1], verbose=0)[0]
    assert answer["class"] == str(shares.argmax())
    assert np.allclose(list(answer["probabilities"].values()), shares, atol=1e-5)
    project, folder, model, data = diabetes
    index = int(data.train.rows[3])
    (answer,) = predict(project, folder, folders, [load_diabetes().data[index].tolist()])
    assert np.isclose(answer["value"], model.predict(data.train.x[0][3:4], verbose=0)[0, 0], rtol=1e-4)


def test_weights_that_are_missing_or_of_another_model_are_named(digits, folders, tmp_path):
    project, folder, _, _ = digits
    with pytest.raises(RunError, match="no last weights yet"):
        examine(project, tmp_path, folders)
    with pytest.raises(RunError, match="no best weights yet"):
        examine(project, folder, folders, weights="best")
    other = project_of({"source": "wine"}, [13], 3, "SparseCategoricalCrossentropy", "softmax")
    with pytest.raises(RunError, match="do not fit the model"):
        examine(other, folder, folders)
    (tmp_path / "last.weights.h5").write_bytes(b"broken")
    with pytest.raises(RunError, match="do not fit the model"):
        examine(project, tmp_path, folders)


def test_curves_agree_with_scikit_learn(digits, folders):
    from sklearn import metrics

    project, folder, model, data = digits
    found = examine(project, folder, folders)
    true, shares = data.validation.y[0], model.predict(data.validation.x[0], verbose=0)
    assert [curve["class"] for curve in found["roc"]] == found["class_names"]
    for place, (roc, ranked) in enumerate(zip(found["roc"], found["precision_recall"], strict=True)):
        assert np.isclose(roc["area"], metrics.roc_auc_score(true == place, shares[:, place]))
        assert np.isclose(ranked["area"], metrics.average_precision_score(true == place, shares[:, place]))
        assert (roc["x"][0], roc["y"][0], roc["x"][-1], roc["y"][-1]) == (0, 0, 1, 1)
        assert ranked["x"] == sorted(ranked["x"])
    assert sum(item["rows"] for item in found["calibration"]) == found["examined"]
    share = sum(item["rows"] * item["accuracy"] for item in found["calibration"]) / found["examined"]
    assert np.isclose(share, found["accuracy"])


def test_a_cell_shows_its_rows_and_no_others(digits, folders):
    project, folder, _, _ = digits
    confusion = np.array(examine(project, folder, folders)["confusion"])
    true, chosen = (int(place) for place in np.argwhere(confusion * (1 - np.eye(10)) > 0)[0])
    found = examine(project, folder, folders, cell=(true, chosen))
    assert len(found["cell"]) == min(24, confusion[true, chosen])
    assert {(item["true"], item["predicted"]) for item in found["cell"]} == {(str(true), str(chosen))}
    sure = [item["probability"] for item in found["unsure"]]
    assert sure == sorted(sure)
    assert all(item["true"] == item["predicted"] for item in found["unsure"])
