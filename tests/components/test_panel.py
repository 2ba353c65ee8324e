"""The parameter panel: what is selected can be changed, together where it is alike, and changed back."""

from __future__ import annotations

from tests.components.conftest import node


def test_a_changed_value_is_marked_and_goes_back_to_keras_default(opened, chain):
    page = opened(chain).select("dense_1")
    page.set("Units", 32)
    assert page.node("dense_1").params == {"units": 32, "activation": "relu"}
    assert page.node("dense_2").params["units"] == 16
    page.press("small[:gray[Reset]]")
    assert page.node("dense_1").params == {"units": 32}
    assert not page.has("Reset")
    assert page.field("Activation").value == "none"


def test_nothing_selected_says_what_to_do(opened, chain):
    page = opened(chain)
    assert page.says("No layer selected")
    assert not page.has("Delete")


def test_layers_of_one_kind_change_together_as_one_step(opened, chain):
    page = opened(chain).select("dense_1", "dense_2")
    units = page.field("Units")
    assert units.value is None
    assert units.placeholder == "mixed"
    assert page.field("Activation").value == "relu"
    page.set("Units", 24)
    assert [page.node(name).params["units"] for name in ("dense_1", "dense_2", "dense_3")] == [24, 24, 1]
    page.service.store.undo(page.id)
    assert [page.node(name).params["units"] for name in ("dense_1", "dense_2")] == [8, 16]


def test_layers_of_several_kinds_have_no_common_form(opened, chain):
    chain["model"]["nodes"].insert(2, node("drop", "Dropout", "dense_1", rate=0.5))
    page = opened(chain).select("dense_1", "drop")
    assert page.says("Select layers of one kind")
    assert not page.at.number_input
    page.press("Delete")
    assert [one.id for one in page.project.model.nodes] == ["input_1", "dense_2", "dense_3"]


def test_a_wrapped_layer_has_a_form_of_its_own(opened, chain):
    lstm = {"name": "LSTM", "params": {"units": 4}}
    chain["model"]["nodes"].insert(1, node("both_ways", "Bidirectional", "input_1", layer=lstm))
    page = opened(chain).select("both_ways")
    page.set("Units", 6)
    assert page.node("both_ways").params == {"layer": {"name": "LSTM", "params": {"units": 6}}}
    page.set("Layer", "GRU")
    assert page.node("both_ways").params["layer"]["name"] == "GRU"
    page.set("Merge mode", "sum")
    assert page.node("both_ways").params["layer"]["name"] == "GRU"
    assert page.node("both_ways").params["merge_mode"] == "sum"


def test_a_regularizer_keeps_its_strength_when_another_field_changes(opened, chain):
    chain["model"]["nodes"][1]["params"]["kernel_regularizer"] = {"name": "L2", "params": {"l2": 0.01}}
    page = opened(chain).select("dense_1")
    page.set("L2", 0.5)
    page.set("Units", 3)
    assert page.node("dense_1").params["kernel_regularizer"] == {"name": "L2", "params": {"l2": 0.5}}


def roles(page, name):
    """Unfold the links and weights; AppTest folds them again at each run."""
    page.at.session_state[f"roles.{name}"] = True
    return page.run()


def test_weights_are_shared_and_owned_again(opened, chain):
    page = roles(opened(chain).select("dense_2"), "dense_2")
    page.set("Weights", "dense_1")
    assert page.node("dense_2").shared_with == "dense_1"
    assert page.node("dense_2").params["units"] == 8
    roles(page, "dense_2").set("Weights", "its own")
    assert page.node("dense_2").shared_with is None
    assert page.node("dense_1").shared_with is None


def test_a_frozen_layer_says_so_and_thaws_without_a_trace(opened, chain):
    page = roles(opened(chain).select("dense_1"), "dense_1")
    page.set("Train the weights", False)
    assert page.node("dense_1").params["trainable"] is False
    assert page.says("frozen")
    roles(page, "dense_1").set("Train the weights", True)
    assert "trainable" not in page.node("dense_1").params
    assert not page.says("frozen")


def test_the_loss_may_see_a_second_layer(opened, chain):
    page = roles(opened(chain).select("dense_1"), "dense_1")
    page.set("The loss sees this layer", True)
    assert page.project.model.outputs == ("dense_3", "dense_1")
    roles(page, "dense_1").set("The loss sees this layer", False)
    assert page.project.model.outputs == ("dense_3",)


def test_a_block_is_made_repeated_and_dissolved(opened, chain):
    page = opened(chain).select("dense_1", "dense_2")
    page.press("Make a block")
    (block,) = page.project.model.blocks
    assert set(block.nodes) == {"dense_1", "dense_2"}
    page.set("Repeat", 3)
    page.set("Block's name", "encoder")
    assert [(block.id, block.repeat) for block in page.project.model.blocks] == [("encoder", 3)]
    assert not page.has("Make a block")
    page.press("Dissolve")
    assert page.project.model.blocks == ()
    assert len(page.project.model.nodes) == 4


def test_a_name_that_is_taken_is_refused_with_a_sentence(opened, chain):
    page = opened(chain).select("dense_1")
    page.set("Name", "dense_2")
    assert page.says("dense_2")
    assert [one.id for one in page.project.model.nodes] == ["input_1", "dense_1", "dense_2", "dense_3"]
    page.set("Name", "<b>1</b>")
    assert page.says("cannot be a name")
    assert page.field("Name").value == "dense_1"
    page.set("Name", "first")
    assert page.node("dense_2").inputs == ("first",)
    assert page.field("Name").value == "first"


def test_a_repeated_block_is_written_out_without_loss(opened, chain):
    chain["model"]["nodes"][2]["params"]["units"] = 8
    chain["model"]["blocks"] = [{"id": "twice", "nodes": ["dense_1", "dense_2"], "repeat": 2}]
    chain["model"]["nodes"][0]["params"]["shape"] = chain["data"]["shape"] = [8]
    page = opened(chain).select("dense_1", "dense_2")
    page.press("Write out")
    assert page.project.model.blocks == ()
    dense = [one for one in page.project.model.nodes if one.layer == "Dense"]
    assert len(dense) == 5
    assert [one.params["units"] for one in dense].count(8) == 4
    page.service.store.undo(page.id)
    assert len(page.project.model.nodes) == 4
