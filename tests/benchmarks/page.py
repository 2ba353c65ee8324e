"""How long a person waits: `python -m tests.benchmarks.page` starts a server and drives it in Chromium."""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks import canvas, confusion
from tests.browser.conftest import FLAGS, Server

ROUNDS = 10
LONG = 120_000

STEP = """() => {
  for (const host of document.querySelectorAll('*')) {
    for (const term of host.shadowRoot?.querySelectorAll('dt') ?? []) {
      if (term.textContent.trim() === 'step') return parseInt(term.nextElementSibling.textContent.replaceAll(',', ''));
    }
  }
  return 0;
}"""


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="eagerly-benchmark-"))
    server = Server(home)
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            say("page ready after the server answers (cold)", [cold(page, server)])
            page.get_by_text("1,797 images").wait_for(timeout=LONG)
            say("page ready, engine warm", [visit(page, server.url) for _ in range(ROUNDS)])
            page.get_by_text("1,797 images").wait_for(timeout=LONG)
            say("Train -> first point", [first_point(page) for _ in range(ROUNDS)])
            page.get_by_role("link", name="Model", exact=True).first.click()
            page.locator('.node[data-id="dense_1"]').click()
            say("edit -> new shapes", [edit(page, 40 + index) for index in range(ROUNDS)])
            say("canvas of 20 layers: click -> new shapes", canvas.clicks(page, server.url, home))
            matrices = [confusion.first_matrix(page, server.url, home, seed) for seed in range(ROUNDS)]
            say("Inspect -> confusion of 10,000 x 784", matrices)
            say("canvas of 200 layers: a frame of a drag", canvas.drag(page, server.url, home))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def say(what: str, seconds: list[float]) -> None:
    p95 = sorted(seconds)[max(0, round(0.95 * len(seconds)) - 1)]
    line = f"{what:45} p50 {statistics.median(seconds):6.3f} s   p95 {p95:6.3f} s   n {len(seconds)}\n"
    sys.stdout.write(line)
    sys.stdout.flush()


def cold(page: Page, server: Server) -> float:
    """The first visit ever, while TensorFlow is still being imported by the engine."""
    while True:
        try:
            urllib.request.urlopen(f"{server.url}/_stcore/health").read()
            break
        except OSError:
            continue
    return visit(page, server.url)


def visit(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(url)
    page.get_by_role("button", name=re.compile("^Train")).first.wait_for(timeout=LONG)
    return time.perf_counter() - began


def first_point(page: Page) -> float:
    """From the click to the first step that the chart shows of a new run."""
    page.get_by_role("button", name=re.compile("^Train")).first.click()
    began = time.perf_counter()
    page.wait_for_function(f"() => ({STEP})() < 450", timeout=LONG, polling="raf")
    page.wait_for_function(f"() => ({STEP})() > 0", timeout=LONG, polling="raf")
    seconds = time.perf_counter() - began
    page.get_by_role("button", name=re.compile("^Continue")).first.wait_for(timeout=LONG)
    return seconds


def edit(page: Page, units: int) -> float:
    """From Enter to the new count of parameters."""
    field = page.get_by_label("Units", exact=True).first
    field.fill(str(units))
    began = time.perf_counter()
    field.press("Enter")
    total = f"{64 * units + units + units * 10 + 10:,}"
    page.get_by_text(total, exact=True).first.wait_for(timeout=LONG)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
