"""The text of `model.to_json()`, which is also `config.json` inside a `.keras` file, as a project."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from core import document
from core.errors import ImportRefused, SpecError
from core.importing import sizes, starting, text
from core.importing.compiling import Compiled
from core.importing.faults import Faults, named
from core.importing.flatten import Flat, Flattening
from core.importing.found import Found
from core.importing.limits import Limits
from core.importing.names import snake_case
from core.importing.written import MODELS, Model, Reader

_NETWORK = "network"  # what our own export calls the trained model behind the layers that prepare raw rows
_LEFT_OUT = "The layers in front that prepare raw rows are left out: the Data page prepares them here."
_PLAIN_NAME = re.compile(r"[\w .,+()-]{1,120}")


def is_model(value: Any) -> bool:
    """Is this JSON a model of Keras, not a project of ours?"""
    return isinstance(value, dict) and "class_name" in value and "config" in value


def read(raw: bytes, limits: Limits, name: str = "") -> Found:
    """The project of a JSON text; raises `ImportRefused` as `from_json` does."""
    return from_json(text.parsed(raw, limits), limits, name)


def from_json(value: Any, limits: Limits, name: str = "") -> Found:
    """The project for a model of Keras; nothing of it is built.

    Of a model that takes raw rows, as we export it, the network alone comes in where the layers in front of it do not.

    Args:
        value: parsed JSON.
        limits: how large a model may be.
        name: what to call the project; else as the model is called.

    Raises:
        ImportRefused: with each place that is refused (up to 20), what was found there, and what is allowed.
    """
    if not isinstance(value, dict) or value.get("class_name") not in MODELS:
        kind = value.get("class_name") if isinstance(value, dict) else value
        raise ImportRefused("class_name", f"needed a Functional or Sequential model of Keras, got {named(kind)}.")
    try:
        return _read(value, "", "layers", limits, name)
    except ImportRefused:
        inner = _network(value)
        if inner is None:
            raise
    path, network = inner
    group = f"layers/{snake_case(network['class_name'])}/layers"
    found = _read(network, path, group, limits, name or str(value["config"].get("name", "")))
    return replace(found, notes=(_LEFT_OUT, *found.notes))


def _network(value: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The model inside that gives all the outputs, and its place, if it is called as our export calls it."""
    config = value.get("config")
    layers = config.get("layers") if isinstance(config, dict) else None
    for index, layer in enumerate(layers if isinstance(layers, list) else ()):
        if isinstance(layer, dict) and layer.get("name") == _NETWORK and layer.get("class_name") in MODELS:
            return f"config.layers[{index}]", layer
    return None


def _read(value: dict[str, Any], path: str, group: str, limits: Limits, name: str) -> Found:
    """The project for a model that stands at `path`, its weights below `group`."""
    faults = Faults()
    reader = Reader(faults, limits)
    model = reader.model(value, path, group)
    faults.refuse()
    assert model is not None  # else there is a fault
    flat = Flattening(faults, limits, reader.notes).flat(model)
    faults.refuse()
    assert flat is not None
    sizes.refuse_too_large(flat.spec, flat.claims, limits)
    compiled = Compiled(faults, reader.notes, flat.outputs).read(value.get("compile_config"))
    faults.refuse()
    project, notes = _project(model, flat, compiled, name)
    return Found(project, (*reader.notes, *notes), flat.groups)


def _project(model: Model, flat: Flat, compiled: dict[str, Any], name: str) -> tuple[Any, tuple[str, ...]]:
    called = next((one for one in (name, model.name) if _PLAIN_NAME.fullmatch(one)), "Imported model")
    fields, notes = starting.fields(flat.spec, compiled)
    whole = {"name": called, "model": flat.spec.model_dump(mode="json", exclude_none=True), **fields}
    try:
        project = document.from_dict(whole)
    except SpecError as fault:
        raise ImportRefused(fault.path, fault.message) from None
    return project, notes
