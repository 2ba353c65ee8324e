from __future__ import annotations

import pytest

from core import graph
from core.errors import SpecError
from core.spec import ModelSpec, Node


def model(*links, outputs=()):
    nodes = tuple(
        Node(id=name, layer="Input" if not inputs else "Dense", inputs=tuple(inputs.split())) for name, inputs in links
    )
    return ModelSpec(nodes=nodes, outputs=outputs)


def ids(nodes):
    return [node.id for node in nodes]


def test_layers_stand_behind_what_feeds_them_and_otherwise_as_listed():
    listed = model(("c", "b"), ("a", ""), ("b", "a"), ("d", "a"))
    assert ids(graph.order(listed)) == ["a", "b", "c", "d"]
    already = model(("a", ""), ("x", "a"), ("b", "a"), ("y", "x b"))
    assert ids(graph.order(already)) == ids(already.nodes)


def test_a_circle_is_named_link_by_link():
    listed = model(("a", ""), ("b", "a d"), ("c", "b"), ("d", "c"), ("e", "d"))
    with pytest.raises(SpecError, match=r"in a circle: b → c → d → b. Remove one of these links"):
        graph.order(listed)
    assert ids(graph.sortable(listed)) == ["a"]
    assert graph.cycle(model(("a", ""), ("b", "a"))) == ()


def test_a_link_to_nowhere_and_a_second_output_do_not_disturb_the_order():
    listed = model(("b", "a:1 ghost"), ("a", ""))
    assert ids(graph.order(listed)) == ["a", "b"]
    assert graph.source("a:1") == ("a", 1)


def test_a_long_chain_is_ordered_without_recursion():
    links = [(f"n{index}", f"n{index - 1}" if index else "") for index in reversed(range(4000))]
    assert ids(graph.order(model(*links)))[:2] == ["n0", "n1"]


def test_what_reaches_the_output_and_what_hangs_loose():
    listed = model(("a", ""), ("b", "a"), ("c", "b"), ("loose", "a"), outputs=("c",))
    assert graph.reaching(listed, ["c"]) == {"a", "b", "c"}
    assert graph.reached(listed, ["b"]) == {"b", "c"}


@pytest.mark.parametrize(
    ("layer", "fresh"),
    [("Dense", "dense_2"), ("MaxPooling2D", "max_pooling2d_1"), ("LSTM", "lstm_1"), ("9√", "layer_1")],
)
def test_a_fresh_id_is_keras_like_and_free(layer, fresh):
    assert graph.fresh_id(model(("dense_1", "")), layer) == fresh


def test_a_chain_is_told_from_a_graph():
    assert graph.is_chain(model(("a", ""), ("b", "a"), outputs=("b",)))
    assert not graph.is_chain(model(("a", ""), ("b", "a"), ("c", "a b"), outputs=("c",)))
    assert not graph.is_chain(model(("a", ""), ("b", "a"), outputs=("a",)))


def test_shared_weights_have_one_owner():
    nodes = (
        Node(id="a", layer="Dense"),
        Node(id="b", layer="Dense", shared_with="a"),
        Node(id="c", layer="Dense", shared_with="b"),
        Node(id="x", layer="Dense", shared_with="y"),
        Node(id="y", layer="Dense", shared_with="x"),
    )
    spec = ModelSpec(nodes=nodes)
    assert graph.owner(spec, nodes[2]).id == "a"
    assert graph.sharing(spec, nodes[1]) == {"a", "b", "c"}
    with pytest.raises(SpecError, match=r"in a circle"):
        graph.owner(spec, nodes[3])
