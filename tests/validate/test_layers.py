"""Faults of the graph and of what its layers are given: each is said, pinned to its layer, and repaired."""

from __future__ import annotations

import pytest

from core import edits
from core.spec import Node
from core.validate import problems
from tests.validate.small import NODES, facts, node, only, pressed, project


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
