"""The graph canvas in a real browser: built by mouse, built by keys, nothing lost, nothing trusted, readable by all."""

from __future__ import annotations

import json
import random
import re
import urllib.request

import pytest
from playwright.sync_api import expect

from core import document, gallery
from core.store import Store

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]
LONG = 60_000


class Canvas:
    """What a person does on the canvas, and what the store then has."""

    def __init__(self, page, server, project):
        self.page = page
        self.store = Store(f"sqlite:///{server.home / 'eagerly.db'}")
        self.id = self.store.create_project(project)
        page.goto(f"{server.url}/?project={self.id}")
        page.get_by_role("link", name="Model", exact=True).first.click(timeout=LONG)
        expect(page.get_by_text("1,797 images")).to_be_visible(timeout=LONG)  # so the engine is warm
        expect(self.surface).to_be_visible(timeout=LONG)

    @property
    def surface(self):
        return self.page.locator(".surface")

    @property
    def said(self):
        return self.page.locator(".spoken").last

    @property
    def toast(self):
        return self.page.locator(".toast")

    def node(self, name):
        return self.page.locator(f'.node[data-id="{name}"]')

    def add(self, layer, made):
        self.page.get_by_role("button", name=f"Add {layer}", exact=True).click()
        expect(self.node(made)).to_be_visible()

    def type_in(self, layer, made):
        """By keys alone, behind the layer that has the focus."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(layer)
        self.page.keyboard.press("Enter")
        expect(self.node(made)).to_be_focused()

    def drag(self, start, end):
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(start[0] + 20, start[1] + 20, steps=3)
        self.page.mouse.move(*end, steps=6)
        self.page.mouse.up()

    def middle(self, locator):
        box = locator.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    @property
    def model(self):
        return self.store.project(self.id).project.model

    def links(self):
        return {node.id: list(node.inputs) for node in self.model.nodes}

    def eventually(self, holds):
        """Until the server has what the browser shows."""
        for _ in range(200):
            if holds(self.model):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"the store still has {self.links()}, outputs {self.model.outputs}")


@pytest.fixture
def opened(page, server):
    """Opens a project of this model on the canvas."""
    expect.set_options(timeout=15_000)
    made = []

    def opened(nodes=(), outputs=(), blocks=()):
        project = gallery.load("digits_cnn")
        model = {"nodes": list(nodes), "outputs": list(outputs), "blocks": list(blocks)}
        made.append(Canvas(page, server, document.load(json.dumps({**document.to_dict(project), "model": model}))))
        return made[-1]

    yield opened
    for canvas in made:
        canvas.store.close()
    expect.set_options(timeout=5_000)


def chain(count):
    nodes = [{"id": "input_1", "layer": "Input", "params": {"shape": [64]}, "inputs": []}]
    for number in range(1, count):
        nodes.append({"id": f"dense_{number}", "layer": "Dense", "params": {"units": 8}, "inputs": [nodes[-1]["id"]]})
    return nodes


RESIDUAL = {
    "input_1": [],
    "conv2d_1": ["input_1"],
    "conv2d_2": ["conv2d_1"],
    "add_1": ["conv2d_2", "input_1"],
}


def test_a_residual_block_by_mouse_alone(opened):
    canvas = opened()
    expect(canvas.surface).to_contain_text("Click a layer on the left")
    canvas.add("Conv2D", "conv2d_1")
    canvas.add("Conv2D", "conv2d_2")
    canvas.add("Add", "add_1")
    canvas.page.mouse.move(5, 5)
    port = canvas.middle(canvas.node("input_1").locator(".port.out"))
    canvas.drag(port, canvas.middle(canvas.node("add_1")))
    canvas.eventually(lambda model: {node.id: list(node.inputs) for node in model.nodes} == RESIDUAL)
    assert canvas.model.outputs == ("add_1",)
    assert list(canvas.model.nodes[0].params["shape"]) == [8, 8, 1]  # what the data gives, not a made-up size
    expect(canvas.node("input_1")).to_contain_text("→ 8×8×1", timeout=LONG)


def test_a_residual_block_by_keyboard_alone(opened):
    canvas = opened()
    canvas.surface.focus()
    canvas.type_in("conv2d", "conv2d_1")
    canvas.type_in("conv2d", "conv2d_2")
    canvas.type_in("add", "add_1")
    canvas.page.keyboard.press("Home")
    expect(canvas.node("input_1")).to_be_focused()
    canvas.page.keyboard.press("c")
    for _ in range(5):
        if "to add_1?" in canvas.said.inner_text():
            break
        canvas.page.keyboard.press("ArrowDown")
    canvas.page.keyboard.press("Enter")
    expect(canvas.said).to_have_text("input_1 feeds add_1.")
    canvas.eventually(lambda model: {node.id: list(node.inputs) for node in model.nodes} == RESIDUAL)
    canvas.page.keyboard.press("Control+z")
    canvas.eventually(lambda model: model.nodes[-1].inputs == ("conv2d_2",))
    expect(canvas.node("add_1")).to_be_focused()  # the focus is never lost


def test_a_circle_is_refused_with_a_sentence(opened):
    canvas = opened(chain(3), ["dense_2"])
    below, above = canvas.node("dense_2"), canvas.node("dense_1")
    expect(below).to_be_visible()
    canvas.drag(canvas.middle(below.locator(".port.out")), canvas.middle(above))
    expect(canvas.toast).to_contain_text("circle")
    assert canvas.links() == {"input_1": [], "dense_1": ["input_1"], "dense_2": ["dense_1"]}


def test_a_layer_dropped_on_a_link_stands_in_it(opened):
    canvas = opened(chain(3), ["dense_2"])
    expect(canvas.node("dense_2")).to_be_visible()
    above, below = canvas.node("dense_1").bounding_box(), canvas.node("dense_2").bounding_box()
    gap = (above["x"] + above["width"] / 2, (above["y"] + above["height"] + below["y"]) / 2)
    dropout = canvas.page.get_by_role("button", name="Add Dropout", exact=True)
    dropout.scroll_into_view_if_needed()
    canvas.drag(canvas.middle(dropout), gap)
    canvas.eventually(lambda model: {node.id: node.inputs for node in model.nodes}.get("dense_2") == ("dropout_1",))
    assert canvas.links()["dropout_1"] == ["dense_1"]
    canvas.page.keyboard.press("Delete")  # and the chain heals
    canvas.eventually(lambda model: {node.id: node.inputs for node in model.nodes}.get("dense_2") == ("dense_1",))


FOCUS_ONE = """(all, chance) => {
  const layers = all.filter((node) => node.dataset.id !== "input_1");
  layers[Math.floor(chance * layers.length)].focus();
}"""


def test_a_hundred_operations_while_the_script_reruns(opened):
    canvas = opened(chain(8), ["dense_7"])
    expect(canvas.node("dense_7")).to_be_visible()
    chance = random.Random(3)
    expected = 8
    for _ in range(100):
        canvas.page.locator(".node").evaluate_all(FOCUS_ONE, chance.random())
        canvas.page.keyboard.press("Escape")
        if chance.random() < 0.4 and expected > 5:
            canvas.page.keyboard.press("Delete")
            expected -= 1
        else:
            canvas.page.keyboard.press("Control+d")
            expected += 1
    names = canvas.page.locator(".node").evaluate_all("all => all.map(node => node.dataset.id)")
    shown = set(names)
    canvas.eventually(lambda model: len(model.nodes) == expected and shown <= {node.id for node in model.nodes})
    assert len({node.id for node in canvas.model.nodes}) == expected  # none is done twice


def test_html_in_a_name_is_text(opened):
    canvas = opened(chain(2), ["dense_1"])
    expect(canvas.node("dense_1")).to_be_visible()
    evil = '<img src=x onerror="window.hacked=1">'
    project = document.to_dict(canvas.store.project(canvas.id).project)
    stolen = {"kind": "eagerly layers", "nodes": [{"id": evil, "layer": "Dense", "params": {"activation": evil}}]}
    assert project["model"]["nodes"][1]["id"] == "dense_1"
    canvas.node("dense_1").click()
    paste(canvas, json.dumps(stolen))
    expect(canvas.node("dense_2").locator(".brief")).to_contain_text("<img src=x")
    assert canvas.page.locator(".canvas img").count() == 0
    assert canvas.page.evaluate("window.hacked") is None


def paste(canvas, text):
    canvas.surface.evaluate(
        """(surface, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          surface.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
        }""",
        text,
    )


@pytest.mark.parametrize("text", ['{"cells": []}', "[1, 2", "null", '{"kind": "eagerly layers", "nodes": [{"id": 3}]}'])
def test_a_foreign_paste_is_refused_with_a_sentence(opened, text):
    canvas = opened(chain(2), ["dense_1"])
    expect(canvas.node("dense_1")).to_be_visible()
    paste(canvas, text)
    expect(canvas.toast).to_contain_text("no layers of Eagerly")
    assert len(canvas.model.nodes) == 2


def test_copy_and_paste_keep_the_links_within(opened):
    canvas = opened(chain(3), ["dense_2"])
    canvas.node("dense_1").click()
    canvas.node("dense_2").click(modifiers=["Shift"])
    canvas.page.keyboard.press("Control+c")
    canvas.page.keyboard.press("Control+v")
    canvas.eventually(lambda model: len(model.nodes) == 5)
    assert canvas.links()["dense_4"] == ["dense_3"]
    assert canvas.links()["dense_3"] == []


def test_a_block_closes_to_one_node_and_opens_again(opened):
    blocks = [{"id": "block_1", "nodes": ["dense_1", "dense_2"], "repeat": 3}]
    canvas = opened(chain(4), ["dense_3"], blocks)
    expect(canvas.page.locator(".frame")).to_contain_text("×3")
    canvas.node("dense_1").click()
    canvas.page.keyboard.press("o")
    expect(canvas.node("block_1")).to_contain_text("2 layers ×3")
    expect(canvas.node("dense_1")).to_have_count(0)
    canvas.eventually(lambda model: not model.blocks[0].open)
    canvas.page.keyboard.press("o")
    expect(canvas.node("dense_1")).to_be_visible()


def test_a_screen_reader_hears_what_a_layer_is(opened):
    canvas = opened(chain(3), ["dense_2"])
    expect(canvas.node("dense_1")).to_have_attribute(
        "aria-label", re.compile(r"^dense_1, Dense, 8, output 8, 520 parameters"), timeout=LONG
    )
    expect(canvas.node("dense_1")).to_have_attribute("aria-pressed", "false")
    canvas.node("dense_1").click()
    expect(canvas.node("dense_1")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, page, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    canvas = opened(chain(4), ["dense_3"])
    canvas.node("dense_1").click()
    canvas.page.keyboard.press("k")
    canvas.page.wait_for_timeout(600)  # a selected palette entry fades; axe measures colours
    found = axe.run(page, context={"include": [[".st-key-canvas"]]})
    serious = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert not serious, [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in serious]


@pytest.mark.parametrize("name", ["..%2f..%2fcanvas.py", "canvas.py", "%2e%2e%2frows.py", "nothing.js"])
def test_only_the_canvas_s_own_files_are_served(server, name):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}/canvas/x/{name}")
    assert refused.value.code in (400, 404)  # Streamlit refuses what looks like a path by itself
    with urllib.request.urlopen(f"{server.url}/canvas/x/catalog.json") as answer:
        assert json.load(answer)["Dense"]["brief"] == ["units", "activation"]
        assert answer.headers["Cache-Control"] == "no-cache"  # the version in the address is not this one


def overlaps(one, other):
    apart_across = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return not apart_across and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]


def test_the_shapes_beside_links_into_one_layer_do_not_lie_on_each_other(page, server):
    canvas = Canvas(page, server, gallery.load("residual"))
    labels = page.locator("text.flow").filter(has_text=re.compile(r"\d"))
    expect(labels.first).to_be_visible(timeout=LONG)
    seen = [(label.text_content(), label.bounding_box()) for label in labels.all()]
    assert len(seen) >= len(canvas.model.nodes) - 1
    canvas.store.close()
    close = [(one, other) for at, one in enumerate(seen) for other in seen[:at] if overlaps(one[1], other[1])]
    assert close == []
