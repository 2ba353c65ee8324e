"""A table that nobody prepared: what the Data page says of it, and the repair by a click."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]

LONG = 60_000
ROWS = [f"{i + 1000},{(i * 37) % 83},{'ja' if i % 3 else 'nein'},{'yes' if i % 3 else 'no'}" for i in range(120)]
TABLE = "\n".join(["customer,size,answer,y", *ROWS]) + "\n"


def test_a_column_that_gives_the_target_away_is_named_and_ignored(page, server, tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(TABLE)
    page.goto(server.url)
    page.get_by_role("link", name="Data", exact=True).first.click()
    expect(page.get_by_text("1,797 images")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Choose data").click()
    page.get_by_role("button", name="Your own data").click()
    page.locator("input[type=file]").set_input_files(file)
    told = page.get_by_text("'answer' says the same as the target 'y'")
    expect(told).to_be_visible(timeout=LONG)
    page.get_by_role("tab", name="Columns").click()
    expect(page.get_by_text("40 different values")).to_have_count(0)
    expect(page.get_by_text("2 different values")).to_be_visible(timeout=LONG)  # of the target, which comes first
    page.get_by_role("button", name="Ignore answer").click()
    expect(told).to_have_count(0, timeout=LONG)
    expect(page.get_by_text("is different in every row")).to_be_visible()
    page.get_by_role("tab", name="Correlation").click()
    expect(page.get_by_text("Pearson's r")).to_be_visible(timeout=LONG)
