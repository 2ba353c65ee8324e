"""3,000 layers: an edit looks at each of them a few times, not at each pair."""

from __future__ import annotations

import sys

import pytest

from core import document, edits, graph
from core.edits import from_dict

EDITS = [
    {"op": "add", "layer": "Dense"},
    {"op": "add", "layer": "Dense", "after": "dense_50"},
    {"op": "add", "layer": "Dense", "linked": False},
    {"op": "insert_before", "node": "dense_50", "layer": "Dropout"},
    {"op": "remove", "node": "dense_50"},
    {"op": "remove", "node": "dense_1", "heal": False},
    {"op": "move", "node": "dense_50", "after": "dense_2"},
    {"op": "duplicate", "node": "dense_50"},
    {"op": "rename", "node": "dense_1", "to": "x"},
    {"op": "set_param", "node": "dense_50", "name": "units", "value": 3},
    {"op": "share", "node": "dense_50", "shared_with": None},
    {"op": "set_inputs", "node": "dense_90", "inputs": ["dense_3"]},
    {"op": "connect", "source": "dense_3", "node": "dense_90"},
    {"op": "disconnect", "node": "dense_90", "link": 0},
    {"op": "tidy"},
    {"op": "dissolve", "block": "b3"},
    {"op": "set_block", "block": "b3", "open": False},
    {"op": "set", "path": "training.epochs", "value": 3},
]


def project(layers):
    """A chain in which all share one layer's weights, each through the one before, in blocks of ten."""
    nodes = [{"id": "input_1", "layer": "Input", "params": {"shape": [8]}}]
    for number in range(1, layers):
        before = f"dense_{number - 1}" if number > 1 else "input_1"
        nodes.append({"id": f"dense_{number}", "layer": "Dense", "params": {"units": 8}, "inputs": [before]})
        nodes[-1] |= {"shared_with": before} if number > 1 else {}
    blocks = [
        {"id": f"b{number}", "nodes": [f"dense_{number * 10 + k}" for k in range(1, 11)]}
        for number in range(layers // 10 - 1)
    ]
    model = {"nodes": nodes, "outputs": [f"dense_{layers - 1}"], "blocks": blocks}
    return document.from_dict({"data": {"source": "digits"}, "model": model})


def calls(act):
    """How many functions of Python were called, generators' steps too: a measure of work that no busy machine bends."""
    count = 0

    def seen(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(seen)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def models():
    return project(300), project(3000)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: "-".join(map(str, edit.values())))
def test_ten_times_the_layers_are_ten_times_the_work(models, edit):
    small, large = (calls(lambda model=model: edits.apply(model, from_dict(edit))) for model in models)
    assert large < 13 * max(small, 500), f"{small:,} calls for 300 layers, {large:,} for 3,000"


def test_a_block_of_all_layers_is_made_in_one_walk(models):
    def made(model):
        free = model.model_copy(update={"model": model.model.model_copy(update={"blocks": ()})})
        names = [node.id for node in model.model.nodes[1:]]
        return calls(lambda: edits.apply(free, from_dict({"op": "make_block", "id": "all", "nodes": names})))

    small, large = map(made, models)
    assert large < 13 * small


def test_a_file_of_3000_layers_comes_back_as_it_was(models):
    large = models[1]
    assert document.load(document.dump(large)) == large
    assert len(graph.order(large.model)) == 3000
