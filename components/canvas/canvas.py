"""The model as a graph of layers: what the browser is told, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from components import state, words
from components.canvas import assets
from components.panels.totals import totals
from core.exporting.python import model_code
from core.runner.checking import Checked
from core.spec import ModelSpec, Project

_component = st.components.v2.component(
    "graph_canvas",
    js=(Path(__file__).parent / "loader.js").read_text(encoding="utf-8"),
)


def render(checked: Checked, *, key: str) -> None:
    """Draw the project of this tab; what the user does to it is done to the project, each thing once."""
    stored = state.current().stored
    client = _client(key)
    canvas(
        {
            "project": stored.id,
            "revision": stored.revision,
            "client": client,
            "ack": state.acknowledged(client) if client else 0,
            "model": stored.project.model.model_dump(mode="json"),
            "answers": _answers(stored.project.model, checked),
            "is_complete": checked.complete,
            "totals": [total._asdict() for total in totals(checked)],
            "problems": len(checked.problems),
            "shape": list(checked.facts.feature_shape) if checked.facts else [],
            "code": _code(stored.project),
            "can_undo": stored.can_undo,
            "can_redo": stored.can_redo,
            "selected": list(state.selected()),
        },
        key=key,
    )


def canvas(data: Mapping[str, Any], *, key: str) -> None:
    """Mount the component.

    Args:
        data: what it shows; `components/canvas/js/editor.js` reads it.
        key: the operations that the browser sends arrive under it, each until it has been acknowledged.
    """
    _component(
        key=key,
        data={**data, "version": assets.version()},
        default={"ops": None, "selected": None},
        on_ops_change=partial(_operate, key),
        on_selected_change=partial(_select, key),
        height="content",
    )


def _said(key: str, name: str) -> Mapping[str, Any]:
    """What the browser said last under that name."""
    try:
        found = state.value(key).get(name)
    except KeyError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _client(key: str) -> str:
    return str(_said(key, "ops").get("client", ""))[:64]


def _operate(key: str) -> None:
    said = _said(key, "ops")
    operations = said.get("ops")
    if isinstance(operations, list) and said.get("project") == state.current().stored.id:
        state.operate(_client(key), operations)


def _select(key: str) -> None:
    ids = _said(key, "selected").get("nodes")
    if isinstance(ids, list):
        state.select([name for name in ids if isinstance(name, str)])


def _answers(model: ModelSpec, checked: Checked) -> dict[str, dict[str, Any]]:
    sentences: dict[str, list[str]] = {}
    for problem in checked.problems:
        if problem.node:
            sentences.setdefault(problem.node, []).append(problem.message)
    return {node.id: _answer(checked.nodes.get(node.id, {}), sentences.get(node.id, [])) for node in model.nodes}


def _answer(found: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    shape = found.get("output_shape")
    return {
        "shape": words.shape(shape) if shape is not None else None,
        "slots": len(shape) if shape and isinstance(shape[0], list) else 1,
        "parameters": found.get("parameters"),
        "problems": problems,
    }


def _code(project: Project) -> dict[str, Any]:
    """The model as Keras code, and the first and last line of each layer, counted from 1."""
    code = model_code(project)
    return {"text": code.text, "lines": {name: list(lines) for name, lines in code.lines.items()}}
