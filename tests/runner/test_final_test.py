"""The rows that were set aside are looked at once a run, when it is over, and what was found stays."""

from __future__ import annotations

import pytest

from core.errors import DataError, RunError
from core.runner.final_test import take


def test_the_final_test_is_computed_once_for_each_state_of_a_run(bench, engine):
    run = bench.train(bench.project(), epochs=1, test_fraction=0.2)
    over = bench.wait_over(run)
    found = take(bench.store, engine, over, "last")
    report = found.answers["dense_2"]
    assert (report["part"], report["rows"]) == ("test", 359)
    assert found.score == {"accuracy": report["accuracy"]}
    for file in over.path.glob("*.weights.h5"):
        file.rename(file.with_suffix(".gone"))  # a second computation would need them
    assert take(bench.store, engine, over, "best") == found
    for file in over.path.glob("*.gone"):
        file.rename(file.with_suffix(".h5"))
    bench.store.continue_run(run.id, 1)
    with pytest.raises(RunError, match="Its final test comes when training is over"):
        take(bench.store, engine, bench.store.run(run.id), "last")
    bench.runner.submit(run.id)
    further = bench.wait_over(run)
    assert take(bench.store, engine, further, "last").answers != found.answers


def test_a_test_that_fails_is_not_kept(bench, engine):
    over = bench.wait_over(bench.train(bench.project(), epochs=1))
    with pytest.raises(DataError, match="No rows were set aside for test"):
        take(bench.store, engine, over, "last")
    assert bench.store.final_test(over) is None
