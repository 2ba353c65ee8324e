"""What a run learned, as a student sees it: live while it trains, and one step of it taken apart."""

from __future__ import annotations

import math
import os
import re
import signal

import pytest
from PIL import Image
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


@pytest.fixture
def digits(page, server):
    """A network that has learned digits, on its Inspect page."""
    nodes = [
        node("pixels", "Input", shape=[8, 8, 1]),
        node("conv", "Conv2D", "pixels", filters=16, kernel_size=3, activation="relu"),
        node("flat", "Flatten", "conv"),
        node("answer", "Dense", "flat", units=10, activation="softmax"),
    ]
    project = Project.model_validate(
        {
            "data": {"source": "digits", "test_fraction": 0.2},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "SparseCategoricalCrossentropy"},
            "training": {"epochs": 8},
        }
    )
    store = Store(f"sqlite:///{server.home / 'eagerly.db'}")
    page.goto(f"{server.url}/?project={store.create_project(project)}")
    store.close()
    button(page, "^Train").click(timeout=LONG)
    expect(button(page, "^Stop")).to_be_visible(timeout=LONG)
    expect(button(page, "Continue")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="Inspect", exact=True).first.click()
    expect(page.get_by_text("Most confident mistakes")).to_be_visible(timeout=LONG)
    return page


def test_a_digit_that_is_drawn_is_read(digits):
    page = digits
    page.get_by_text("Try it", exact=True).click()
    pad = page.locator("canvas.pad")
    expect(pad).to_be_visible(timeout=LONG)
    answer = page.get_by_test_id("stMetricValue")
    assert answer.count() == 0  # nothing is said of an empty pad
    around = [(0.5 + 0.22 * math.cos(turn), 0.5 + 0.38 * math.sin(turn)) for turn in (step / 3 for step in range(20))]
    down = [(0.5, 0.1), (0.5, 0.9)]
    for digit, stroke in (("0", around), ("1", down)):
        page.get_by_role("button", name="Clear").click()
        expect(answer).to_have_count(0, timeout=LONG)
        box = pad.bounding_box()
        spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*spots[0])
        page.mouse.down()
        for spot in spots[1:]:
            page.mouse.move(*spot, steps=4)
        page.mouse.up()
        expect(answer).to_have_text(digit, timeout=LONG)


def test_a_photo_is_looked_at_and_not_kept(digits, server, tmp_path):
    page, there = digits, os.listdir(server.home / "uploads")
    page.get_by_text("Try it", exact=True).click()
    page.get_by_text("Upload", exact=True).click()
    photo = Image.new("L", (400, 300), 0)
    photo.paste(255, (190, 20, 230, 280))
    photo.save(tmp_path / "one.png")
    (tmp_path / "none.png").write_text("no picture")
    for file, sentence in (("none.png", "no picture that can be read"), ("one.png", "the middle of the picture")):
        page.locator("input[type=file]").set_input_files(tmp_path / file)
        expect(page.get_by_text(sentence)).to_be_visible(timeout=LONG)
    answer = page.get_by_test_id("stMetricValue")
    expect(answer).to_have_text("1", timeout=LONG)
    page.get_by_text("Swap dark and light").click()
    expect(answer).not_to_have_text("1", timeout=LONG)
    assert os.listdir(server.home / "uploads") == there
    expect(page.get_by_text("no picture that can be read")).to_have_count(0)


def test_the_final_test_is_taken_once_and_stays(digits):
    page = digits
    expect(page.get_by_text("test", exact=True)).to_have_count(0)  # no other view has these rows
    page.get_by_text("Final test", exact=True).click()
    expect(page.get_by_text("looked at once")).to_be_visible(timeout=LONG)
    button(page, "Take the final test").click()
    taken = page.get_by_text(re.compile(r"^Taken once, .* UTC: 359 rows, the last weights"))
    expect(taken).to_be_visible(timeout=LONG)
    before = taken.inner_text()
    page.reload()
    page.get_by_text("Final test", exact=True).click(timeout=LONG)
    expect(taken).to_have_text(before, timeout=LONG)
    expect(button(page, "Take the final test")).to_have_count(0)


def test_a_question_that_takes_long_says_so_and_can_be_left(digits, server):
    """Kernels that are stopped stand for a model that is slow."""
    page, kernels = digits, [int(folder.name) for folder in (server.home / "kernels").iterdir()]
    for kernel in kernels:
        os.kill(kernel, signal.SIGSTOP)
    try:
        page.get_by_text("One row", exact=True).click()
        expect(page.get_by_text(re.compile(r"Asking the model · \d+ s"))).to_be_visible(timeout=20_000)
        page.get_by_role("link", name="Runs", exact=True).first.click()
        expect(page.get_by_text("Select a run to open")).to_be_visible(timeout=5_000)
    finally:
        for kernel in kernels:
            os.kill(kernel, signal.SIGCONT)
    page.get_by_role("link", name="Inspect", exact=True).first.click()
    expect(page.get_by_text("Most confident mistakes")).to_be_visible(timeout=LONG)
