"""What Keras refuses: each is said plainly, pinned to its layer, and repaired."""

from __future__ import annotations

import re

import pytest

from tests.build.reports import facts, only, repaired, shapes

pytestmark = pytest.mark.keras

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
