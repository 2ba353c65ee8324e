"""The list of problems: by layer and part, with a way there and every repair."""

from __future__ import annotations


def test_problems_stand_with_their_layer_and_lead_to_it(opened, chain):
    chain["model"]["nodes"][1]["params"]["units"] = 0
    chain["training"] = {"batch_size": 5000}
    page = opened(chain)
    page.press("**dense_1**")
    assert page.at.session_state["eagerly"].selection == ("dense_1",)
    assert page.field("Units").value == 0
    assert not page.has("**dense_2**")


def test_repair_all_is_one_step(opened, chain):
    chain["model"]["nodes"][1]["inputs"] = ["gone"]
    chain["model"]["nodes"][2]["inputs"] = ["dense_1", "lost"]
    page = opened(chain)
    before = page.project
    page.at.button(key=next(button.key for button in page.at.button if button.label.startswith("Repair all"))).click()
    page.run()
    assert page.node("dense_1").inputs != ("gone",)
    assert "lost" not in page.node("dense_2").inputs
    page.service.store.undo(page.id)
    assert page.project == before


def test_a_sound_model_has_no_list(opened, chain):
    page = opened(chain)
    assert not page.says("problem")
