"""Optimizer, loss, metrics and training that do not go with the data or with the last layer."""

from __future__ import annotations

import pytest

from core.data.facts import TargetFacts
from core.validate import problems
from tests.validate.small import NODES, ending, facts, node, only, pressed, project

COMPILE = {
    "optimizer": ({"optimizer": "Adamm"}, "compile.optimizer", 'Did you mean "Adam"?'),
    "learning rate": (
        {"optimizer": {"name": "SGD", "params": {"learning_rate": 0}}},
        "compile.optimizer.params.learning_rate",
        "SGD, learning_rate: needed",
    ),
    "loss": (
        {"loss": "sparse_categorical_crossentropie"},
        "compile.loss",
        'Did you mean "SparseCategoricalCrossentropy"?',
    ),
    "metric": ({"metrics": ["acuracy"]}, "compile.metrics.0", "No metric is called"),
    "formula": (
        {"loss": {"name": "custom", "source": "def loss(y_true, y_pred):\n    import os\n    return y_pred"}},
        "compile.loss.source",
        "Your own loss, line 2, column 5: `import` is not allowed",
    ),
    "formula as an optimizer": (
        {"optimizer": {"name": "custom", "source": "def f(y_true, y_pred): return y_pred"}},
        "compile.optimizer",
        "only a loss or a metric can be a formula",
    ),
}


@pytest.mark.parametrize("name", COMPILE)
def test_what_is_compiled_is_known(name):
    chosen, field, sentence = COMPILE[name]
    problem = only(project(**chosen))
    assert (problem.node, problem.field) == (None, field)
    assert sentence in problem.message
    if problem.fix:
        assert problems(pressed(project(**chosen), facts()), facts()) == []


LOSS = {
    "classes for a number": (
        "regression",
        ending(1),
        "sparse_categorical_crossentropy",
        "compares classes, but the target",
    ),
    "numbers for classes": (
        "classification",
        ending(10, "softmax"),
        "mse",
        "compares numbers, but the target 'digit' is one of 10",
    ),
    "too few units": (
        "classification",
        ending(7, "softmax"),
        "sparse_categorical_crossentropy",
        "needed 10 units, one for each class",
    ),
    "too many units for two classes": ("binary", ending(5, "sigmoid"), "binary_crossentropy", "needed one unit"),
    "too many units for a number": ("regression", ending(3), "mse", "needed one unit"),
    "no softmax": ("classification", ending(10), "sparse_categorical_crossentropy", "needed softmax for Sparse"),
    "relu before softmax loss": ("classification", ending(10, "relu"), "categorical_crossentropy", "needed softmax"),
    "no sigmoid": ("binary", ending(1), "binary_crossentropy", "needed sigmoid for BinaryCrossentropy, got linear"),
    "softmax over one": ("binary", ending(1, "softmax"), "binary_crossentropy", "softmax over one unit is always 1"),
    "softmax for a number": ("regression", ending(1, "softmax"), "mse", "softmax"),
    "sigmoid for a number": (
        "regression",
        ending(1, "sigmoid"),
        "mse",
        "needed linear so that any number can be predicted",
    ),
    "softmax twice": (
        "classification",
        ending(10, "softmax"),
        {"name": "SparseCategoricalCrossentropy", "params": {"from_logits": True}},
        "here it is done twice",
    ),
}


@pytest.mark.parametrize("name", LOSS)
def test_loss_and_last_layer_suit_the_data(name):
    task, nodes, loss, sentence = LOSS[name]
    known = facts(task, classes=2 if task == "binary" else 10)
    wrong = project(*nodes, loss=loss)
    problem = only(wrong, known)
    assert sentence in problem.message, problem.message
    assert problems(pressed(wrong, known), known) == []


FINE = {
    "one-hot loss": ("classification", ending(10, "softmax"), "categorical_crossentropy"),
    "logits": (
        "classification",
        ending(10),
        {"name": "SparseCategoricalCrossentropy", "params": {"from_logits": True}},
    ),
    "activation of its own": (
        "classification",
        (
            *ending(10)[:2],
            node("last", "Dense", "hidden", units=10),
            node("out", "Activation", "last", activation="softmax"),
        ),
        "sparse_categorical_crossentropy",
    ),
    "softmax layer": (
        "classification",
        (*ending(10)[:2], node("last", "Dense", "hidden", units=10), node("out", "Softmax", "last")),
        "sparse_categorical_crossentropy",
    ),
    "two units for two classes": ("binary", ending(2, "softmax"), "sparse_categorical_crossentropy"),
    "squares for two classes": ("binary", ending(1, "sigmoid"), "mse"),
    "positive numbers": ("regression", ending(1, "relu"), "mae"),
    "a loss of one's own": (
        "classification",
        ending(10),
        {
            "name": "custom",
            "source": "def loss(y_true, y_pred):\n    return tf.reduce_mean(tf.square(y_true - y_pred))",
        },
    ),
}


@pytest.mark.parametrize("name", FINE)
def test_what_works_is_not_refused(name):
    task, nodes, loss = FINE[name]
    assert problems(project(*nodes, loss=loss), facts(task, classes=2 if task == "binary" else 10)) == []


def test_metrics_suit_how_the_target_is_written():
    wrong = project(metrics=["categorical_accuracy"])
    assert "CategoricalAccuracy does not go with SparseCategoricalCrossentropy" in only(wrong, facts()).message
    assert pressed(wrong, facts()).compile.metrics[0].name == "SparseCategoricalAccuracy"
    error = project(metrics=["accuracy", "mae"])
    assert only(error, facts()).field == "compile.metrics.1"
    assert [one.name for one in pressed(error, facts()).compile.metrics] == ["SparseCategoricalAccuracy"]


def test_what_is_keyed_by_output_names_outputs():
    wrong = project(loss={"out": "sparse_categorical_crossentropy", "other": "mse"}, loss_weights={"nobody": 1.0})
    messages = [problem.message for problem in problems(wrong)]
    assert "compile.loss names 'other', which is no output. The outputs are out." in messages
    assert any("compile.loss_weights names 'nobody'" in message for message in messages)
    two = project(*NODES, outputs=("hidden", "out"), loss={"out": "sparse_categorical_crossentropy"})
    assert any("the output 'hidden' has no loss" in problem.message for problem in problems(two, facts()))


def test_each_output_is_checked_against_its_own_target():
    known = facts(targets=(TargetFacts("kind", "classification", 3), TargetFacts("size", "regression")))
    two = project(
        NODES[0],
        node("kind", "Dense", "x", units=3, activation="softmax"),
        node("size", "Dense", "x", units=2),
        outputs=("kind", "size"),
        data={"source": "digits", "targets": {"kind": ["kind"], "size": ["size"]}},
        loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
    )
    problem = only(two, known)
    assert (problem.node, problem.field) == ("size", "units")


def test_a_batch_has_no_more_rows_than_there_are():
    wrong = project(training={"batch_size": 100})
    known = facts(train=20)
    assert "there are 20 rows to train on, got 100" in only(wrong, known).message
    assert pressed(wrong, known).training.batch_size == 16
    assert problems(wrong, facts(train=100)) == []


def test_callbacks_watch_what_is_reported():
    def watching(monitor, **data):
        callbacks = [{"name": "EarlyStopping", "params": {"monitor": monitor} if monitor else {}}]
        return project(data={"source": "digits", **data}, metrics=["accuracy"], training={"callbacks": callbacks})

    assert problems(watching("val_sparse_categorical_accuracy"), facts()) == []
    unvalidated = watching(None, validation_fraction=0.0)
    assert "EarlyStopping watches val_loss, but no rows are held out" in only(unvalidated, facts(validation=0)).message
    assert problems(pressed(unvalidated, facts(validation=0)), facts(validation=0)) == []
    assert "watches 'val_acc', which this run does not report" in only(watching("val_acc"), facts()).message
