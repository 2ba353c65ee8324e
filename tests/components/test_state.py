"""What one tab knows: its selection, and that another tab was there."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.edits import Rename
from core.runner import service as services

PAGE = """
import streamlit as st
from components import state

if state.open_project():
    ask = st.session_state.pop("ask", None)
    if ask:
        ask(state)
    st.session_state["seen"] = {
        "ids": [node.id for node in state.project().model.nodes],
        "name": state.project().name,
        "selected": state.selected(),
        "conflict": state.conflict(),
        "revision": state.current().stored.revision,
        "ack": state.acknowledged("tab"),
        "notices": list(state.current().notices),
        "id": state.current().stored.id,
    }
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("EAGERLY_HOME", str(tmp_path))
    monkeypatch.setattr(services, "_service", None)
    yield
    services.service().store.close()


class Tab:
    """A browser tab; `do` gives a function `components.state`, and comes back with what the tab then shows."""

    def __init__(self, project=None):
        self.app = AppTest.from_string(PAGE, default_timeout=30)
        if project:
            self.app.query_params["project"] = project
        self.do(None)

    def do(self, ask):
        if ask:
            self.app.session_state["ask"] = ask
        self.app.run()
        assert not self.app.exception
        return self.app.session_state["seen"]

    @property
    def id(self):
        return self.do(None)["id"]


def add(seq, name):
    return {"seq": seq, "op": {"op": "add", "layer": "Dropout", "id": name, "linked": False}}


def test_several_layers_are_selected_and_those_that_go_are_not():
    tab = Tab()
    ids = tab.do(None)["ids"]
    assert tab.do(lambda state: state.select([ids[1], ids[2], ids[1], "gone"]))["selected"] == (ids[1], ids[2])
    renamed = tab.do(lambda state: state.edit(Rename(node=ids[1], to="other")))
    assert renamed["selected"] == (ids[2],)
    assert tab.do(lambda state: state.select([]))["selected"] == ()


def test_the_canvas_and_the_page_edit_one_project_without_a_conflict():
    tab = Tab()
    seen = tab.do(lambda state: state.operate("tab", [add(1, "a"), add(2, "b")]))
    assert seen["ids"][-2:] == ["a", "b"]
    assert seen["ack"] == 2
    seen = tab.do(lambda state: state.edit(Rename(node="a", to="c")))
    seen = tab.do(lambda state: state.operate("tab", [add(2, "b"), {"seq": 3, "op": {"op": "undo"}}]))
    assert seen["ids"][-2:] == ["a", "b"]
    assert not seen["conflict"]
    assert seen["notices"] == []


def test_a_reload_shows_what_was_done_last():
    tab = Tab()
    done = tab.do(lambda state: state.operate("tab", [add(1, "a")]))
    again = Tab(tab.id).do(None)
    assert (again["ids"], again["revision"], again["ack"]) == (done["ids"], done["revision"], 1)
    assert not again["conflict"]


def test_the_second_tab_is_told_and_can_take_the_newest():
    first = Tab()
    second = Tab(first.id)
    newest = first.do(lambda state: state.operate("one", [add(1, "theirs")]))
    told = second.do(None)
    assert told["conflict"]
    assert "theirs" not in told["ids"], "nothing is adopted silently"
    refused = second.do(lambda state: state.edit(Rename(node=told["ids"][0], to="mine")))
    assert refused["ids"] == told["ids"]
    assert "changed in another tab" in refused["notices"][0]
    taken = second.do(lambda state: state.take_newest())
    assert (taken["ids"], taken["conflict"]) == (newest["ids"], False)
    assert second.do(lambda state: state.operate("two", [add(1, "mine")]))["ids"][-2:] == ["theirs", "mine"]
    assert first.do(None)["conflict"]


def test_the_second_tab_can_keep_its_own_as_a_copy():
    first = Tab()
    second = Tab(first.id)
    first.do(lambda state: state.operate("one", [add(1, "theirs")]))
    second.do(lambda state: state.operate("two", [add(1, "mine")]))
    copy = second.do(lambda state: state.keep_as_copy())
    assert copy["ids"][-1] == "mine", "the change that could not be saved is in the copy"
    assert "theirs" not in copy["ids"]
    assert copy["name"].endswith("(copy)")
    assert copy["id"] != first.id
    assert not copy["conflict"]
    assert first.do(None)["ids"][-1] == "theirs"
    assert not first.do(None)["conflict"]


def test_many_operations_and_as_many_undos_survive_a_reload():
    tab = Tab()
    before = tab.do(None)["ids"]
    for burst in range(0, 120, 40):
        tab.do(lambda state, burst=burst: state.operate("tab", [add(burst + k, f"n{burst + k}") for k in range(1, 41)]))
    again = Tab(tab.id)
    assert len(again.do(None)["ids"]) == len(before) + 120
    undos = [{"seq": seq, "op": {"op": "undo"}} for seq in range(1, 121)]
    assert again.do(lambda state: state.operate("again", undos))["ids"] == before


def test_a_field_that_is_gone_undoes_nothing():
    tab = Tab()
    first, *_ = tab.do(None)["ids"]

    def typed(state, key):
        """What Streamlit does when a browser sends a field's value: it calls the field's callback."""
        state.st.session_state[key] = "typed"
        state.edit(Rename(node=first, to=state.value(key)), by_field=True)

    def of_the_page(state):
        typed(state, state.key("name"))

    def of_the_page_before(state):
        key = state.key("name")
        state.operate("tab", [{"seq": 1, "op": {"op": "undo"}}])
        state.begin_drawing()
        typed(state, key)

    assert tab.do(of_the_page)["ids"][0] == "typed"
    seen = tab.do(of_the_page_before)
    assert seen["ids"][0] == first
    assert seen["notices"] == []
    assert tab.do(lambda state: state.edit(Rename(node=first, to="other")))["ids"][0] == "other", "a button still acts"
