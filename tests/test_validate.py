from __future__ import annotations

import dataclasses

import pytest

from core import document, edits
from core.data.facts import Column, DataFacts, TargetFacts
from core.spec import Node
from core.validate import problems


def facts(task="classification", classes=10, shape=(64,), names=(), targets=(), **parts):
    return DataFacts(
        source="digits",
        title="Digits",
        rows=1000,
        task=task,
        feature_shape=shape,
        feature_names=names,
        classes=None if task == "regression" else classes,
        class_names=(),
        kind="image",
        target_name="digit",
        parts={"train": 800, "validation": 200, "test": 0, **parts},
        targets=targets,
    )


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


NODES = (
    node("x", "Input", shape=[64]),
    node("hidden", "Dense", "x", units=32, activation="relu"),
    node("out", "Dense", "hidden", units=10, activation="softmax"),
)


def project(*nodes, outputs=("out",), data=None, training=None, **compile_):
    return document.from_dict(
        {
            "data": data or {"source": "digits"},
            "model": {"nodes": list(nodes or NODES), "outputs": list(outputs)},
            "compile": {"loss": "sparse_categorical_crossentropy", **compile_},
            "training": training or {},
        }
    )


def ending(units, activation=None):
    return (NODES[0], NODES[1], node("out", "Dense", "hidden", units=units, activation=activation or "linear"))


def only(wrong, known=None):
    found = problems(wrong, known)
    assert len(found) == 1, [problem.message for problem in found]
    return found[0]


def pressed(wrong, known=None, times=1):
    """The project after its first fix was pressed."""
    for _ in range(times):
        fix = problems(wrong, known)[0].fix
        assert fix is not None
        wrong = edits.applied(wrong, fix.edits)
    return wrong


def test_a_sound_project_has_no_problems():
    assert problems(project(metrics=["accuracy"]), facts()) == []
    assert problems(project(metrics=["accuracy"])) == []


GRAPH = {
    "an unknown input": (
        (*NODES[:2], node("out", "Dense", "hiden", units=10, activation="softmax")),
        "out: its input 'hiden' is no layer of this model",
    ),
    "a layer that feeds itself": (
        (*NODES, node("add", "Add", "out", "add")),
        "add: it feeds itself. Remove this link",
    ),
    "a circle": (
        (NODES[0], node("hidden", "Add", "x", "out"), node("out", "Dense", "hidden", units=10, activation="softmax")),
        "in a circle: hidden → out → hidden",
    ),
    "a layer without input": (
        (*NODES[:2], node("lost", "Dense", units=3), node("out", "Dense", "hidden", units=10, activation="softmax")),
        "lost: Dense takes one input, and it has no input. Link a layer to it",
    ),
    "too many inputs": (
        (*NODES[:2], node("out", "Dense", "hidden", "x", units=10, activation="softmax")),
        "out: Dense takes one input, and it has 2 inputs. Remove some links, or join them with Concatenate",
    ),
    "a merge of one": (
        (*NODES[:2], node("one", "Add", "hidden"), node("out", "Dense", "one", units=10, activation="softmax")),
        "one: Add takes at least 2 inputs, and it has one input",
    ),
    "attention to three too many": (
        (*NODES, node("a", "Attention", "out", "out", "out", "out")),
        "a: Attention takes 2 to 3 inputs, and it has 4 inputs",
    ),
    "an input that is fed": (
        (node("y", "Input", shape=[64]), node("x", "Input", "y", shape=[64]), *NODES[1:]),
        "x: Input takes no input, and it has one input. Remove its links",
    ),
    "a loose end": (
        (*NODES, node("loose", "Dense", "hidden", units=3)),
        "loose: nothing that it gives reaches the output",
    ),
    "one name twice": ((*NODES, node("hidden", "Dense", "x", units=3)), "hidden: two layers have this name"),
    "no input": (NODES[1:], "The model has no Input, so the data has nowhere to enter"),
    "unknown layer": (
        (NODES[0], node("hidden", "Dens", "x", units=3), NODES[2]),
        'hidden: no layer is called "Dens". Did you mean "Dense"',
    ),
    "a layer that runs code": (
        (NODES[0], node("hidden", "Lambda", "x"), NODES[2]),
        "hidden: Lambda cannot be used here. ",
    ),
}


@pytest.mark.parametrize("name", GRAPH)
def test_faults_of_the_graph_are_said_and_repaired(name):
    nodes, sentence = GRAPH[name]
    wrong = project(*nodes)
    found = problems(wrong)
    assert any(sentence in problem.message for problem in found), [problem.message for problem in found]
    for _ in range(5):
        fix = next((problem.fix for problem in problems(wrong) if problem.fix), None)
        wrong = edits.applied(wrong, fix.edits) if fix else wrong
    assert problems(wrong) == []


def test_an_empty_model_begins_with_an_input_of_the_data_s_shape():
    empty = project(*NODES).model_copy(update={"model": type(project().model)()})
    assert only(empty, facts()).message == "The model has no layers. Add an Input to begin."
    assert pressed(empty, facts()).model.nodes[0].params == {"shape": [64]}


def test_outputs_have_to_be_there():
    assert only(project(outputs=())).fix.label == "Use out"
    assert "The output 'end' is no layer of this model" in only(project(outputs=("end",))).message
    assert pressed(project(outputs=("end",))).model.outputs == ("out",)


def test_weights_are_shared_with_a_layer_of_the_same_kind():
    def sharing(with_whom, layer="Dense", **params):
        base = project(
            *NODES[:2], node("twin", layer, "hidden"), node("out", "Dense", "twin", units=10, activation="softmax")
        )
        nodes = [
            Node(id=one.id, layer=one.layer, params=params or one.params, inputs=one.inputs, shared_with=with_whom)
            if one.id == "twin"
            else one
            for one in base.model.nodes
        ]
        return base.model_copy(update={"model": base.model.model_copy(update={"nodes": tuple(nodes)})})

    assert problems(sharing("hidden")) == []
    assert "no node 'ghost' to share weights with" in only(sharing("ghost")).message
    assert "a Flatten cannot use the weights of hidden, a Dense" in only(sharing("hidden", "Flatten")).message
    differing = sharing("hidden", units=5)
    assert "its parameters have to be the same" in only(differing).message
    assert problems(pressed(differing)) == []


PARAMS = {
    "too small": ({"units": 0}, "units", "hidden, units: needed a whole number of at least 1, got 0.", {"units": 32}),
    "a word": ({"units": "many"}, "units", "hidden, units: needed a whole number", {"units": 32}),
    "missing": ({}, "units", "hidden, units: Dense needs `units`", {"units": 32}),
    "misspelt": ({"unitz": 7}, "unitz", "Dense has no parameter `unitz`. Did you mean `units`?", {"units": 7}),
    "unknown name": (
        {"units": 3, "activation": "rellu"},
        "activation",
        'hidden, activation: no activation is called "rellu". Did you mean "relu"?',
        {"units": 3},
    ),
    "nested": (
        {"units": 3, "kernel_regularizer": {"name": "L2", "params": {"l2": -1}}},
        "kernel_regularizer",
        "in L2, `l2`: needed a number",
        {"units": 3},
    ),
    "monster": ({"units": 200_000_000}, "units", "needed at most 10,000,000, got 200,000,000", {"units": 128}),
}


@pytest.mark.parametrize("name", PARAMS)
def test_parameters_obey_their_rules(name):
    params, field, sentence, repaired = PARAMS[name]
    wrong = project(NODES[0], node("hidden", "Dense", "x", **params), NODES[2])
    problem = next(problem for problem in problems(wrong) if problem.field == field)
    assert problem.node == "hidden"
    assert sentence in problem.message
    for _ in range(2):
        fix = next((problem.fix for problem in problems(wrong)), None)
        wrong = edits.applied(wrong, fix.edits) if fix else wrong
    assert wrong.model.nodes[1].params == repaired


def test_all_faults_come_at_once():
    wrong = project(
        NODES[0],
        node("hidden", "Dense", "x", units=0, activation="nope"),
        node("loose", "Flatten", "x"),
        node("out", "Dense", "hidden", units=3),
        optimizer="Adamm",
        metrics=["no_such"],
        training={"batch_size": 900, "callbacks": [{"name": "EarlyStopping", "params": {"monitor": "val_los"}}]},
    )
    fields = [problem.field for problem in problems(wrong, facts())]
    for field in ("units", "activation", None, "compile.optimizer", "compile.metrics.0", "training.batch_size"):
        assert field in fields
    assert fields.count("units") == 2, "one for the hidden layer, one for the last"


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


def test_inputs_have_the_shape_of_the_data():
    wrong = project(node("x", "Input", shape=[784]), *NODES[1:])
    message = "x, shape: a row of the data has shape [8, 8, 1] (64 values), got [784]. Set the shape to [8, 8, 1]."
    assert only(wrong, facts(shape=(8, 8, 1))).message == message
    assert problems(pressed(wrong, facts(shape=(8, 8, 1))), facts(shape=(8, 8, 1))) == []
    assert problems(project(*NODES), facts(shape=(8, 8, 1))) == [], "64 values may be a row or a picture"


def test_columns_are_mapped_to_inputs():
    nodes = (
        node("a", "Input", shape=[2]),
        node("b", "Input", shape=[1]),
        node("both", "Concatenate", "a", "b"),
        node("out", "Dense", "both", units=10, activation="softmax"),
    )
    columns = (Column("age"), Column("town", "category", categories=("A", "B")))
    known = dataclasses.replace(facts(shape=(3,)), columns=columns)
    assert problems(project(*nodes, data={"source": "iris", "inputs": {"a": ["town"], "b": ["age"]}}), known) == []
    swapped = project(*nodes, data={"source": "iris", "inputs": {"a": ["age"], "b": ["town"]}})
    assert {problem.node for problem in problems(swapped, known)} == {"a", "b"}
    stray = project(*nodes, data={"source": "iris", "inputs": {"a": ["town"], "c": ["age"]}})
    messages = " ".join(problem.message for problem in problems(stray, known))
    assert "data.inputs names 'c', which is no Input" in messages
    assert "b: data.inputs gives it no columns" in messages


def test_problems_come_fast_for_a_large_model():
    nodes = [node("x", "Input", shape=[64])]
    nodes += [node(f"d{index}", "Dense", f"d{index - 1}" if index else "x", units=4) for index in range(3000)]
    assert problems(project(*nodes, outputs=("d2999",), loss="mse")) == []


VALUES = (
    None,
    True,
    -1,
    0,
    3,
    2**40,
    0.5,
    1e308,
    "",
    "relu",
    "nope",
    [],
    [3, 3],
    [None],
    [[1], {}],
    {},
    {"name": "L2"},
)
CHOICES = (
    "Dense",
    "Conv2D",
    "Input",
    "Add",
    "Attention",
    "LSTM",
    "Bidirectional",
    "Embedding",
    "Lambda",
    "√",
    "Softmax",
)


def scrambled(random):
    """A project that pydantic takes and nobody meant."""
    ids = ["x", "a", "b", "c", "out", "a"]
    nodes = [
        {
            "id": name,
            "layer": random.choice(CHOICES),
            "params": {
                random.choice(("units", "shape", "activation", "layer", "axis", "kernel_size", "u")): random.choice(
                    VALUES
                )
                for _ in range(random.randrange(3))
            },
            "inputs": [random.choice([*ids, "ghost", "a:1"]) for _ in range(random.randrange(3))],
            "shared_with": random.choice((None, None, None, "a", "b", "ghost")),
        }
        for name in random.sample(ids, random.randrange(len(ids)))
    ]
    choices = ("adam", "mse", "nothing", "sparse_categorical_crossentropy", "binary_crossentropy", "hinge")
    return document.from_dict(
        {
            "data": {
                "source": "digits",
                "inputs": random.choice((None, {"x": ["u"]}, {"q": []})),
                "targets": {"out": ["s"]},
            },
            "model": {"nodes": nodes, "outputs": random.sample([*ids, "ghost", "a:7"], random.randrange(3))},
            "compile": {
                "optimizer": {"name": random.choice(choices), "params": {"learning_rate": random.choice(VALUES)}},
                "loss": random.choice((random.choice(choices), {"out": random.choice(choices)})),
                "metrics": random.choice(([random.choice(choices)], {"a": ["mae"]})),
            },
            "training": {
                "callbacks": [
                    {"name": random.choice(("EarlyStopping", "x")), "params": {"monitor": random.choice(VALUES)}}
                ]
            },
        }
    )


def test_nothing_that_a_file_can_say_breaks_the_checks_or_the_repairs():
    import random

    for seed in range(400):
        wrong = scrambled(random.Random(seed))
        known = random.Random(seed).choice(
            (None, facts(), facts("regression"), facts("binary", 2), facts(shape=(8, 8, 1)))
        )
        for problem in problems(wrong, known):
            assert problem.message.endswith((".", "?", "]")), problem.message
            if problem.fix:
                edits.applied(wrong, problem.fix.edits)


WORDS = (
    node("x", "Input", shape=[5]),
    node("words", "Embedding", "x", input_dim=12, output_dim=4),
    node("flat", "Flatten", "words"),
    node("out", "Dense", "flat", units=10, activation="softmax"),
)
TEXTS = {"source": "csv", "path": "t.csv", "target": "mood", "text": {"column": "said"}}


@pytest.mark.parametrize("data", [TEXTS, {"source": "sentences"}], ids=["own", "letters"])
def test_an_embedding_smaller_than_the_vocabulary_is_repaired_from_either_side(data):
    known = dataclasses.replace(facts(shape=(5,)), kind="text", tokens=40)
    found = [problem for problem in problems(project(*WORDS, data=data), known) if problem.node == "words"]
    assert [problem.field for problem in found] == ["input_dim"]
    assert "input_dim=12, but the words of this data are numbers from 0 to 39" in found[0].message
    repaired = edits.applied(project(*WORDS, data=data), found[0].fix.edits)
    assert not problems(repaired, known)
    fewer = [fix for fix in found[0].fixes if fix.label == "Know 12 words"]
    assert len(fewer) == ("text" in data), "only the user's own texts can have fewer words"
    if fewer:
        assert edits.applied(project(*WORDS, data=data), fewer[0].edits).data.text.max_tokens == 12
    assert not problems(project(*WORDS, data=data), dataclasses.replace(known, tokens=12))
