"""The catalog agrees with the Keras that is installed."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from core import catalog
from core.catalog.params import KerasRef

pytestmark = pytest.mark.keras
ROOT = Path(__file__).parents[2]
OFFERED = [entry for kind in catalog.KINDS for entry in catalog.entries(kind) if kind != "activation"]


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


@pytest.fixture(scope="module")
def generator(keras):
    spec = importlib.util.spec_from_file_location("generate_catalog", ROOT / "tools" / "generate_catalog.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(generator, kind, name, params):
    """The Keras object; nested layers and schedules are made first."""
    thing = getattr(generator.MODULES[kind], name)
    rules = {param.name: param.rule for param in catalog.entry(kind, name).params}
    return thing(
        **{
            field: made(generator, rules[field].kind, value["name"], value["params"])
            if isinstance(value, dict) and isinstance(rules[field], KerasRef)
            else value
            for field, value in params.items()
        }
    )


def test_the_facts_are_those_of_the_installed_keras(generator):
    written = json.loads((ROOT / "core" / "catalog" / "facts.json").read_text())
    read = json.loads(generator.write(generator.facts()))
    assert written["keras"] == read["keras"], "run: python tools/generate_catalog.py"
    assert written == read, "run: python tools/generate_catalog.py"


@pytest.mark.parametrize("entry", OFFERED, ids=lambda entry: f"{entry.kind}-{entry.name}")
def test_keras_takes_what_is_added_and_every_default_written_out(generator, entry):
    starting = entry.starting_params()
    assert made(generator, entry.kind, entry.name, starting) is not None
    defaults = {param.name: param.default for param in entry.params if param.default is not catalog.REQUIRED}
    assert made(generator, entry.kind, entry.name, {**defaults, **starting}) is not None


def test_every_offered_activation_is_one_of_keras(keras):
    for entry in catalog.entries("activation"):
        assert callable(getattr(keras.activations, entry.name))


@pytest.mark.parametrize(
    ("layer", "params"),
    [
        ("Dense", {"units": 0}),
        ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "causal"}),
        ("Dropout", {"rate": 1.5}),
        ("Attention", {"score_mode": "sum"}),
        ("Permute", {"dims": [0, 1]}),
    ],
)
def test_what_keras_refuses_is_refused_first(keras, layer, params):
    assert list(catalog.entry("layer", layer).problems(params))
    with pytest.raises(ValueError):  # noqa: PT011
        getattr(keras.layers, layer)(**params)
