"""Blocks: what can be repeated is written out, what cannot is said and repaired."""

from __future__ import annotations

import pytest

from core import blocks, document, edits, graph
from core.errors import SpecError
from core.problems import Problem
from core.validate import problems


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


RESIDUAL = (
    node("x", "Input", shape=[64]),
    node("inner", "Dense", "x", units=64, activation="relu"),
    node("sum", "Add", "x", "inner"),
    node("out", "Dense", "sum", units=10, activation="softmax"),
)


def project(*nodes, made=(), outputs=("out",)):
    return document.from_dict(
        {
            "data": {"source": "digits"},
            "model": {"nodes": list(nodes or RESIDUAL), "outputs": list(outputs), "blocks": list(made)},
            "compile": {"loss": "sparse_categorical_crossentropy"},
        }
    )


def block(*nodes, repeat=3, name="block_1"):
    return {"id": name, "nodes": list(nodes), "repeat": repeat}


def test_each_copy_is_fed_by_the_one_before():
    model = project(made=[block("inner", "sum")]).model
    whole = blocks.expand(model)
    assert [one.id for one in whole.nodes] == ["x", "inner_1", "sum_1", "inner_2", "sum_2", "inner", "sum", "out"]
    fed = {one.id: one.inputs for one in whole.nodes}
    assert fed["sum_1"] == ("x", "inner_1")
    assert fed["sum_2"] == ("sum_1", "inner_2")
    assert fed["sum"] == ("sum_2", "inner")
    assert whole.blocks == ()
    originals = blocks.copies(model)
    assert sorted(originals) == sorted(fed)
    assert [name for name, original in originals.items() if original == "sum"] == ["sum_1", "sum_2", "sum"]
    assert whole.outputs == ("out",), "what leaves the block keeps its name, so nothing outside has to change"


def test_a_chain_stays_a_chain_and_names_stay_free():
    model = project(
        RESIDUAL[0],
        node("a", "Dense", "x", units=64),
        node("a_1", "Dense", "a", units=64),
        node("out", "Dense", "a_1", units=10),
        made=[block("a", "a_1")],
    ).model
    whole = blocks.expand(model)
    assert graph.is_chain(whole)
    assert len({one.id for one in whole.nodes}) == len(whole.nodes) == 8


def test_a_block_behind_a_block_and_an_output_in_a_block():
    model = project(
        RESIDUAL[0],
        node("a", "Dense", "x", units=64),
        node("b", "Dense", "a", units=64),
        made=[block("a", repeat=2), block("b", repeat=2, name="block_2")],
        outputs=("b",),
    ).model
    whole = blocks.expand(model)
    assert [(one.id, one.inputs) for one in whole.nodes] == [
        ("x", ()),
        ("a_1", ("x",)),
        ("a", ("a_1",)),
        ("b_1", ("a",)),
        ("b", ("b_1",)),
    ]
    assert whole.outputs == ("b",)


def test_weights_are_shared_within_a_copy_and_not_between_copies():
    twin = {**node("twin", "Dense", "first"), "shared_with": "first"}
    model = project(
        RESIDUAL[0],
        node("first", "Dense", "x", units=64),
        twin,
        node("out", "Dense", "twin", units=10),
        made=[block("first", "twin", repeat=2)],
    ).model
    owners = {one.id: graph.owner(blocks.expand(model), one).id for one in blocks.expand(model).nodes}
    assert (owners["twin_1"], owners["twin"]) == ("first_1", "first")


def test_a_sound_block_has_no_problems():
    assert problems(project(made=[block("inner", "sum")])) == []
    assert problems(project(made=[block("out", repeat=1)])) == []
    assert blocks.expand(project().model) == project().model


WRONG = {
    "a layer is missing": (
        RESIDUAL,
        [block("inner", "sum", "ghost")],
        "nodes",
        r"block_1: its layer 'ghost' is not in this model",
    ),
    "all layers are missing": (RESIDUAL, [block("ghost")], "nodes", "its layer 'ghost' is not in this model"),
    "a layer in two blocks": (
        RESIDUAL,
        [block("inner", "sum"), block("sum", "out", name="block_2", repeat=1)],
        "nodes",
        "block_2: sum is in the block block_1 too",
    ),
    "two ways in": (
        (RESIDUAL[0], node("y", "Dense", "x", units=64), RESIDUAL[1], node("sum", "Add", "y", "inner"), RESIDUAL[3]),
        [block("inner", "sum")],
        "repeat",
        "needs one layer outside that feeds it, and it is fed by x and y. Change its links, or set repeat to 1",
    ),
    "two ways out": (
        (
            *RESIDUAL[:3],
            node("more", "Add", "inner", "sum"),
            node("out", "Dense", "more", units=10, activation="softmax"),
        ),
        [block("inner", "sum")],
        "repeat",
        "needs one result that leaves it, and it is left through inner and sum",
    ),
    "not linked": (
        (
            RESIDUAL[0],
            node("a", "Dense", "x", units=64),
            node("b", "Dense", "x", units=64),
            node("c", "Add", "a", "b"),
            node("out", "Dense", "c", units=10, activation="softmax"),
        ),
        [block("a", "b")],
        "repeat",
        "its layers are not linked to each other",
    ),
    "an Input in it": (RESIDUAL, [block("x", "inner", "sum")], "repeat", "an Input is in it, and rows come in once"),
    "the name of a layer": (
        RESIDUAL,
        [block("inner", "sum", name="out")],
        "id",
        "a layer or another block has this name",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_block_is_said_once_and_every_repair_works(name):
    nodes, made, field, sentence = WRONG[name]
    wrong = project(*nodes, made=made)
    (problem,) = problems(wrong)
    assert (problem.node, problem.field) == (made[-1]["id"], field)
    assert sentence in problem.message
    assert problem.fixes
    for fix in problem.fixes:
        repaired = wrong
        for edit in fix.edits:
            repaired = edits.apply(repaired, edit)
        assert problems(repaired) == [], fix.label
    assert Problem.from_dict(problem.to_dict()) == problem


def test_what_cannot_be_repeated_is_refused_or_left_single():
    model = project(made=[block("x", "inner", "sum"), block("out", name="block_2", repeat=2)]).model
    with pytest.raises(SpecError, match="block_1: an Input is in it"):
        blocks.expand(model)
    assert len(blocks.expand(blocks.sound(model)).nodes) == 5, "the other block is repeated all the same"


def test_a_bomb_of_repeats_is_refused_before_it_is_written_out():
    chain = [node(f"d{i}", "Dense", f"d{i - 1}" if i else "x", units=64) for i in range(60)]
    last = node("out", "Dense", "d59", units=10, activation="softmax")
    bomb = project(RESIDUAL[0], *chain, last, made=[block(*(one["id"] for one in chain), repeat=100)])
    (problem,) = problems(bomb)
    assert "the model would have 6,002 layers; at most 5,000 fit" in problem.message
