"""Whatever a project file may say, the checks and their repairs do not break, and stay quick."""

from __future__ import annotations

import random

from core import document, edits
from core.validate import problems
from tests.validate.small import facts, node, project


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
    for seed in range(400):
        wrong = scrambled(random.Random(seed))
        known = random.Random(seed).choice(
            (None, facts(), facts("regression"), facts("binary", 2), facts(shape=(8, 8, 1)))
        )
        for problem in problems(wrong, known):
            assert problem.message.endswith((".", "?", "]")), problem.message
            if problem.fix:
                edits.applied(wrong, problem.fix.edits)
