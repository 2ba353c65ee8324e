from __future__ import annotations

import pytest

from core import document, edits, graph
from core.edits import (
    Add,
    Duplicate,
    InsertBefore,
    Move,
    Remove,
    Rename,
    ResetParam,
    Set,
    SetInputs,
    SetOutputs,
    SetParam,
    Share,
    apply,
)
from core.errors import SpecError
from core.problems import Fix, Problem


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


@pytest.fixture
def digits():
    return document.from_dict(
        {
            "data": {"source": "digits"},
            "model": {
                "nodes": [
                    node("input_1", "Input", shape=[64]),
                    node("dense_1", "Dense", "input_1", units=128, activation="relu"),
                    node("dense_2", "Dense", "dense_1", units=10, activation="softmax"),
                ],
                "outputs": ["dense_2"],
            },
            "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
        }
    )


@pytest.fixture
def two_outputs(digits):
    return document.from_dict(
        {
            **document.to_dict(digits),
            "model": {
                "nodes": [
                    node("a", "Input", shape=[4]),
                    node("left", "Dense", "a", units=3),
                    node("right", "Dense", "a", units=1),
                ],
                "outputs": ["left", "right"],
            },
            "compile": {
                "loss": {"left": "mse", "right": "mae"},
                "metrics": {"right": ["mae"]},
                "loss_weights": {"left": 2.0},
            },
        }
    )


def chain(project):
    """`input_1 > dense_1 > dense_2`, from the output upwards."""
    nodes, name, way = graph.by_id(project.model), project.model.outputs[0], []
    while name:
        way.append(name)
        name = (nodes[name].inputs or ("",))[0]
    return " > ".join(reversed(way))


def test_adding_goes_behind_the_output_and_takes_its_place(digits):
    after = apply(digits, Add(layer="dropout"))
    assert chain(after) == "input_1 > dense_1 > dense_2 > dropout_1"
    assert after.model.nodes[-1].layer == "Dropout"
    assert "rate" in after.model.nodes[-1].params, "a starting value is written down"
    assert chain(digits) == "input_1 > dense_1 > dense_2", "the old project is as it was"


def test_adding_behind_a_layer_stands_between_it_and_what_it_fed(digits):
    after = apply(digits, Add(layer="Dense", params={"units": 7}, after="dense_1"))
    assert chain(after) == "input_1 > dense_1 > dense_3 > dense_2"
    assert graph.by_id(after.model)["dense_3"].params["units"] == 7
    assert [one.id for one in after.model.nodes] == ["input_1", "dense_1", "dense_3", "dense_2"]


def test_the_first_layer_gets_an_input_to_stand_on(digits):
    empty = apply(digits, Set(path="name", value="Empty")).model_copy(update={"model": type(digits.model)()})
    assert chain(apply(empty, Add(layer="Dense"))) == "input_1 > dense_1"
    assert apply(empty, Add(layer="Input")).model.outputs == ("input_1",)


def test_a_second_input_stands_alone(digits):
    after = apply(digits, Add(layer="Input"))
    assert after.model.outputs == ("dense_2",)
    assert graph.by_id(after.model)["input_2"].inputs == ()


def test_attention_attends_to_the_layer_before_it(digits):
    after = apply(digits, Add(layer="Attention", after="input_1"))
    assert graph.by_id(after.model)["attention_1"].inputs == ("input_1", "input_1")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Add(layer="Dens"), "Did you mean .Dense"),
        (Add(layer="Lambda"), "Lambda cannot be added"),
        (Add(layer="Dense", after="dense_9"), "no layer 'dense_9' in this model. Did you mean"),
        (Add(layer="Dense", id="dense_1"), "another layer is called 'dense_1' already"),
        (Remove(node="nobody"), "no layer 'nobody'"),
        (InsertBefore(node="input_1", layer="Flatten"), "nothing can feed an Input"),
        (Move(node="input_1"), "no place in a chain"),
        (Rename(node="dense_1", to="dense_2"), "another layer is called 'dense_2'"),
        (SetParam(node="dense_1", name="unitz", value=3), "no parameter `unitz`. Did you mean `units`"),
        (SetInputs(node="dense_1", inputs=("dense_2",)), "in a circle"),
        (SetInputs(node="dense_1", inputs=("dense_1",)), "cannot feed itself"),
        (SetInputs(node="input_1", inputs=("dense_1",)), "no layer can feed it"),
        (SetOutputs(outputs=("dense_7",)), "no layer 'dense_7'"),
        (Share(node="dense_1", shared_with="input_1"), "cannot use the weights"),
        (Set(path="training.epochs", value=0), "training.epochs: needed"),
        (Set(path="training.epoch", value=3), "no such field"),
        (Set(path="model.nodes", value=[]), "begins with one of name"),
        (Set(path="compile.nothing.here", value=1), "no 'nothing'"),
        (Set(path="version", value=2), "begins with one of"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(digits, edit, sentence):
    with pytest.raises(SpecError, match=sentence):
        apply(digits, edit)


def test_removing_heals_the_chain_and_moves_the_output(digits):
    assert chain(apply(digits, Remove(node="dense_1"))) == "input_1 > dense_2"
    assert chain(apply(digits, Remove(node="dense_2"))) == "input_1 > dense_1"
    assert apply(digits, Remove(node="input_1")).model.nodes[0].inputs == ()


def test_removing_under_a_merge_keeps_both_of_its_ways(digits):
    split = edits.applied(
        digits,
        [
            Add(layer="Dense", after="dense_2"),
            Add(layer="Add", after="dense_3"),
            SetInputs(node="add_1", inputs=("dense_2", "dense_3")),
            Remove(node="dense_3"),
        ],
    )
    assert graph.by_id(split.model)["add_1"].inputs == ("dense_2", "dense_2")


def test_removing_an_output_takes_its_loss_along(two_outputs):
    after = apply(apply(two_outputs, Add(layer="Dropout", after="right")), Remove(node="left"))
    assert after.model.outputs == ("dropout_1",), "an Input is no result"
    assert set(after.compile.loss) == {"dropout_1"}
    assert after.compile.loss_weights is None
    assert set(after.compile.metrics) == {"dropout_1"}


def test_removing_the_owner_of_shared_weights_leaves_them_to_the_next(digits):
    shared = edits.applied(digits, [Duplicate(node="dense_1"), Share(node="dense_3", shared_with="dense_1")])
    after = apply(shared, Remove(node="dense_1"))
    heir = graph.by_id(after.model)["dense_3"]
    assert (heir.shared_with, heir.params["units"]) == (None, 128)


def test_inserting_before_changes_one_link_only(two_outputs):
    after = apply(two_outputs, InsertBefore(node="left", layer="Flatten"))
    nodes = graph.by_id(after.model)
    assert nodes["left"].inputs == ("flatten_1",)
    assert nodes["right"].inputs == ("a",)


def test_moving_reorders_a_chain(digits):
    grown = edits.applied(digits, [Add(layer="Dropout"), Move(node="dropout_1", after="dense_1")])
    assert chain(grown) == "input_1 > dense_1 > dropout_1 > dense_2"
    assert chain(apply(grown, Move(node="dropout_1"))) == "input_1 > dropout_1 > dense_1 > dense_2"
    assert chain(apply(grown, Move(node="dense_1", after="dense_2"))) == "input_1 > dropout_1 > dense_2 > dense_1"
    assert apply(grown, Move(node="dropout_1", after="dropout_1")) == grown


def test_duplicating_copies_the_parameters(digits):
    after = apply(digits, Duplicate(node="dense_2"))
    assert chain(after) == "input_1 > dense_1 > dense_2 > dense_3"
    assert graph.by_id(after.model)["dense_3"].params == {"units": 10, "activation": "softmax"}


def test_renaming_is_followed_everywhere(two_outputs):
    shared = apply(two_outputs, Add(layer="Dense", after="left", id="tail"))
    after = edits.applied(shared, [Rename(node="tail", to="end"), Rename(node="a", to="rows")])
    assert after.model.outputs == ("end", "right")
    assert set(after.compile.loss) == {"end", "right"}
    assert after.compile.loss_weights == {"end": 2.0}
    assert graph.by_id(after.model)["left"].inputs == ("rows",)
    assert '"tail"' not in document.dump(after)


def test_a_second_output_of_a_layer_stays_the_second_when_it_is_renamed(digits):
    linked = apply(digits, SetInputs(node="dense_2", inputs=("dense_1:1",)))
    assert graph.by_id(apply(linked, Rename(node="dense_1", to="cell")).model)["dense_2"].inputs == ("cell:1",)


def test_parameters_are_set_and_reset(digits):
    wrong = apply(digits, SetParam(node="dense_1", name="units", value=-4))
    assert graph.by_id(wrong.model)["dense_1"].params["units"] == -4, "kept, so that the page can show what is wrong"
    nodes = graph.by_id(
        edits.applied(wrong, [ResetParam(node="dense_1", name=name) for name in ("units", "activation")]).model
    )
    assert nodes["dense_1"].params == {"units": 32}


def test_layers_that_share_weights_change_together(digits):
    shared = edits.applied(digits, [Duplicate(node="dense_1"), Share(node="dense_3", shared_with="dense_1")])
    nodes = graph.by_id(apply(shared, SetParam(node="dense_3", name="units", value=9)).model)
    assert nodes["dense_1"].params == nodes["dense_3"].params
    assert nodes["dense_1"].params["units"] == 9
    assert nodes["dense_2"].params["units"] == 10


def test_fields_are_set_by_path_and_written_in_full(digits):
    after = edits.applied(
        digits,
        [
            Set(path="compile.optimizer", value="rmsprop"),
            Set(path="compile.optimizer.params.learning_rate", value=0.5),
            Set(path="compile.metrics.0", value="top_k_categorical_accuracy"),
            Set(path="training.batch_size", value=8),
            Set(path="name", value="New"),
        ],
    )
    assert (after.compile.optimizer.name, after.compile.optimizer.params) == ("RMSprop", {"learning_rate": 0.5})
    assert after.compile.metrics[0].name == "TopKCategoricalAccuracy"
    assert (after.training.batch_size, after.name) == (8, "New")


def test_another_source_drops_the_fields_of_the_old_one(digits):
    spiral = edits.applied(
        digits, [Set(path="data.seed", value=7), Set(path="data", value={"source": "spiral", "noise": 0.3})]
    )
    after = apply(spiral, Set(path="data.source", value="iris"))
    assert after.data.source == "iris"
    assert "noise" not in after.data.model_dump()


def test_an_edit_and_a_problem_survive_json():
    edit = Add(layer="Dense", params={"units": 3}, after="a")
    assert edits.to_dict(edit) == {"op": "add", "layer": "Dense", "params": {"units": 3}, "after": "a"}
    problem = Problem("a", "units", "Wrong.", Fix("Repair it", (edit, Remove(node="b"))), "words")
    assert Problem.from_dict(problem.to_dict()) == problem
    for bad in ({"op": "explode"}, {"op": "remove"}, {"op": "remove", "node": "a b"}, [], None):
        with pytest.raises(SpecError, match="this edit cannot be done"):
            edits.from_dict(bad)
