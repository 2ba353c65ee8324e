"""The panel of the final test: it says why there is but one, offers it when training is over, and shows it for good."""

from __future__ import annotations

import pytest

PANEL = """
from components import state
from components.panels import final_test
if state.open_project():
    final_test.render(state.services().store.run({run!r}), "last")
"""

FOUND = {
    "task": "regression",
    "rows": 20,
    "examined": 20,
    "target": "y",
    "worst": [{"index": 3, "true": 1.0, "predicted": 3.0, "error": 2.0, "features": {"a": 1.0}}],
    "best": [{"index": 4, "true": 1.0, "predicted": 1.0, "error": 0.0, "features": {"a": 1.0}}],
    **{"mae": 1.25, "rmse": 1.5, "r2": 0.5, "true": [1.0, 1.0], "predicted": [3.0, 1.0], "edges": [0, 1, 2]},
    "counts": [1, 1],
}


@pytest.fixture
def panel(opened, chain):
    """The panel for a run of this share of test rows, which is over or not."""

    def draw(share, *, over=True, tested=False):
        page = opened({**chain, "data": {**chain["data"], "test_fraction": share}}, "runs")
        store = page.service.store
        run = store.create_run(page.id, page.project, page.service.settings.runs)
        if over:
            store.claim(run.id)
            store.set_status(run.id, "finished")
        if tested:
            store.keep_final_test(store.run(run.id), "last", {"dense_3": FOUND})
        page.runs = page.run().at.dataframe[0].value
        page.at = type(page.at).from_string(PANEL.format(run=run.id))
        page.at.query_params["project"] = page.id
        return page.run()

    return draw


def test_it_is_offered_when_training_is_over(panel):
    page = panel(0.2, over=False)
    assert page.says("looked at once")
    assert page.field("Take the final test").disabled
    assert not panel(0.2).field("Take the final test").disabled


def test_a_test_that_was_taken_is_shown_and_not_offered_again(panel):
    page = panel(0.2, tested=True)
    assert page.says("Taken once")
    assert "1.25" in [metric.value for metric in page.at.metric]
    assert not page.has("Take the final test")
    assert list(page.runs["test MAE"]) == [1.25]


def test_a_run_without_test_rows_says_where_they_come_from(panel):
    page = panel(0.0)
    assert page.says("Choose a share for **Test** on the Data page")
    assert not page.has("Take the final test")
    assert "test MAE" not in page.runs
