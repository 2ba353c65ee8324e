"""Links, and what follows them outside of the graph: losses, metrics and columns that are kept by output."""

from __future__ import annotations

import pytest

from core import document, graph
from core.edits import Add, Connect, Disconnect, Remove, Rename, Set, SetParam, Together, apply, from_dict, to_dict
from core.edits.kinds import MAX_TOGETHER
from core.errors import SpecError


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


@pytest.fixture
def two_outputs():
    return document.from_dict(
        {
            "data": {"source": "digits", "targets": {"left": ["digit"], "right": ["digit"]}},
            "model": {
                "nodes": [
                    node("a", "Input", shape=[64]),
                    node("left", "Dense", "a", units=3),
                    node("right", "Dense", "a", units=1),
                    node("more", "Dense", units=5),
                    node("last", "Dense", "more", units=2),
                ],
                "outputs": ["left", "right"],
            },
            "compile": {
                "loss": {"left": "mse", "right": "mae"},
                "metrics": {"right": ["mae"]},
                "loss_weights": {"left": 2.0, "right": 0.5},
            },
        }
    )


def test_loss_weight_metrics_and_columns_go_on_with_the_output(two_outputs):
    after = apply(two_outputs, Connect(source="right", node="more"))
    assert after.model.outputs == ("left", "last")
    assert {name: loss.name for name, loss in after.compile.loss.items()} == {
        "left": "MeanSquaredError",
        "last": "MeanAbsoluteError",
    }
    assert after.compile.loss_weights == {"left": 2.0, "last": 0.5}
    assert list(after.compile.metrics) == ["last"]
    assert after.data.targets == {"left": ["digit"], "last": ["digit"]}


def test_a_link_from_what_is_no_output_leaves_the_losses_alone(two_outputs):
    after = apply(two_outputs, Connect(source="a", node="more"))
    assert (after.compile, after.data, after.model.outputs) == (
        two_outputs.compile,
        two_outputs.data,
        two_outputs.model.outputs,
    )


def test_of_two_results_of_one_layer_the_loss_stays_with_the_one_that_stays():
    project = document.from_dict(
        {
            "data": {"source": "digits"},
            "model": {
                "nodes": [node("a", "Input", shape=[5, 8]), node("lstm", "LSTM", "a", units=4), node("d", "Dense")],
                "outputs": ["lstm", "lstm:1"],
            },
            "compile": {"loss": {"lstm": "mse"}},
        }
    )
    after = apply(project, Connect(source="lstm:1", node="d"))
    assert after.model.outputs == ("lstm", "d")
    assert list(after.compile.loss) == ["lstm"]


def test_an_output_that_is_cut_away_takes_its_loss_along(two_outputs):
    after = apply(two_outputs, Remove(node="right", heal=False))
    assert after.model.outputs == ("left",)
    assert list(after.compile.loss) == ["left"]
    assert after.compile.loss_weights == {"left": 2.0}
    assert after.compile.metrics == ()


def test_a_layer_is_rewired_without_touching_the_rest(two_outputs):
    after = apply(apply(two_outputs, Connect(source="left", node="right")), Disconnect(node="right", link=0))
    nodes = graph.by_id(after.model)
    assert nodes["right"].inputs == ()
    assert nodes["left"] is graph.by_id(two_outputs.model)["left"]


def test_together_is_all_or_none(two_outputs):
    edits = (
        Rename(node="left", to="first"),
        Set(path="training.epochs", value=3),
        Add(layer="Dropout", id="drop", linked=False),
    )
    after = apply(two_outputs, Together(edits=edits))
    assert after.training.epochs == 3
    assert list(after.compile.loss) == ["first", "right"]
    with pytest.raises(SpecError, match="no layer 'left'"):
        apply(two_outputs, Together(edits=(*edits, SetParam(node="left", name="units", value=1))))
    assert two_outputs.training.epochs == 10


def test_an_edit_comes_back_from_json_as_it_was():
    edit = Together(
        edits=(
            Add(layer="Dense", id="x", linked=False, position=(1.5, -2)),
            Connect(source="a:1", node="x", slot=0),
            from_dict({"op": "place", "positions": {"x": [3, 4]}}),
            from_dict({"op": "set_block", "block": "b", "open": False}),
        )
    )
    assert from_dict(to_dict(edit)) == edit
    assert to_dict(edit)["edits"][0]["position"] == [1.5, -2.0]


def test_at_most_1000_edits_go_together():
    one = {"op": "tidy"}
    assert len(from_dict({"op": "together", "edits": [one] * MAX_TOGETHER}).edits) == 1000
    with pytest.raises(SpecError, match="at most 1000 items"):
        from_dict({"op": "together", "edits": [one] * (MAX_TOGETHER + 1)})


def test_a_name_with_html_is_refused_in_plain_words(two_outputs):
    with pytest.raises(SpecError, match="letters, digits and underscores only") as refused:
        from_dict({"op": "rename", "node": "left", "to": "<img src=x onerror=alert(1)>"})
    assert "<img" not in str(refused.value)
