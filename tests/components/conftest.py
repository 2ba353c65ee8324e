"""Pages in AppTest, on a store of their own and without an engine: what is known then is known without Keras."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.runner import service as services
from core.spec import Project

SCRIPT = """
from components import state
from components.pages import {page}
if state.open_project():
    {page}.render()
"""


class Opened:
    """A project on a page, as a person has it before them."""

    def __init__(self, service, project, page):
        self.service = service
        self.id = service.store.create_project(Project.model_validate(project))
        self.at = AppTest.from_string(SCRIPT.format(page=page), default_timeout=20)
        self.at.query_params["project"] = self.id
        self.run()

    def run(self):
        self.at.run()
        assert not self.at.exception, self.at.exception[0].message
        return self

    def field(self, label):
        """The widget of this label; exactly one has it."""
        kinds = ("text_input", "number_input", "selectbox", "multiselect", "toggle", "text_area", "button")
        found = [widget for kind in kinds for widget in self.at.get(kind) if widget.label.strip(":") == label]
        assert len(found) == 1, f"{len(found)} fields are called {label!r}"
        return found[0]

    def set(self, label, value):
        self.field(label).set_value(value)
        return self.run()

    def press(self, label):
        self.field(label).click()
        return self.run()

    def select(self, *nodes):
        self.at.session_state["eagerly"].selection = nodes
        return self.run()

    def has(self, label):
        return any(label in button.label for button in self.at.button)

    def says(self, words):
        texts = [*self.at.markdown, *self.at.caption, *self.at.error, *self.at.toast]
        return any(words in text.value.replace("\\", "") for text in texts)

    @property
    def project(self):
        """As it is stored."""
        return self.service.store.project(self.id).project

    def node(self, name):
        return next(node for node in self.project.model.nodes if node.id == name)


@pytest.fixture
def service(tmp_path, monkeypatch):
    monkeypatch.setenv("EAGERLY_HOME", str(tmp_path))
    monkeypatch.setattr(services, "_service", None)
    started = services.service()
    yield started
    started.store.close()


@pytest.fixture
def opened(service):
    return lambda project, page="model": Opened(service, project, page)


def node(name, layer, /, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


@pytest.fixture
def chain():
    """Three Dense layers, two of them with different units."""
    return {
        "name": "Chain",
        "data": {"source": "random", "shape": [10], "target": "real"},
        "model": {
            "nodes": [
                node("input_1", "Input", shape=[10]),
                node("dense_1", "Dense", "input_1", units=8, activation="relu"),
                node("dense_2", "Dense", "dense_1", units=16, activation="relu"),
                node("dense_3", "Dense", "dense_2", units=1),
            ],
            "outputs": ["dense_3"],
        },
    }


@pytest.fixture
def two_outputs(chain):
    model = chain["model"]
    model["nodes"].append(node("aside", "Dense", "dense_2", units=1))
    return {**chain, "model": {**model, "outputs": ["dense_3", "aside"]}}
