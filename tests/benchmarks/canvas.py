"""How the canvas feels: from a click to the new shapes, and the frames of a drag; part of `tests.benchmarks.page`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from core import document, gallery
from core.store import Store

ROUNDS = 20
LONG = 30_000
KNOWN = re.compile(r"→ \d")  # a shape, not the dots that stand for one
WATCH = """(id) => {
  const root = [...document.querySelectorAll("*")].find((one) => one.shadowRoot?.querySelector(".surface")).shadowRoot;
  window.addEventListener("click", () => {
    const began = performance.now();
    const look = () => {
      const shape = root.querySelector(`.node[data-id="${id}"] .shape`)?.textContent ?? "";
      if (/\\d/.test(shape)) window.answered = performance.now() - began;
      else requestAnimationFrame(look);
    };
    look();
  }, { capture: true, once: true });
}"""
FRAMES = """() => {
  window.frames = [];
  let last = performance.now();
  const tick = (now) => {
    window.frames.push(now - last);
    last = now;
    window.ticking = requestAnimationFrame(tick);
  };
  window.ticking = requestAnimationFrame(tick);
}"""


def clicks(page: Page, url: str, home: Path) -> list[float]:
    """Seconds from a click on a layer in the palette until the new one shows its shape, with 20 layers there."""
    _open(page, url, home, 20)
    found = []
    made = page.locator('.node[data-id="dense_20"]')
    for _ in range(ROUNDS):
        page.locator('.node[data-id="dense_10"]').click()
        page.wait_for_timeout(400)  # the person looks
        page.evaluate(WATCH, "dense_20")
        page.get_by_role("button", name="Add Dense", exact=True).click()
        made.locator(".shape", has_text=KNOWN).wait_for(timeout=LONG)
        found.append(page.evaluate("() => window.answered") / 1000)
        page.keyboard.press("Control+z")
        made.wait_for(state="detached", timeout=LONG)
    return found


def drag(page: Page, url: str, home: Path) -> list[float]:
    """Seconds of each frame while one of 200 layers is dragged."""
    _open(page, url, home, 200)
    box = page.locator('.node[data-id="dense_2"]').bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10, steps=4)
    page.evaluate(FRAMES)
    for step in range(120):
        page.mouse.move(x + 10 + step, y + 10 + (step % 30))
    frames: list[float] = page.evaluate("() => (cancelAnimationFrame(window.ticking), window.frames.slice(2))")
    page.mouse.up()
    return [frame / 1000 for frame in frames]


def _open(page: Page, url: str, home: Path, count: int) -> None:
    store = Store(f"sqlite:///{home / 'eagerly.db'}")
    token = store.create_project(document.load(json.dumps(_chain(count))))
    store.close()
    page.goto(f"{url}/model?project={token}")
    page.locator('.node[data-id="dense_2"] .shape', has_text=KNOWN).wait_for(timeout=LONG)


def _chain(count: int) -> dict[str, Any]:
    nodes: list[dict[str, Any]] = [{"id": "input_1", "layer": "Input", "params": {"shape": [64]}, "inputs": []}]
    for number in range(1, count):
        params = {"units": 64, "activation": "relu"}
        before = nodes[-1]["id"]
        nodes.append({"id": f"dense_{number}", "layer": "Dense", "params": params, "inputs": [before]})
    project = document.to_dict(gallery.load("digits_dense"))
    return {**project, "model": {"nodes": nodes, "outputs": [f"dense_{count - 1}"], "blocks": []}}
