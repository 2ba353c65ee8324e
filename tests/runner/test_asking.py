"""An answer is worked on once, remembered, and worked on again only if it failed."""

from __future__ import annotations

import threading

import pytest

from core.runner.asking import MOST, Asking


@pytest.fixture
def asking():
    asking = Asking()
    yield asking
    asking.close()


def test_who_asks_meanwhile_or_later_gets_the_same_answer(asking):
    may_end, begun = threading.Event(), []

    def work():
        begun.append(1)
        assert may_end.wait(10)
        return {"answer": 7}

    first, second = asking.begin("examine", "run", work), asking.begin("examine", "run", work)
    assert not first.done()
    assert asking.usual_seconds("examine") is None
    may_end.set()
    assert first.result(10) is second.result(10) is asking.begin("examine", "run", work).result(10)
    assert len(begun) == 1
    assert asking.usual_seconds("examine") >= 0
    other = asking.begin("examine", "another run", lambda: {"answer": 8})
    assert other.result(10) == {"answer": 8}


def test_what_failed_is_tried_again(asking):
    def fail():
        raise ValueError("busy")

    with pytest.raises(ValueError, match="busy"):
        asking.begin("trail", "run", fail).result(10)
    assert asking.begin("trail", "run", lambda: 3).result(10) == 3


def test_old_answers_are_forgotten(asking):
    for number in range(MOST + 1):
        asking.begin("plane", number, lambda: "old").result(10)
    assert asking.begin("plane", 0, lambda: "new").result(10) == "new"
    assert asking.begin("plane", MOST, lambda: "new").result(10) == "old"
