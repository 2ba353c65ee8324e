"""One switch reads the words of a column; a table without texts is not asked, and a person can type a text to try."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.spec import Project

SCRIPT = """
import streamlit as st
from components import state
from components.panels import data_text, try_it
from core.data import DataFacts
if state.open_project():
    data_text.render(state.project().data, ["number", "said", "mood"], {texts})
    facts = DataFacts("csv", "t.csv", 9, "binary", (5,), (), 2, ("d", "u"), "text", "mood", {{"train": 9}},
                      header=("number", "said", "mood"))
    if try_it.can_be_tried(facts):
        st.json({{"row": try_it._row(None, facts)}})
"""


@pytest.fixture
def opened(service):
    def make(texts, **fields):
        data = {"source": "csv", "path": "upload:" + "0" * 64, "target": "mood", **fields}
        project = service.store.create_project(Project.model_validate({"data": data}))
        at = AppTest.from_string(SCRIPT.format(texts=texts), default_timeout=20)
        at.query_params["project"] = project
        at.run()
        assert not at.exception
        return at, lambda: service.store.project(project).project.data

    return make


def test_the_switch_takes_the_column_of_texts_and_never_the_target(opened):
    at, data = opened(["mood", "said"])
    at.toggle[0].set_value(True).run()
    assert not at.exception
    assert data().text.column == "said"
    assert at.selectbox[0].options == ["number", "said"]
    at.number_input[1].set_value(7).run()
    assert data().text.output_sequence_length == 7
    at.toggle[0].set_value(False).run()
    assert data().text is None


def test_a_table_without_texts_has_no_switch(opened):
    at, _ = opened(["mood"])
    assert not at.toggle
    again, _ = opened([], text={"column": "said"})  # what is on can be switched off
    assert again.toggle


def test_a_typed_text_is_the_row_and_spaces_are_none(opened):
    at, _ = opened(["said"], text={"column": "said"})
    at.text_area[0].set_value("  ").run()
    assert at.json[0].value == '{"row": null}'
    at.text_area[0].set_value("good day").run()
    assert at.json[0].value == '{"row": "good day"}'
