"""Hints with their buttons, and a column's role changed by a click, as the profile has them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.spec import Project

SCRIPT = """
from components import state
from components.panels import data_profile
from core.data import ColumnProfile, Hint, Profile
from core.data.profiles import Fix
columns = (
    ColumnProfile("y", "category", "target", counts=(3, 5), values=("a", "b"), distinct=2),
    ColumnProfile("size", "number", counts=(3, 5), edges=(0.0, 1.0, 2.0), distinct=8, quartiles=(0.5, 1.0, 1.5),
                  low=0.0, mean=1.0, high=2.0, deviation=0.5),
    ColumnProfile("number", "number", "feature"),
)
hints = (Hint("'number' says the same", "number", Fix("Ignore number", {"data.features": ["size"]})),
         Hint("second"), Hint("third"))
if state.open_project():
    state.show_notices()
    profile = Profile("table", 8, columns, hints=hints)
    data_profile.hints(profile)
    data_profile.columns(profile)
"""


@pytest.fixture
def opened(service):
    data = {"source": "csv", "path": "upload:" + "0" * 64, "target": "y"}
    project = service.store.create_project(Project.model_validate({"data": data}))
    at = AppTest.from_string(SCRIPT, default_timeout=20)
    at.query_params["project"] = project
    at.run()
    assert not at.exception
    return at, lambda: service.store.project(project).project.data


def test_a_repair_is_one_click_and_no_other_hint_has_a_button(opened):
    at, data = opened
    assert [button.label for button in at.button] == ["Ignore number"]
    assert at.expander[0].label == "1 more to look at"
    at.button[0].click().run()
    assert data().features == ["size"]


def test_the_target_cannot_be_left_out_and_the_page_says_why(opened):
    at, data = opened
    role = at.get("button_group")[0]
    role.set_value("ignored").run()
    assert not at.exception
    assert data().target == "y"
    assert any("one must be the target" in toast.value for toast in at.toast)
