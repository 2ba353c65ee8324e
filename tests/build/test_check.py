from __future__ import annotations

import json
import re

import pytest

from core import edits
from core.data.facts import DataFacts
from core.spec import Node

pytestmark = pytest.mark.keras


def facts(task="classification", classes=10, shape=(8, 8, 1), **parts):
    return DataFacts(
        source="digits",
        title="Digits",
        rows=1000,
        task=task,
        feature_shape=shape,
        feature_names=(),
        classes=classes,
        class_names=(),
        kind="image",
        target_name="digit",
        parts={"train": 800, "validation": 200, "test": 0, **parts},
    )


@pytest.fixture(scope="module")
def check(keras):
    from core.build.check import check

    return check


def shapes(report):
    return {node.id: node.output_shape for node in report.nodes}


def only(report):
    assert len(report.problems) == 1, [problem.message for problem in report.problems]
    return report.problems[0]


def repaired(check, project, known=None, rounds=4):
    """Presses the first fix again and again, as a user would."""
    for _ in range(rounds):
        report = check(project, known)
        fix = next((problem.fix for problem in report.problems if problem.fix), None)
        if fix is None:
            return report
        project = edits.applied(project, fix.edits)
    return check(project, known)


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


REFUSED = {
    "conv on a row": (
        (("x", "Input", {"shape": [64]}), ("bad", "Conv2D", "x", {"filters": 2, "kernel_size": 3})),
        r"bad: Conv2D needs rows with 3 axes \(height, width and channels\), got rows of shape \[64\]. Insert Reshape",
        [None, 6, 6, 2],
    ),
    "conv on a picture without channels": (
        (("x", "Input", {"shape": [8, 8]}), ("bad", "Conv2D", "x", {"filters": 2, "kernel_size": 3})),
        r"got rows of shape \[8, 8\]. Insert Reshape to \[8, 8, 1\] before bad",
        [None, 6, 6, 2],
    ),
    "conv behind flatten": (
        (
            ("x", "Input", {"shape": [8, 8, 1]}),
            ("flat", "Flatten", "x", {}),
            ("bad", "Conv2D", "flat", {"filters": 2, "kernel_size": 3}),
        ),
        "Remove flat",
        [None, 6, 6, 2],
    ),
    "a convolution over steps on a picture": (
        (("x", "Input", {"shape": [8, 8, 3]}), ("bad", "Conv1D", "x", {"filters": 2, "kernel_size": 3})),
        r"Conv1D needs rows with 2 axes .steps and features.*Insert Reshape to \[8, 24\] before bad",
        [None, 6, 2],
    ),
    "lstm on lstm": (
        (
            ("x", "Input", {"shape": [6, 3]}),
            ("first", "LSTM", "x", {"units": 4}),
            ("bad", "LSTM", "first", {"units": 4}),
        ),
        "needs rows with 2 axes .steps and features.*Turn return_sequences on in first",
        [None, 4],
    ),
    "lstm on a picture": (
        (("x", "Input", {"shape": [8, 8, 1]}), ("bad", "LSTM", "x", {"units": 4})),
        r"Insert Reshape to \[8, 8\] before bad",
        [None, 4],
    ),
    "window too large": (
        (("x", "Input", {"shape": [2, 2, 1]}), ("bad", "Conv2D", "x", {"filters": 2, "kernel_size": 3})),
        r"Rows of shape \[2, 2, 1\] are smaller than its window.*Set padding to same",
        [None, 2, 2, 2],
    ),
    "pooling too large": (
        (("x", "Input", {"shape": [1, 1, 4]}), ("bad", "MaxPooling2D", "x", {"pool_size": 2})),
        "smaller than its window",
        [None, 1, 1, 4],
    ),
    "concatenate": (
        (
            ("x", "Input", {"shape": [4]}),
            ("y", "Input", {"shape": [5, 2]}),
            ("bad", "Concatenate", "x", "y", {}),
        ),
        r"shapes agree, but x gives \[4\], y gives \[5, 2\]. Insert Flatten before its inputs",
        [None, 14],
    ),
    "concatenate along another axis": (
        (
            ("x", "Input", {"shape": [4, 3]}),
            ("y", "Input", {"shape": [5, 3]}),
            ("bad", "Concatenate", "x", "y", {}),
        ),
        "Set axis to 1",
        [None, 9, 3],
    ),
    "add": (
        (("x", "Input", {"shape": [4]}), ("y", "Input", {"shape": [5]}), ("bad", "Add", "x", "y", {})),
        r"x gives \[4\], y gives \[5\]. Insert Dense\(4\)",
        [None, 4],
    ),
    "reshape": (
        (("x", "Input", {"shape": [64]}), ("bad", "Reshape", "x", {"target_shape": [3, 3]})),
        r"as many values as rows of shape \[64\], got \[3, 3\]. Set target_shape to \[-1\]",
        [None, 64],
    ),
    "time distributed": (
        (
            ("x", "Input", {"shape": [6]}),
            ("bad", "TimeDistributed", "x", {"layer": {"name": "Dense", "params": {"units": 2}}}),
        ),
        r"needs rows with steps and features, got rows of shape \[6\]",
        [None, 6, 2],
    ),
    "attention on rows": (
        (("x", "Input", {"shape": [6]}), ("bad", "Attention", "x", "x", {})),
        "Attention needs rows with 2 axes",
        [None, 6, 1],
    ),
    "groups": (
        (("x", "Input", {"shape": [8, 8, 3]}), ("bad", "Conv2D", "x", {"filters": 6, "kernel_size": 3, "groups": 2})),
        "do not divide the channels",
        [None, 6, 6, 6],
    ),
    "shared weights of another width": (
        (
            ("x", "Input", {"shape": [4]}),
            ("a", "Dense", "x", {"units": 5}),
            ("bad", "Dense", "a", {"units": 5, "shared_with": "a"}),
        ),
        "uses the weights of a, which are for 4 features",
        [None, 5],
    ),
    "axis": (
        (("x", "Input", {"shape": [4]}), ("bad", "BatchNormalization", "x", {"axis": 3})),
        "have no axis 3",
        [None, 4],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_keras_refuses_is_said_plainly_and_repaired(check, make, name):
    nodes, sentence, shape = REFUSED[name]
    project = make(*nodes, loss="mse")
    problem = only(check(project))
    assert problem.node == "bad"
    assert re.search(sentence, problem.message), problem.message
    assert "None" not in problem.message
    report = repaired(check, project)
    assert report.is_ok, [problem.message for problem in report.problems]
    assert shapes(report)["bad"] == shape


def test_an_open_axis_is_said(check, make):
    project = make(("x", "Input", {"shape": [None]}), ("bad", "Dense", "x", {"units": 2}), loss="mse")
    assert "bad: its weights need a known number of features, got rows of shape [any]" in only(check(project)).message


def test_under_a_broken_node_all_is_unknown_and_nothing_is_said_twice(check, make):
    project = make(
        ("x", "Input", {"shape": [64]}),
        ("bad", "Conv2D", "x", {"filters": 2, "kernel_size": 3}),
        ("flat", "Flatten", "bad", {}),
        ("out", "Dense", "flat", {"units": 10, "activation": "softmax"}),
    )
    report = check(project, facts())
    assert only(report).node == "bad"
    assert "expected min_ndim=4, found ndim=2" in only(report).details, "Keras's own words are kept"
    assert shapes(report) == {"x": [None, 64], "bad": None, "flat": None, "out": None}
    assert report.parameters is None


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
