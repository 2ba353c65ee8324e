"""A model that was taken home comes back: the page takes its layers and weights, and training goes on from there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core import gallery
from core.progress import Progress
from core.store import Store
from tests.browser.test_trouble import LONG, button, go, opened, says

__all__ = ["opened"]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]


def train(page):
    button(page, "^Train").click()
    expect(button(page, "^Stop")).to_be_visible(timeout=LONG)
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)


def first_losses(server, page):
    """The training loss of the first epoch of each run, the newest first."""
    store = Store(f"sqlite:///{server.home / 'eagerly.db'}")
    progress = Progress(store)
    runs = store.runs(page.url.partition("project=")[2])
    losses = [progress.view(run.id).history[0].metrics["loss"] for run in runs]
    store.close()
    return losses


def test_an_exported_model_comes_back_with_its_weights(opened, server, tmp_path):
    project = gallery.load()
    page = opened(project.model_copy(update={"training": project.training.model_copy(update={"epochs": 8})}))
    train(page)
    go(page, "Export")
    with page.expect_download(timeout=LONG) as download:
        button(page, "Download model").click()
    download.value.save_as(tmp_path / "Digits of mine.keras")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "Digits of mine.keras")
    says(page, "layers with their weights")
    says(page, "layers in front that prepare raw rows are left out")
    button(page, "^Take its layers").click()
    go(page, "Train")
    says(page, "Begins with the imported weights")
    train(page)
    button(page, "^Begin afresh").click()
    expect(page.get_by_text("Begins with the imported weights")).to_have_count(0)
    train(page)
    afresh, imported, first = first_losses(server, page)
    assert imported < first / 3
    assert afresh == pytest.approx(first)
    go(page, "Export")
    assert page.get_by_role("button", name="Download its imported weights").count() == 0
