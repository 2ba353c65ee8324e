"""The project file: read without loss, refused with the place and the remedy."""

from __future__ import annotations

import json

import pytest

from core import document
from core.errors import SpecError

DIGITS = {
    "version": 1,
    "name": "Digits, dense",
    "data": {"source": "digits", "validation_fraction": 0.2, "test_fraction": 0.0, "seed": 1},
    "model": {
        "nodes": [
            {"id": "input_1", "layer": "Input", "params": {"shape": [64]}, "inputs": []},
            {"id": "dense_1", "layer": "Dense", "params": {"units": 10}, "inputs": ["input_1"]},
        ],
        "outputs": ["dense_1"],
    },
    "compile": {
        "optimizer": {"name": "Adam", "params": {"learning_rate": 0.001}},
        "loss": {"name": "SparseCategoricalCrossentropy", "params": {}},
        "metrics": [{"name": "SparseCategoricalAccuracy", "params": {}}],
        "run_eagerly": False,
        "steps_per_execution": "auto",
        "jit_compile": "auto",
    },
    "training": {"loop": "fit", "epochs": 10, "batch_size": 32, "seed": 1, "callbacks": []},
}


def with_(**changes):
    return {**DIGITS, **changes}


def refusal(text):
    with pytest.raises(SpecError) as caught:
        document.load(text if isinstance(text, str | bytes) else json.dumps(text))
    return caught.value


def test_a_round_trip_loses_nothing():
    project = document.load(json.dumps(DIGITS))
    again = document.load(document.dump(project))
    assert again == project
    written = json.loads(document.dump(project))
    assert written["model"]["nodes"][1]["params"] == {"units": 10}
    assert "null" not in document.dump(project)


def test_short_names_are_stored_in_full():
    short = {"optimizer": "adam", "loss": "mse", "metrics": ["mae"]}
    compile_spec = document.load(json.dumps(with_(compile=short))).compile
    assert compile_spec.optimizer.name == "Adam"
    assert compile_spec.loss.name == "MeanSquaredError"
    assert [metric.name for metric in compile_spec.metrics] == ["MeanAbsoluteError"]


@pytest.mark.parametrize(
    ("loss", "units", "accuracy"),
    [
        ("sparse_categorical_crossentropy", 10, "SparseCategoricalAccuracy"),
        ("categorical_crossentropy", 10, "CategoricalAccuracy"),
        ("binary_crossentropy", 1, "BinaryAccuracy"),
        ("binary_crossentropy", 10, "CategoricalAccuracy"),
        ("mse", 10, "CategoricalAccuracy"),
        ("huber", 1, "BinaryAccuracy"),
        ("sparse_categorical_crossentropy", 1, "BinaryAccuracy"),
        ("nonsense", 10, "BinaryAccuracy"),
    ],
)
def test_accuracy_becomes_the_one_that_keras_would_take(loss, units, accuracy):
    nodes = [*DIGITS["model"]["nodes"], {"id": "softmax_1", "layer": "Softmax", "inputs": ["dense_1"]}]
    nodes[1] = {**nodes[1], "params": {"units": units}}
    model = {"nodes": nodes, "outputs": ["softmax_1"]}
    project = document.load(json.dumps(with_(model=model, compile={"loss": loss, "metrics": ["accuracy"]})))
    assert [metric.name for metric in project.compile.metrics] == [accuracy]


@pytest.mark.parametrize(("target", "accuracy"), [("one_hot", "CategoricalAccuracy"), ("real", "BinaryAccuracy")])
def test_accuracy_follows_the_data_where_the_layers_do_not_say_how_wide_they_are(target, accuracy):
    nodes = [{"id": "a", "layer": "Input", "params": {"shape": [4]}}, {"id": "b", "layer": "Flatten", "inputs": ["a"]}]
    project = document.from_dict(
        {
            "data": {"source": "random", "shape": [4], "target": target},
            "model": {"nodes": nodes, "outputs": ["b"]},
            "compile": {"loss": "mse", "metrics": ["acc"]},
        }
    )
    assert [metric.name for metric in project.compile.metrics] == [accuracy]


def test_each_output_has_its_own_accuracy():
    nodes = [
        {"id": "a", "layer": "Input", "params": {"shape": [4]}},
        {"id": "kind", "layer": "Dense", "params": {"units": 3}, "inputs": ["a"]},
        {"id": "good", "layer": "Dense", "params": {"units": 1}, "inputs": ["a"]},
    ]
    losses = {"kind": "mse", "good": "mse"}
    project = document.from_dict(
        with_(
            model={"nodes": nodes, "outputs": ["kind", "good"]},
            compile={"loss": losses, "metrics": {"kind": ["accuracy"], "good": ["accuracy"]}},
        )
    )
    names = {output: metrics[0].name for output, metrics in project.compile.metrics.items()}
    assert names == {"kind": "CategoricalAccuracy", "good": "BinaryAccuracy"}


def test_a_newer_version_is_refused_by_its_number():
    refused = refusal(with_(version=7))
    assert refused.path == "version"
    assert "version 7" in refused.message
    assert "Update Eagerly" in refused.message


@pytest.mark.parametrize("version", [0, -1, "1", True, None, 1.5])
def test_a_version_that_is_none_is_refused(version):
    assert refusal(with_(version=version)).path == "version"


def test_unknown_fields_are_refused_by_name_all_at_once():
    training = {**DIGITS["training"], "epoch": 3}
    refused = refusal(with_(training=training, colour="red"))
    assert {"training.epoch", "colour"} == {
        refused.path,
        *(part.split(":")[0] for part in [refused.message.split("Also ")[1]]),
    }
    assert "knows no such field" in refused.message


def test_an_unknown_source_says_which_there_are():
    refused = refusal(with_(data={"source": "digit"}))
    assert refused.path == "data"
    assert "'digits'" in refused.message


def test_an_unknown_field_of_the_data_has_a_path_without_the_union():
    assert refusal(with_(data={"source": "digits", "noise": 1})).path == "data.noise"


def test_a_name_that_keras_does_not_know_stays_for_the_check_to_report():
    project = document.load(json.dumps(with_(compile={"optimizer": "adamm"})))
    assert project.compile.optimizer.name == "adamm"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("{", "line 1, column 2"),
        ("[]", "JSON object"),
        ("3", "JSON object"),
        (b"\xff\xfe\x00", "UTF-8"),
        ('{"version": 1, "version": 1}', "stands twice"),
        ('{"version": NaN}', "NaN is no JSON number"),
        ("[" * 100_000, "nests"),
        ("9" * 5000, "cannot be read"),
        ('{"x": "' + "a" * 3_000_000 + '"}', "at most"),
    ],
)
def test_what_is_no_project_file_gets_one_sentence(text, says):
    refused = refusal(text)
    assert says in str(refused)
    assert "Traceback" not in str(refused)
    assert "pydantic" not in str(refused)


@pytest.mark.parametrize(
    ("field", "value"),
    [("epochs", 0), ("batch_size", -1), ("seed", -1), ("seed", 2**31), ("loop", "Fit"), ("epochs", "many")],
)
def test_a_value_out_of_range_names_its_field(field, value):
    refused = refusal(with_(training={**DIGITS["training"], field: value}))
    assert refused.path == f"training.{field}"
    assert repr(value) in refused.message


def test_fractions_that_leave_nothing_to_train_on_are_refused():
    data = {"source": "digits", "validation_fraction": 0.5, "test_fraction": 0.5}
    assert "leave rows to train on" in str(refusal(with_(data=data)))


def test_a_formula_belongs_to_custom():
    assert "goes with the name 'custom'" in str(refusal(with_(compile={"loss": {"name": "custom"}})))
    source = "def loss(y_true, y_pred): return y_true"
    kept = document.load(json.dumps(with_(compile={"loss": {"name": "custom", "source": source}})))
    assert kept.compile.loss.source == source


def test_a_loss_for_each_output_is_kept():
    compile_spec = {"loss": {"dense_1": "mse"}, "metrics": {"dense_1": ["mae"]}}
    loss = document.load(json.dumps(with_(compile=compile_spec))).compile.loss
    assert loss["dense_1"].name == "MeanSquaredError"
