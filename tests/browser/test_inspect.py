"""What a run learned, as a student sees it: live while it trains, and one step of it taken apart."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core.spec import Project
from core.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]

LONG = 60_000


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


@pytest.fixture
def training(page, server):
    """A network of two inputs that trains for long, on its Inspect page."""
    nodes = [
        node("rows", "Input", shape=[2]),
        node("hidden", "Dense", "rows", units=4, activation="tanh"),
        node("answer", "Dense", "hidden", units=1, activation="sigmoid"),
    ]
    project = Project.model_validate(
        {
            "data": {"source": "circle", "rows": 200},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "BinaryCrossentropy"},
            "training": {"epochs": 100_000},
        }
    )
    store = Store(f"sqlite:///{server.home / 'eagerly.db'}")
    page.goto(f"{server.url}/?project={store.create_project(project)}")
    store.close()
    button(page, "^Train").click(timeout=LONG)
    expect(button(page, "^Stop")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="Inspect", exact=True).first.click()  # at once, while the run is starting
    yield page
    if button(page, "^Stop").is_visible():
        button(page, "^Stop").click()


def button(page, name):
    return page.get_by_role("button", name=re.compile(name)).first


def picture(page):
    return page.evaluate("() => document.querySelector('body').innerText && plane().toDataURL()")


FIND = """
    window.plane = () => {
      const find = (root) => root.querySelector("section.plane canvas")
        ?? [...root.querySelectorAll("*")].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
      return find(document);
    };
"""


def test_the_plane_follows_the_run_and_shows_each_unit(training):
    page = training
    canvas = page.locator("section.plane .main canvas")
    expect(canvas).to_have_attribute("data-pictures", re.compile(r"\d\d+"), timeout=LONG)  # ten and more, by themselves
    expect(page.get_by_text(re.compile(r"Epoch \d+ · \d+ pictures a second"))).to_be_visible(timeout=LONG)
    page.evaluate(FIND)
    answer = picture(page)
    page.get_by_label("Show unit 2 of hidden in the plane").hover()
    expect(page.get_by_text("Unit 2 of hidden")).to_be_visible()
    page.wait_for_function("(before) => plane().toDataURL() !== before", arg=answer)
    assert page.locator("section.plane .unit").count() == 2 + 4 + 1
    button(page, "^Stop").click()
    page.mouse.move(0, 0)
    expect(page.get_by_text(re.compile(r"^Epoch \d+$"))).to_be_visible(timeout=LONG)  # and no more pace


def test_one_batch_is_taken_apart_while_the_run_goes_on(training):
    page = training
    page.get_by_text("One batch", exact=True).click(timeout=LONG)
    expect(page.get_by_text("Take batch 0")).to_be_visible(timeout=LONG)
    for step, code in (("→ hidden", "get_layer"), ("← answer", "tape.gradient"), ("Update: Adam", "optimizer.apply")):
        page.get_by_text(step, exact=True).click()
        expect(page.locator("code").filter(has_text=code).first).to_be_visible(timeout=LONG)
    expect(button(page, "^Stop")).to_be_visible()  # it still trains
