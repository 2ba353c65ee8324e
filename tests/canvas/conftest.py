"""The canvas's JavaScript in a real Chromium, without a server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from components.canvas.rows import as_json

SCRIPTS = Path(__file__).parents[2] / "components" / "canvas" / "js"
ORIGIN = "http://canvas.test/"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="session")
def rows():
    """The catalog as the browser has it."""
    return json.loads(as_json())


@pytest.fixture(scope="session")
def scripts(browser, rows):
    """A page with `apply`, `Sync` and their kin as globals; `attempt(model, op)` gives `{after}` or `{refused}`."""
    page = browser.new_page()
    page.route(f"{ORIGIN}**", _serve)
    page.goto(ORIGIN)
    page.evaluate(
        """async (rows) => {
          Object.assign(window, await import("/document.js"), await import("/sync.js"), {rows});
          window.attempt = (model, op) => {
            try {
              return {after: apply(normal(model), op, rows)};
            } catch (error) {
              if (!(error instanceof Refused)) throw error;
              return {refused: error.message};
            }
          };
        }""",
        rows,
    )
    yield page
    page.close()


def _serve(route):
    name = route.request.url.removeprefix(ORIGIN)
    if name.endswith(".js"):
        route.fulfill(body=(SCRIPTS / name).read_text(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>canvas</title>", content_type="text/html")
