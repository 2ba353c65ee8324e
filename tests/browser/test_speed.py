"""What only we show, in a real browser: what auto chose and why, pinned by a click; all executions side by side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core import gallery
from tests.browser.test_trouble import LONG, button, go, opened, says

__all__ = ["opened"]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]
VERY_LONG = 180_000


def code(page):
    return page.locator("[data-testid=stCode]").first


def test_what_auto_chose_is_shown_in_the_code_and_can_be_pinned(opened):
    project = gallery.load()
    page = opened(project.model_copy(update={"training": project.training.model_copy(update={"epochs": 100_000})}))
    button(page, "^Train").click()
    says(page, r"It was the fastest on steps of this run")
    expect(button(page, "^Stop")).to_be_visible()
    go(page, "Model")
    go(page, "Train")
    expect(code(page)).to_contain_text("steps_per_execution=45", timeout=LONG)
    button(page, "^Stop").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)
    expect(code(page)).not_to_contain_text("steps_per_execution")  # the project itself still leaves it to auto
    button(page, "Pin").click()
    expect(code(page)).to_contain_text("steps_per_execution=45")
    expect(page.get_by_label("Batches per call", exact=True)).to_have_value("45")


def test_executions_are_compared_on_equal_steps(opened):
    page = opened(gallery.load())
    go(page, "Train")
    page.set_viewport_size({"width": 1440, "height": 2000})
    button(page, "^Compare executions").click()
    expect(page.get_by_text(re.compile("of 8 runs are done")).first).to_be_visible(timeout=LONG)
    expect(page.get_by_text(re.compile("of 8 runs are done"))).to_have_count(0, timeout=VERY_LONG)
    difference = page.get_by_text(re.compile("Largest difference between two of them")).inner_text()
    assert float(re.search(r"(\S+)\.$", difference).group(1)) < 1e-3
    for name in ("eager", "graph", "multi-step", "XLA"):
        expect(page.locator(".js-plotly-plot").first.get_by_text(re.compile(name)).first).to_be_visible()
    expect(button(page, "^Compare executions")).to_be_enabled()
    says(page, "how often Python went through the step")
