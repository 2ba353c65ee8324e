"""Inputs that do not take what the data gives."""

from __future__ import annotations

import dataclasses

import pytest

from core import edits
from core.data.facts import Column
from core.validate import problems
from tests.validate.small import NODES, facts, node, only, pressed, project


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
