"""A tab's changes: each once, in order, and never over another tab's."""

from __future__ import annotations

import threading

import pytest

from components import saving
from components.state import State
from core.edits import Place, Remove, Rename, SetBlock, SetParam
from core.errors import StoreError
from core.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'eagerly.db'}")
    yield store
    store.close()


@pytest.fixture
def opened(store, digits):
    token = store.create_project(digits)
    return lambda: State(stored=store.project(token))


def sent(*operations, first=1):
    return [{"seq": seq, "op": operation} for seq, operation in enumerate(operations, first)]


def add(name):
    return {"op": "add", "layer": "Dropout", "id": name, "linked": False}


def ids(tab):
    return [node.id for node in tab.stored.project.model.nodes][3:]


def test_operations_are_done_in_order_each_as_a_step(store, opened):
    tab = opened()
    move = {"op": "place", "positions": {"a": [1, 2]}}
    assert saving.operate(tab, store, "tab", sent(add("a"), add("b"), {"op": "rename", "node": "a", "to": "c"}, move))
    assert ids(tab) == ["c", "b"]
    assert tab.notices == ["a: there is no layer 'a' in this model."]
    assert store.acknowledged(tab.stored.id, "tab") == 4
    for _ in range(3):
        saving.travel(tab, store, "undo")
    assert ids(tab) == []
    assert not tab.stored.can_undo


def test_operations_that_are_sent_again_are_passed_over(store, opened):
    tab, queue = opened(), sent(add("a"), {"op": "undo"}, add("b"))
    for upto in (1, 1, 2, 3, 2, 3):
        saving.operate(tab, store, "tab", queue[:upto])
    assert ids(tab) == ["b"]
    assert not saving.operate(tab, store, "tab", queue)
    assert tab.notices == []


def test_what_an_earlier_run_of_the_script_still_saves_is_no_other_tab(store, opened):
    """Who holds an arrow key at a slider begins a run while the one before is at work."""

    class Slow:
        """The store, which comes back from a save only when it is let."""

        def __init__(self):
            self.written, self.go = threading.Event(), threading.Event()

        def __getattr__(self, name):
            return getattr(store, name)

        def save(self, *given, **named):
            revision = store.save(*given, **named)
            self.written.set()
            assert self.go.wait(30)
            return revision

    tab, slow = opened(), Slow()
    earlier = threading.Thread(target=saving.edit, args=(tab, slow, [Rename(node="dense_1", to="a")]))
    later = threading.Thread(target=saving.follow, args=(tab, store))
    earlier.start()
    assert slow.written.wait(30)
    later.start()
    later.join(0.2)  # without a lock it has long come to its verdict
    slow.go.set()
    earlier.join(30)
    later.join(30)
    assert not tab.conflict
    other = opened()
    saving.edit(other, store, [Rename(node="a", to="b")])
    saving.follow(tab, store)
    assert tab.conflict, "another tab is not seen any more"


def test_another_client_counts_for_itself(store, opened):
    tab = opened()
    saving.operate(tab, store, "one", sent(add("a")))
    saving.operate(tab, store, "two", sent(add("b")))
    assert ids(tab) == ["a", "b"]


def test_a_new_server_goes_on_where_the_last_one_was_killed(store, opened):
    queue = sent(add("a"), add("b"), add("c"))
    saving.operate(opened(), store, "tab", queue[:2])
    after_restart = opened()
    saving.operate(after_restart, store, "tab", queue)
    assert ids(after_restart) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "operation",
    [None, 5, "undo", [], {}, {"op": 7}, {"op": ["undo"]}, {"op": "set", "path": "__class__", "value": 1}, {"op": "x"}],
)
def test_what_is_no_operation_is_acknowledged_and_said(store, opened, operation):
    tab = opened()
    saving.operate(tab, store, "tab", [{"seq": 1, "op": operation}, {"seq": 2, "op": add("a")}])
    assert len(tab.notices) == 1
    assert ids(tab) == ["a"]
    assert store.acknowledged(tab.stored.id, "tab") == 2


@pytest.mark.parametrize("seq", [None, 0, -1, True, 1.0, "1", 2**60])
def test_what_has_no_number_is_passed_over(store, opened, seq):
    tab = opened()
    assert not saving.operate(tab, store, "tab", [{"seq": seq, "op": add("a")}, "nothing", None])
    assert ids(tab) == []


def nested(depth):
    return [nested(depth - 1)] if depth else 1


@pytest.mark.parametrize("value", [nested(100), nested(400), "\ud800", {"name": "\udc00"}, "x" * 2_000_001])
def test_a_value_that_could_not_be_read_back_is_refused(store, opened, value):
    """It would be saved, and the project could never be opened again."""
    tab = opened()
    operation = {"op": "set_param", "node": "dense_1", "name": "kernel_initializer", "value": value}
    saving.operate(tab, store, "tab", sent(operation, add("a")))
    assert len(tab.notices) == 1
    assert ids(opened()) == ["a"]
    assert opened().stored.project.model.nodes[1].params == {"units": 128, "activation": "relu"}


@pytest.mark.parametrize("client", ["", "x" * 65, None, 7, "\ud800"])
def test_a_client_without_a_proper_name_does_nothing(store, opened, client):
    tab = opened()
    assert not saving.operate(tab, store, client, sent(add("a")))
    assert ids(tab) == []


def test_the_same_sentence_is_said_once(store, opened):
    tab = opened()
    saving.operate(tab, store, "tab", sent(*[{"op": "remove", "node": "gone"}] * 20))
    assert len(tab.notices) == 1


def test_one_drag_after_the_other_of_the_same_layers_is_one_step(store, opened):
    tab = opened()
    places = [{"op": "place", "positions": {"dense_1": [number, 0]}} for number in range(10)]
    saving.operate(tab, store, "tab", sent(add("a"), *places, {"op": "place", "positions": {"dense_2": [5, 5]}}))
    positions = []
    for _ in range(3):
        positions.append([node.position for node in tab.stored.project.model.nodes[1:3]])
        saving.travel(tab, store, "undo")
    assert positions == [[(9, 0), (5, 5)], [(9, 0), None], [None, None]]
    assert ids(tab) == []


def test_a_drag_after_an_undo_is_a_step_of_its_own(store, opened):
    tab = opened()
    saving.edit(tab, store, [Rename(node="dense_1", to="first")])
    saving.edit(tab, store, [Place(positions={"first": (1, 1)})])
    saving.travel(tab, store, "undo")
    saving.edit(tab, store, [Place(positions={"first": (2, 2)})])
    saving.travel(tab, store, "undo")
    assert [node.id for node in tab.stored.project.model.nodes] == ["input_1", "first", "dense_2"]
    assert tab.stored.project.model.nodes[1].position is None


def test_a_drag_that_goes_nowhere_is_no_step_that_the_next_could_join(store, opened):
    tab = opened()
    saving.edit(tab, store, [Place(positions={"dense_1": (1, 1)})])
    there = opened()
    for x in (1, 7, 9):
        saving.edit(there, store, [Place(positions={"dense_1": (x, 1)})])
    saving.travel(there, store, "undo")
    assert there.stored.project.model.nodes[1].position == (1, 1)


def test_only_what_fields_show_calls_for_new_fields(store, opened):
    tab = opened()
    assert not saving.operate(tab, store, "tab", sent({"op": "place", "positions": {"dense_1": [1, 2]}}))
    assert saving.operate(tab, store, "tab", sent({"op": "tidy"}, {"op": "undo"}, first=2))


def test_the_slower_of_two_tabs_is_told_and_overwrites_nothing(store, opened):
    fast, slow = opened(), opened()
    saving.operate(fast, store, "fast", sent(add("theirs")))
    saving.operate(slow, store, "slow", sent(add("mine"), add("later"), {"op": "undo"}))
    assert slow.conflict
    assert ids(slow) == [], "it still shows what it showed"
    assert slow.notices == [saving._CHOOSE]
    assert [node.id for node in slow.unsaved.model.nodes][3:] == ["mine"]
    assert store.acknowledged(slow.stored.id, "slow") == 3, "the browser stops sending"
    assert [node.id for node in store.project(slow.stored.id).project.model.nodes][3:] == ["theirs"]
    assert not fast.conflict


def test_an_undo_does_not_take_back_another_tabs_change(store, opened):
    fast, slow = opened(), opened()
    saving.edit(fast, store, [Remove(node="dense_1")])
    assert not saving.travel(slow, store, "undo")
    assert slow.conflict
    assert len(store.project(slow.stored.id).project.model.nodes) == 2


def test_the_tabs_own_changes_of_every_kind_are_no_conflict(store, opened):
    tab = opened()
    saving.operate(tab, store, "tab", sent(add("a")))
    saving.edit(tab, store, [SetParam(node="a", name="rate", value=0.1)])
    saving.travel(tab, store, "undo")
    saving.save(tab, store, tab.stored.project.model_copy(update={"name": "Other"}))
    saving.operate(tab, store, "reloaded", sent(add("b"), {"op": "redo"}))
    assert not tab.conflict
    assert tab.notices == []
    assert ids(tab) == ["a", "b"]


def test_a_refused_edit_of_the_page_is_said(store, opened):
    tab = opened()
    assert not saving.edit(tab, store, [Remove(node="dense_1"), SetBlock(block="none", repeat=2)])
    assert tab.notices == ["none: there is no block 'none' in this model."]
    assert len(tab.stored.project.model.nodes) == 3


def test_what_cannot_be_kept_is_sent_again_and_so_is_what_stands_behind_it(store, opened, tmp_path):
    """A table that is gone stands for a disk that fails: the first change fails, the one behind it must not slip in."""
    tab = opened()
    with store._write("a test") as connection:
        connection.exec_driver_sql("ALTER TABLE revisions RENAME TO elsewhere")
    with pytest.raises(StoreError):
        saving.operate(tab, store, "tab", sent(add("a"), {"op": "remove", "node": "gone"}))
    with store._write("a test") as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO revisions")
    assert store.acknowledged(tab.stored.id, "tab") == 0
    saving.operate(tab, store, "tab", sent(add("a"), {"op": "remove", "node": "gone"}))
    assert ids(tab) == ["a"]
    assert len(tab.notices) == 1
