"""The story of a newcomer, in a real browser: train, change, train again, stop, refresh, take the script along."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]

LONG = 60_000


def button(page, name):
    return page.get_by_role("button", name=re.compile(name)).first


def go(page, title):
    page.get_by_role("link", name=title, exact=True).first.click()


def number(page, label):
    return page.get_by_label(label, exact=True).first


def train_to_the_end(page):
    button(page, "^Train").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)


@pytest.fixture
def opened(page, server):
    page.goto(server.url)
    expect(button(page, "^Train")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("1,797 images")).to_be_visible(timeout=LONG)
    return page


def test_the_story(opened, server, tmp_path):
    page = opened
    train_to_the_end(page)
    expect(page.get_by_text("val_accuracy")).to_be_visible()

    go(page, "Model")
    button(page, "dense_1").click()
    number(page, "Units").fill("32")
    number(page, "Units").press("Enter")
    expect(page.get_by_text("2,410").first).to_be_visible(timeout=LONG)  # 64·32 + 32 + 32·10 + 10
    go(page, "Train")
    number(page, "Epochs").fill("5000")
    number(page, "Epochs").press("Enter")
    button(page, "^Train").click()
    expect(page.get_by_text(re.compile(r"/ 5,?000"))).to_be_visible(timeout=LONG)
    page.wait_for_function(f"() => parseFloat(({LOSS_ON_THE_PAGE})()) > 0", timeout=LONG)
    button(page, "^Stop").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)

    address = page.url
    page.reload()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)
    assert page.url == address
    expect(number(page, "Epochs")).to_have_value("5000")
    go(page, "Runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    go(page, "Inspect")
    expect(page.get_by_text("Most confident mistakes")).to_be_visible(timeout=LONG)

    go(page, "Export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download project").click()
    assert json.loads(download.value.path().read_text())["model"]["nodes"][1]["params"]["units"] == 32


def test_the_server_never_loads_tensorflow(opened, server):
    train_to_the_end(opened)
    loaded = Path(f"/proc/{server.process.pid}/maps")
    if not loaded.exists():
        pytest.skip("this system has no /proc")
    assert "python" in loaded.read_text()
    assert "tensorflow" not in loaded.read_text()


def test_an_unknown_address_opens_a_new_project(page, server):
    page.goto(f"{server.url}/?project=guessed-by-somebody")
    expect(button(page, "^Train")).to_be_visible(timeout=LONG)
    assert "guessed" not in page.url


def test_the_script_gives_the_numbers_of_the_page(opened, tmp_path):
    page = opened
    train_to_the_end(page)
    shown = float(page.locator("body").evaluate(LOSS_ON_THE_PAGE))
    go(page, "Export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download script").click()
    script = tmp_path / "script.py"
    download.value.save_as(script)
    assert "eagerly" not in script.read_text().lower()
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    final = json.loads(done.stdout.strip().splitlines()[-1])
    assert final["loss"] == pytest.approx(shown, rel=2e-3)  # the page shows four digits


LOSS_ON_THE_PAGE = """() => {
  const chart = [...document.querySelectorAll('*')].find((one) => one.shadowRoot?.querySelector('dt'));
  const terms = [...chart.shadowRoot.querySelectorAll('dt')];
  return terms.find((term) => term.textContent.trim() === 'loss').nextElementSibling.textContent;
}"""
