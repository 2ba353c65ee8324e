"""The plane shows what the model says at each point, and what each unit does there."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from core.data import Folders, load
from core.errors import DataError, RunError
from core.inspect import plane, predict
from core.spec import Project

pytestmark = pytest.mark.keras


@pytest.fixture
def folders(tmp_path):
    return Folders(tmp_path / "uploads", tmp_path / "datasets", tmp_path)


def project_of(source, loss, activation):
    nodes = [
        {"id": "rows", "layer": "Input", "params": {"shape": [2]}},
        {"id": "hidden", "layer": "Dense", "params": {"units": 6, "activation": "tanh"}, "inputs": ["rows"]},
        {"id": "answer", "layer": "Dense", "params": {"units": 1, "activation": activation}, "inputs": ["hidden"]},
    ]
    model = {"nodes": nodes, "outputs": ["answer"]}
    return Project.model_validate({"data": {"source": source}, "model": model, "compile": {"loss": loss}})


def trained(project, folders, folder):
    import keras

    from core import build

    keras.utils.set_random_seed(1)
    model, data = build.model(project), load(project, folders)
    model.compile(keras.optimizers.Adam(0.01), project.compile.loss.name, jit_compile=False)
    model.fit(data.train.x[0], data.train.y[0], epochs=2, verbose=0)
    model.save_weights(folder / "last.weights.h5")
    return model, data


def picture(text, side):
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(side, side).astype(int)


def place(found, column, row):
    x, y = (np.linspace(*found[axis], found["size"]) for axis in ("x", "y"))
    return [x[column], y[row]]


def test_each_point_has_the_class_that_the_model_gives_it(folders, tmp_path):
    project = project_of("gaussians", "BinaryCrossentropy", "sigmoid")
    model, data = trained(project, folders, tmp_path)
    found = plane(project, tmp_path, folders)
    json.dumps(found, allow_nan=False)
    classes, sure = picture(found["classes"], 50), picture(found["sure"], 50)
    corners = [(3, 41), (41, 3), (20, 20)]
    said = predict(project, tmp_path, folders, [place(found, column, row) for column, row in corners])
    for (column, row), one in zip(corners, said, strict=True):
        assert one["class"] == found["class_names"][classes[row, column]]  # rows are y, columns are x
        assert abs(2 * one["probability"] - 1 - sure[row, column] / 255) < 0.01
    assert len(found["points"]["train"]) == len(data.train)
    hidden = found["layers"][1]
    assert [(layer["layer"], layer["units"]) for layer in found["layers"]] == [
        ("rows", 2),
        ("hidden", 6),
        ("answer", 1),
    ]
    seen = np.tanh(np.array([place(found, 11, 31)]) @ model.get_layer("hidden").kernel.numpy())[0]
    assert np.sign(picture(hidden["maps"][2], 25)[15, 5] - 128) == np.sign(seen[2])


def test_a_run_in_progress_is_drawn_with_the_weights_that_it_has_now(folders, tmp_path):
    from core.train.glimpse import Glimpse

    project = project_of("plane", "MeanSquaredError", None)
    model, _ = trained(project, folders, tmp_path)
    before = plane(project, tmp_path, folders)
    model.set_weights([0 * weight for weight in model.get_weights()])
    Glimpse(model, tmp_path).epoch_done()
    now = plane(project, tmp_path, folders, "now")
    low, high = now["range"]
    assert set(picture(now["values"], 50).ravel()) == {round(255 * (0 - low) / (high - low))}
    assert plane(project, tmp_path, folders)["values"] == before["values"]  # the checkpoint is another
    (tmp_path / "now.weights").write_bytes(b"\0" * 8)
    with pytest.raises(RunError, match="do not fit the model"):
        plane(project, tmp_path, folders, "now")


def test_other_rows_have_no_plane(folders, tmp_path):
    project = Project.model_validate({"data": {"source": "wine"}, "compile": {"loss": "MeanSquaredError"}})
    with pytest.raises(DataError, match="two features that are numbers"):
        plane(project, tmp_path, folders)
