"""The final test of a run is kept with it, once for each state of it."""

from __future__ import annotations

import pytest

from core.errors import StoreError
from core.store import Store


@pytest.fixture
def over(store, run):
    store.claim(run.id)
    store.set_status(run.id, "finished")
    return store.run(run.id)


def test_the_first_test_stays_whatever_is_found_later(url, store, over):
    assert store.final_test(over) is None
    kept = store.keep_final_test(over, "last", {"answer": {"accuracy": 0.9}})
    again = Store(url).keep_final_test(over, "best", {"answer": {"accuracy": 1.0}})
    assert again == kept == store.final_test(over)
    assert (again.weights, again.score) == ("last", {"accuracy": 0.9})
    assert store.final_scores(over.project_id) == {over.id: {"accuracy": 0.9}}


def test_a_run_that_is_trained_further_has_its_own_test(store, over):
    store.keep_final_test(over, "last", {"answer": {"mae": 2.0}})
    store.continue_run(over.id, 5)
    assert store.final_test(store.run(over.id)) is None
    assert store.final_scores(over.project_id) == {}  # the old score is not the score of what it is now
    with pytest.raises(StoreError, match="has gone on meanwhile"):
        store.keep_final_test(over, "last", {"answer": {"mae": 1.0}})
    store.claim(over.id)
    store.set_status(over.id, "finished")
    further = store.run(over.id)
    assert store.keep_final_test(further, "last", {"answer": {"mae": 1.0}}).score == {"MAE": 1.0}
    assert store.final_test(over).score == {"MAE": 2.0}  # what was found before is not rewritten


def test_a_deleted_run_takes_its_test_along(store, over):
    store.keep_final_test(over, "last", {"answer": {"mae": 2.0}})
    store.delete_run(over.id)
    assert store.final_test(over) is None
    with pytest.raises(StoreError, match="has gone on meanwhile"):
        store.keep_final_test(over, "last", {"answer": {"mae": 2.0}})
