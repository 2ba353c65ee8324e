"""One switch makes the rows of a table a series; its fields cut it, and a first row is a list for each column."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.panels.data_preview import _without_gaps
from core.spec import Project

SCRIPT = """
from components import state
from components.panels import data_choices, data_preview, data_windows
from core.data import Column, DataFacts, Preview
if state.open_project():
    state.show_notices()
    data = state.project().data
    data_windows.render(data, ["when", "store", "kind", "y"], ["when"])
    parts = {"train": 8, "validation": 2, "test": 0}
    facts = DataFacts("csv", "t.csv", 10, "regression", (3, 2), ("kind", "y"), None, (), "sequence", "y", parts,
                      columns=(Column("kind", "category"), Column("y")), targets=("y",), header=("when", "kind", "y"))
    data_choices.split(facts)
    rows = ((("a", "b", None), (1.0, 2.0, 3.0), 4.0), (["b", "a", "a"], [2.0, None, 4.0], 5.0))
    data_preview.render(facts, Preview("sequence", 10, ("kind", "y", "y"), rows))
"""


@pytest.fixture
def opened(service):
    def make(**fields):
        data = {"source": "csv", "path": "upload:" + "0" * 64, "target": "y", **fields}
        project = service.store.create_project(Project.model_validate({"data": data}))
        at = AppTest.from_string(SCRIPT, default_timeout=20)
        at.query_params["project"] = project
        at.run()
        assert not at.exception
        return at, lambda: service.store.project(project).project.data

    return make


def test_the_switch_takes_the_first_dates_as_order_and_gives_the_rows_back(opened):
    at, data = opened(split="column", split_by="kind")
    assert [field.label for field in at.number_input] == []
    at.toggle[0].set_value(True).run()
    assert not at.exception
    assert data().windows.order_by == "when"
    assert (data().split, data().split_by) == ("auto", None)  # by a column windows cannot be split
    at.number_input[0].set_value(3).run()
    assert data().windows.length == 3
    series = next(field for field in at.selectbox if field.label == "Series told apart by")
    assert series.options == ["nothing: all rows are one series", "when", "store", "kind"]
    series.set_value("store").run()
    assert data().windows.group_by == "store"
    at.toggle[0].set_value(False).run()
    assert data().windows is None


def test_the_ways_to_split_are_those_that_suit_windows(opened):
    at, _ = opened(windows={"order_by": "when"})
    ways = next(field for field in at.selectbox if field.label == "Split").options
    assert "in time: no window crosses a border" in ways
    assert not {"as a column says", "by chance, classes in proportion"} & {*ways}


def test_each_column_of_a_window_is_seen_in_one_cell(opened):
    at, _ = opened(windows={"order_by": "when"})
    shown = at.dataframe[0].value
    assert list(shown.columns) == ["kind", "y", "y to forecast"]
    assert list(shown["y"][0]) == [1.0, 2.0, 3.0]
    assert shown["y to forecast"].tolist() == [4.0, 5.0]
    assert _without_gaps((None, 2.0, None, 3.0)) == [2.0, 2.0, 2.0, 3.0]  # with a gap it would be shown as words
    assert _without_gaps((None, None)) == [0.0, 0.0]
    assert any("windows of 3 rows" in caption.value for caption in at.caption)
