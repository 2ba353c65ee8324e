"""What is found without building a model: shapes, counts, and problems."""

from __future__ import annotations

import json

import pytest

from core import edits
from core.data.facts import DataFacts
from core.spec import Node
from tests.build.reports import facts, only, repaired, shapes

pytestmark = pytest.mark.keras

CNN = (
    ("image", "Input", {"shape": [8, 8, 1]}),
    ("conv", "Conv2D", "image", {"filters": 4, "kernel_size": 3, "activation": "relu"}),
    ("norm", "BatchNormalization", "conv", {}),
    ("pool", "MaxPooling2D", "norm", {"pool_size": 2}),
    ("flat", "Flatten", "pool", {}),
    ("out", "Dense", "flat", {"units": 10, "activation": "softmax"}),
)


def test_shapes_and_counts_are_those_of_the_built_model(check, make, keras):
    from core import build

    project = make(*CNN)
    report, model = check(project, facts()), build.model(project)
    assert report.is_ok
    assert shapes(report) == {layer.name: list(layer.output.shape) for layer in model.layers}
    assert {node.id: node.parameters for node in report.nodes} == {
        layer.name: layer.count_params() for layer in model.layers
    }
    assert report.parameters == model.count_params()
    assert report.trainable_parameters == report.parameters - 8, "the moving mean and variance are not trained"
    conv = 6 * 6 * 4 * (2 * 9 + 1)
    assert report.flops == conv + 2 * 144 + 3 * 3 * 4 * 4 + 36 * 10 * 2 + 10 + 50


def test_the_report_is_the_json_of_the_command_line(check, make):
    answer = json.loads(json.dumps(check(make(*CNN), facts()).to_dict()))
    assert answer["ok"] is True
    assert answer["problems"] == []
    first = answer["nodes"][0]
    assert first["id"] == "image"
    assert first["output_shape"] == [None, 8, 8, 1], "the batch axis is null"
    assert {"parameters", "trainable_parameters", "flops", "dtype"} <= set(first)
    assert DataFacts.from_dict(answer["facts"]) == facts()


def test_several_results_are_a_list_of_shapes(check, make):
    report = check(make(("x", "Input", {"shape": [6, 3]}), ("cell", "LSTM", "x", {"units": 5, "return_state": True})))
    assert shapes(report)["cell"] == [[None, 5], [None, 5], [None, 5]]


def test_shared_weights_are_counted_once(check, make):
    project = make(
        ("x", "Input", {"shape": [4]}),
        ("a", "Dense", "x", {"units": 4}),
        ("b", "Dense", "a", {"units": 4, "shared_with": "a"}),
        loss="mse",
    )
    report = check(project)
    assert report.is_ok
    assert (report.parameters, [node.parameters for node in report.nodes]) == (20, [0, 20, 0])


def test_a_monster_is_counted_and_not_built(check, make):
    project = make(("x", "Input", {"shape": [100_000]}), ("big", "Dense", "x", {"units": 1_000_000}), loss="mse")
    report = check(project)
    assert report.parameters == 100_001_000_000
    assert "big: the model would have 100,001,000,000 parameters" in only(report).message
    units = only(check(make(("x", "Input", {"shape": [4]}), ("big", "Dense", "x", {"units": 200_000_000}), loss="mse")))
    assert (units.node, units.field) == ("big", "units")
    assert "needed at most 10,000,000, got 200,000,000" in units.message


def test_a_batch_that_no_memory_holds_is_said(check, make):
    project = make(("x", "Input", {"shape": [64, 64, 3]}), ("up", "UpSampling2D", "x", {"size": 100}), loss="mse")
    assert "4 GB fit" in only(check(project)).message


def test_faults_of_all_kinds_come_at_once(check, make):
    project = make(
        ("x", "Input", {"shape": [64]}),
        ("typo", "Dense", "x", {"units": 0}),
        ("conv", "Conv2D", "x", {"filters": 2, "kernel_size": 3}),
        ("both", "Concatenate", "typo", "conv", {}),
        ("out", "Dense", "both", {"units": 7}),
        loss="mse",
        optimizer={"name": "Adam", "params": {"learning_rate": -1}},
        training={"batch_size": 5000},
    )
    places = {(problem.node, problem.field) for problem in check(project, facts()).problems}
    assert {
        ("typo", "units"),
        ("conv", None),
        ("out", "units"),
        ("out", "activation"),
        (None, "compile.loss"),
        (None, "compile.optimizer.params.learning_rate"),
        (None, "training.batch_size"),
    } <= places


def test_a_picture_into_dense_is_flattened_first(check, make):
    project = make(
        ("x", "Input", {"shape": [8, 8, 1]}),
        ("a", "Dense", "x", {"units": 32, "activation": "relu"}),
        ("out", "Dense", "a", {"units": 10, "activation": "softmax"}),
    )
    problem = only(check(project, facts()))
    assert problem.message == (
        "out: one row of the target 'digit' needs 10 numbers, one for each class, and it gives a block of "
        "8 × 8 × 10. Insert Flatten before a to bring it into one row."
    )
    report = repaired(check, project, facts())
    assert report.is_ok
    assert shapes(report)["a"] == [None, 32]


def test_outputs_of_other_shapes_are_brought_into_one_row(check, make):
    steps = make(
        ("x", "Input", {"shape": [8, 8]}),
        ("rnn", "LSTM", "x", {"units": 4, "return_sequences": True}),
        ("out", "Dense", "rnn", {"units": 10, "activation": "softmax"}),
    )
    assert "Turn return_sequences off in rnn" in only(check(steps, facts())).message
    assert repaired(check, steps, facts()).is_ok
    convolution = make(*CNN[:2])
    assert "GlobalAveragePooling2D" in only(check(convolution, facts())).message
    end = repaired(check, convolution, facts())
    assert end.is_ok, "a pooling, then a Dense of 10"
    assert end.nodes[-1].output_shape == [None, 10]


def test_one_edit_of_a_large_model_asks_keras_once(check, make):
    from core.build import symbolic

    nodes = [("x", "Input", {"shape": [16]})]
    nodes += [(f"d{i}", "Dense", f"d{i - 1}" if i else "x", {"units": 17 + i}) for i in range(20)]
    project = make(*nodes, loss="mse")
    assert check(project).is_ok
    before = len(symbolic._OUTCOMES)
    other = edits.apply(project, edits.SetParam(node="d18", name="units", value=5))
    assert check(other).nodes[-1].output_shape == [None, 36]
    assert len(symbolic._OUTCOMES) - before == 2, "the edited layer and the one that it feeds"


def test_checking_leaves_keras_as_it_was(check, make, keras):
    check(make(("x", "Input", {"shape": [100_000]}), ("big", "Dense", "x", {"units": 1_000_000}), loss="mse"))
    with keras.StatelessScope():
        pass  # would make the variables that wait, 400 GB of them
    assert keras.layers.Dense(1).name == "dense"


def test_a_circle_leaves_the_rest_known(check, make):
    project = make(
        ("x", "Input", {"shape": [4]}),
        ("a", "Dense", "x", {"units": 3}),
        ("b", "Add", "a", "c", {}),
        ("c", "Dense", "b", {"units": 3}),
        loss="mse",
    )
    report = check(project)
    assert "b → c → b" in only(report).message
    assert shapes(report) == {"x": [None, 4], "a": [None, 3], "b": None, "c": None}


def test_the_data_is_described_when_folders_are_given(check, make, folders):
    report = check(make(*CNN), folders=folders)
    assert report.is_ok
    assert report.facts.classes == 10
    missing = make(*CNN, data={"source": "csv", "path": "nowhere.csv", "target": "y"})
    problem = only(check(missing, folders=folders))
    assert (problem.node, problem.field) == (None, "data")


def test_any_layer_that_is_offered_can_be_checked(check, make):
    from core import catalog

    for entry in catalog.entries("layer"):
        for shape in ([8], [8, 8], [8, 8, 3], [4, 8, 8, 3], [2, 4, 8, 8, 3], [4096, 1]):
            inputs = ["x"] * (0 if entry.arity == "none" else entry.fewest)
            node = Node(id="n", layer=entry.name, params=entry.starting_params(), inputs=tuple(inputs))
            project = make(("x", "Input", {"shape": shape}), ("n", "Flatten", "x", {}), loss="mse")
            model = project.model.model_copy(update={"nodes": (project.model.nodes[0], node)})
            report = check(project.model_copy(update={"model": model}))
            if report.nodes[-1].output_shape:
                break
        else:
            pytest.fail(f"{entry.name}: {[problem.message for problem in report.problems]}")
