"""Rows in the form that the model and the loss need."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import encode, load, prepared
from core.errors import DataError
from core.spec import Project


def test_targets_follow_the_loss(spec, folders, project):
    def target(source, shape, units, loss):
        return load(project(spec(source), shape, units, loss), folders).train.y[0]

    integer = target("iris", [4], 3, "SparseCategoricalCrossentropy")
    one_hot = target("iris", [4], 3, "CategoricalCrossentropy")
    binary = target("xor", [2], 1, "BinaryCrossentropy")
    real = target("plane", [2], 1, "MeanSquaredError")
    assert (integer.shape, integer.dtype) == ((120,), np.int32)
    assert (one_hot.shape, one_hot.dtype) == ((120, 3), np.float32)
    assert np.array_equal(one_hot.argmax(axis=1), integer)
    assert (binary.shape, binary.dtype, set(binary.ravel())) == ((400, 1), np.float32, {0.0, 1.0})
    assert (real.shape, real.dtype) == ((400, 1), np.float32)
    assert target("xor", [2], 2, "SparseCategoricalCrossentropy").shape == (400,)
    assert target("xor", [2], 2, "CategoricalCrossentropy").shape == (400, 2)
    assert target("iris", [4], 3, "MeanSquaredError").shape == (120, 3)  # not (n, 1), which would broadcast


def test_a_users_own_loss_gets_one_hot_classes_or_a_number(spec, folders, project):
    own = {"name": "custom", "source": "def loss(y_true, y_pred): return 0"}
    assert load(project(spec("iris"), [4], 3, own), folders).train.y[0].shape == (120, 3)
    assert load(project(spec("plane"), [2], 1, own), folders).train.y[0].shape == (400, 1)
    assert load(project(spec("xor"), [2], 1, own), folders).train.y[0].shape == (400, 1)


@pytest.mark.parametrize(
    ("source", "shape", "units", "loss", "sentence"),
    [
        ("plane", [2], 1, "SparseCategoricalCrossentropy", "needs classes, but the target 'height' is a number"),
        ("plane", [2], 3, "MeanSquaredError", "'answer' has 3 numbers a row, but the target 'height' is one number"),
        ("digits", [63], 10, "SparseCategoricalCrossentropy", r"needs rows of shape \[63\], but .* \[8, 8, 1\] \(64"),
        ("iris", [None, 3], 3, "SparseCategoricalCrossentropy", r"needs rows of shape \[any, 3\]"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(spec, folders, project, source, shape, units, loss, sentence):
    with pytest.raises(DataError, match=sentence):
        load(project(spec(source), shape, units, loss), folders)


def test_a_model_without_input_or_output_is_refused(spec, folders):
    empty = Project.model_validate({"data": {"source": "iris"}})
    with pytest.raises(DataError, match="no Input layer"):
        load(empty, folders)


@pytest.mark.parametrize(("shape", "came"), [([64], (64,)), ([8, 8], (8, 8)), ([None, 8], (8, 8)), ([4, 16], (4, 16))])
def test_pictures_take_the_shape_of_the_input(spec, folders, project, shape, came):
    data = load(project(spec("digits"), shape, 10, "SparseCategoricalCrossentropy"), folders)
    assert data.train.x[0].shape == (1438, *came)


def two_of_each(data, loss=None):
    nodes = [
        {"id": "left", "layer": "Input", "params": {"shape": [2]}},
        {"id": "right", "layer": "Input", "params": {"shape": [3]}},
        {"id": "both", "layer": "Concatenate", "inputs": ["left", "right"]},
        {"id": "price", "layer": "Dense", "params": {"units": 1}, "inputs": ["both"]},
        {"id": "kind", "layer": "Dense", "params": {"units": 2}, "inputs": ["both"]},
    ]
    loss = loss or {"price": "MeanSquaredError", "kind": "SparseCategoricalCrossentropy"}
    return Project.model_validate(
        {"data": data, "model": {"nodes": nodes, "outputs": ["price", "kind"]}, "compile": {"loss": loss}}
    )


@pytest.fixture
def groups(tmp_path):
    rows = "".join(f"{i},{-i},{'abc'[i % 3]},{i * 1.5},{'new' if i % 2 else 'old'}\n" for i in range(60))
    (tmp_path / "t.csv").write_text("a,b,c,cost,state\n" + rows)
    return {
        "source": "csv",
        "path": "t.csv",
        "target": "cost",
        "inputs": {"left": ["b", "a"], "right": ["c"]},
        "targets": {"price": ["cost"], "kind": ["state"]},
    }


def test_columns_go_to_the_inputs_and_outputs_that_name_them(groups, folders):
    dataset = load(two_of_each(groups), folders)
    left, right = dataset.train.x
    price, kind = dataset.train.y
    assert np.allclose(left[:, 0], -left[:, 1])
    assert (right.sum(axis=1) == 1).all()
    assert right.shape == (48, 3)
    assert price.shape == (48, 1)
    assert set(price.ravel()) <= {i * 1.5 for i in range(60)}
    assert (kind.shape, kind.dtype) == ((48,), np.int32)
    assert dataset.facts.feature_names == ("a", "b", "c=a", "c=b", "c=c")  # the second target is no feature
    assert [target.name for target in dataset.facts.targets] == ["cost", "state"]


def test_a_map_with_an_unknown_or_missing_name_is_refused(groups, folders):
    with pytest.raises(DataError, match="'left' the column 'z', but the features are: 'a', 'b', 'c'"):
        load(two_of_each({**groups, "inputs": {"left": ["z"], "right": ["c"]}}), folders)
    with pytest.raises(DataError, match="names no columns for the Input layer 'right'"):
        load(two_of_each({**groups, "inputs": {"left": ["a", "b"]}}), folders)
    with pytest.raises(DataError, match="names no loss for the output 'kind'"):
        load(two_of_each(groups, {"price": "MeanSquaredError"}), folders)


def test_an_output_can_reproduce_the_features(spec, folders, project):
    data = spec("digits", targets={"answer": ["features"]})
    dataset = load(project(data, [8, 8, 1], 64, "MeanSquaredError"), folders)
    assert np.array_equal(dataset.train.y[0], dataset.train.x[0].reshape(-1, 64))


def test_typed_rows_are_prepared_as_the_training_part_was(table, folders, project):
    rows = "".join(f"{i},{'xyz'[i % 3]},{i * 0.5}\n" for i in range(60))
    made = project(table("a,kind,y\n" + rows), [4], 1, "MeanSquaredError")
    ready, dataset = prepared(made.data, folders), load(made, folders)
    index = int(dataset.train.rows[0])
    (given,) = encode(made, ready, [{"a": index, "kind": "xyz"[index % 3]}, [str(index), "new"], {}])
    assert np.array_equal(given[0], dataset.train.x[0][0])
    assert given[1].tolist() == [given[0][0], 0, 0, 0]
    assert np.isclose(given[2][0], (ready.preparation.columns[0].typical - given_mean(ready)) / given_std(ready))
    with pytest.raises(DataError, match="Row 1 needs a number for 'a', but has 'much'"):
        encode(made, ready, [{"a": "much"}])
    with pytest.raises(DataError, match="Row 1 has a column 'b', but the features are: a, kind"):
        encode(made, ready, [{"b": 1}])
    with pytest.raises(DataError, match=r"needs 2 values .* but has 3 values"):
        encode(made, ready, [[1, 2, 3]])


def given_mean(ready):
    return ready.raw.features["a"].iloc[ready.split.train].mean()


def given_std(ready):
    return ready.raw.features["a"].iloc[ready.split.train].std(ddof=0)


def test_a_drawn_picture_goes_from_0_to_1(spec, folders, project):
    made = project(spec("digits"), [64], 10, "SparseCategoricalCrossentropy")
    ready = prepared(made.data, folders)
    (given,) = encode(made, ready, [np.full((8, 8), 0.5).tolist()])
    assert (given == 0.5).all()
    with pytest.raises(DataError, match=r"numbers in the shape \[8, 8, 1\]"):
        encode(made, ready, [[1, 2]])
