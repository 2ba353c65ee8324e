"""Models with other outputs: one probability, several targets, the features themselves."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter

from core.data import Folders, load, steps_ahead
from core.data.raw import Target
from core.errors import DataError
from core.inspect import examine, importance, predict, through
from core.inspect.example import _name
from core.spec import DataSpec, Project, WindowsChoice

pytestmark = pytest.mark.keras


_DATA = TypeAdapter(DataSpec)
SINES = _DATA.validate_python({"source": "sine_mixture", "horizon": 7})
TABLE = _DATA.validate_python({"source": "csv", "path": "t.csv", "target": "y"})
WINDOWS = TABLE.model_copy(update={"windows": WindowsChoice(horizon=3)})


def saved(project, folders, folder):
    """A model as it is before any training, and its rows."""
    import keras

    from core import build

    keras.utils.set_random_seed(3)
    model = build.model(project)
    model.save_weights(folder / "best.weights.h5")
    return model, load(project, folders)


def dense(name, units, activation, *inputs):
    return {"id": name, "layer": "Dense", "params": {"units": units, "activation": activation}, "inputs": list(inputs)}


def rows_of(shape):
    return {"id": "rows", "layer": "Input", "params": {"shape": shape}, "inputs": []}


def made(data, nodes, outputs, loss):
    return Project.model_validate(
        {"data": data, "model": {"nodes": nodes, "outputs": outputs}, "compile": {"loss": loss}}
    )


def test_one_probability_decides_between_two_classes(tmp_path):
    from sklearn import metrics

    nodes = [rows_of([2]), dense("answer", 1, "sigmoid", "rows")]
    project = made({"source": "xor", "rows": 200}, nodes, ["answer"], "BinaryCrossentropy")
    folders = Folders(tmp_path, tmp_path)
    model, data = saved(project, folders, tmp_path)
    found = examine(project, tmp_path, folders, weights="best")
    said = model.predict(data.validation.x[0], verbose=0)[:, 0]
    true = data.validation.y[0][:, 0]
    assert found["confusion"] == metrics.confusion_matrix(true, said >= 0.5).tolist()
    assert found["class_names"] == ["orange", "blue"]
    assert set(found["wrong"][0]["features"]) == {"x1", "x2"}
    assert all(item["probability"] >= 0.5 for item in found["wrong"])
    (answer,) = predict(project, tmp_path, folders, [data.validation.x[0][0].tolist()], weights="best")
    assert answer["class"] == ("blue" if said[0] >= 0.5 else "orange")
    assert np.isclose(answer["probabilities"]["blue"], said[0], atol=1e-5)


def test_each_output_is_compared_with_its_own_target(tmp_path):
    lines = "".join(f"{i},{i * 0.5},{'no' if i % 2 else 'yes'}\n" for i in range(60))
    (tmp_path / "t.csv").write_text("a,cost,state\n" + lines)
    data = {"source": "csv", "path": "t.csv", "target": "cost", "targets": {"price": ["cost"], "kind": ["state"]}}
    nodes = [rows_of([1]), dense("price", 1, None, "rows"), dense("kind", 2, "softmax", "rows")]
    losses = {"price": "MeanSquaredError", "kind": "SparseCategoricalCrossentropy"}
    project = made(data, nodes, ["price", "kind"], losses)
    folders = Folders(tmp_path, tmp_path, tmp_path)
    saved(project, folders, tmp_path)
    price = examine(project, tmp_path, folders, weights="best")
    kind = examine(project, tmp_path, folders, output="kind", weights="best")
    assert (price["task"], price["target"], price["output"]) == ("regression", "cost", "price")
    assert (kind["task"], kind["target"], kind["class_names"]) == ("binary", "state", ["no", "yes"])
    assert set(price["worst"][0]["features"]) == {"a"}
    (answer,) = predict(project, tmp_path, folders, [{"a": 3}], weights="best")
    assert [item["output"] for item in answer["outputs"]] == ["price", "kind"]
    assert [item["target"] for item in answer["outputs"]] == ["cost", "state"]
    assert [
        importance(project, tmp_path, folders, weights="best", output=name)["measure"] for name in ("price", "kind")
    ] == [
        "mean absolute error",
        "error rate",
    ]
    with pytest.raises(DataError, match=r"no output 'state'. Its outputs are: price, kind"):
        examine(project, tmp_path, folders, output="state")


def test_an_autoencoder_is_compared_with_its_input(tmp_path):
    nodes = [rows_of([64]), dense("code", 4, "relu", "rows"), dense("again", 64, "sigmoid", "code")]
    data = {"source": "digits", "targets": {"again": ["features"]}}
    project = made(data, nodes, ["again"], "MeanSquaredError")
    folders = Folders(tmp_path, tmp_path)
    model, dataset = saved(project, folders, tmp_path)
    found = examine(project, tmp_path, folders, weights="best")
    x = dataset.validation.x[0]
    said = model.predict(x, verbose=0)
    assert found["task"] == "regression"
    assert np.isclose(found["mae"], np.abs(said - x).mean(), rtol=1e-4)
    assert np.isclose(found["worst"][0]["error"], np.abs(said - x).mean(axis=1).max(), rtol=1e-4)
    worst = found["worst"][0]
    assert np.shape(worst["image"]) == np.shape(worst["again"]) == (8, 8)
    place = int(np.flatnonzero(dataset.validation.rows == worst["index"])[0])
    low, high = x[place].min(), x[place].max()
    assert np.allclose(np.ravel(worst["again"]), np.clip((said[place] - low) / (high - low), 0, 1), atol=1e-3)
    (answer,) = predict(project, tmp_path, folders, [worst["image"]], weights="best")
    assert np.allclose(np.ravel(answer["again"]), said[place], atol=1e-3)  # a picture, not 64 numbers
    assert answer["target"] == "features"


def test_one_of_two_classes_with_a_unit_each_is_called_by_its_name():
    sick = Target("state", "binary", np.zeros(2), ("no", "yes"))
    assert (_name(sick, 1, units=2), _name(sick, 0, units=2)) == ("yes", "no")
    assert _name(sick, 0, units=1) == "state"  # it says how likely "yes" is


def test_a_series_of_vectors_is_seen_as_steps_and_units(tmp_path):
    conv = {"id": "conv", "layer": "Conv1D", "params": {"filters": 3, "kernel_size": 2}, "inputs": ["rows"]}
    flat = {"id": "flat", "layer": "Flatten", "params": {}, "inputs": ["conv"]}
    project = made(
        {"source": "waves", "task": "forecast", "length": 12, "rows": 100},
        [rows_of([12, 1]), conv, flat, dense("next", 1, None, "flat")],
        ["next"],
        "MeanSquaredError",
    )
    folders = Folders(tmp_path, tmp_path)
    saved(project, folders, tmp_path)
    layers = {layer["layer"]: layer for layer in through(project, tmp_path, folders, 0, weights="best")["layers"]}
    assert np.shape(layers["conv"]["heat"]) == (11, 3)
    assert layers["conv"]["values"] == []
    assert np.allclose(np.ravel(layers["conv"]["heat"]), layers["flat"]["values"], atol=1e-4)
    assert layers["rows"]["heat"] == []  # one number a step is a line, not a map


def test_a_forecast_is_shown_beside_the_truth(tmp_path):
    data = {"source": "waves", "task": "forecast", "length": 12, "rows": 100}
    nodes = [rows_of([12]), dense("next", 1, None, "rows")]
    project = made(data, nodes, ["next"], "MeanSquaredError")
    folders = Folders(tmp_path, tmp_path)
    model, dataset = saved(project, folders, tmp_path)
    best = examine(project, tmp_path, folders, weights="best")["best"][0]
    place = int(np.flatnonzero(dataset.validation.rows == best["index"])[0])
    x = dataset.validation.x[0][place : place + 1]
    assert np.allclose(best["series"], x[0], atol=1e-5)  # what was known, and no more
    assert np.allclose(best["ahead"], dataset.validation.y[0][place])
    assert examine(project, tmp_path, folders, weights="best")["horizon"] == 1
    assert [steps_ahead(item) for item in (project.data, SINES, WINDOWS, TABLE)] == [1, 7, 3, 1]
    assert np.allclose(best["foretold"], model.predict(x, verbose=0)[0], atol=1e-5)


def test_a_series_of_several_channels_can_be_asked_about_again(tmp_path):
    """What `through` shows of a row is what `predict` takes, channel by channel; a change of one changes the answer."""
    lines = "".join(f"{i},{i % 7},{(i * 3) % 11},{'x' if i % 2 else 'y'}\n" for i in range(80))
    (tmp_path / "t.csv").write_text("when,heat,wind,kind\n" + lines)
    table = {"source": "csv", "path": "t.csv", "target": "heat", "features": ["heat", "wind", "kind"]}
    folders = Folders(tmp_path, tmp_path, tmp_path)
    for data, shape in (
        ({**table, "windows": {"length": 6, "order_by": "when"}}, [6, 4]),
        ({"source": "random", "shape": [6, 3], "target": "real", "rows": 60}, [6, 3]),
    ):
        flat = {"id": "flat", "layer": "Flatten", "params": {}, "inputs": ["rows"]}
        project = made(data, [rows_of(shape), flat, dense("next", 1, None, "flat")], ["next"], "MeanSquaredError")
        model, dataset = saved(project, folders, tmp_path)
        row = int(dataset.validation.rows[2])
        seen = through(project, tmp_path, folders, row, weights="best")["channels"]
        of_table = "windows" in data
        assert list(seen) == (["heat", "wind", "kind"] if of_table else ["channel 1", "channel 2", "channel 3"])
        given = seen if of_table else [list(step) for step in zip(*seen.values(), strict=True)]
        (answer,) = predict(project, tmp_path, folders, [given], weights="best")
        assert np.isclose(answer["value"], model.predict(dataset.validation.x[0][2:3], verbose=0)[0, 0], atol=1e-4)
        name = list(seen)[1]
        bent = {**seen, name: [value + 1 for value in seen[name]]}
        given = bent if of_table else [list(step) for step in zip(*bent.values(), strict=True)]
        assert not np.isclose(predict(project, tmp_path, folders, [given], weights="best")[0]["value"], answer["value"])
