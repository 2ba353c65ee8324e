"""Checks of the layers' parameters: known, there, within their rules, and of a size that a machine can hold."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from typing import Any

from core import catalog
from core.catalog import Entry
from core.edits import Edit, Remove, ResetParam, SetParam
from core.errors import SpecError
from core.problems import Fix, Problem
from core.spec import Node
from core.validate.case import Case, found

MAX_PARAMETERS = 250_000_000
"""With Adam each parameter costs 16 bytes while it is trained: this many fill 4 GB."""
MAX_UNITS = 10_000_000
MAX_FEATURES = 100_000_000

_WIDTHS = ("units", "filters", "output_dim", "key_dim", "value_dim", "head_dim")


def layers_are_known(case: Case) -> Iterator[Problem]:
    for node in case.nodes.values():
        fix = Fix(f"Remove {node.id}", (Remove(node=node.id),))
        try:
            entry = catalog.entry("layer", node.layer)
        except SpecError as fault:
            yield Problem(node.id, "layer", f"{node.id}: {fault.message}", fix)
            continue
        if not entry.offered:
            message = f"{node.id}: {entry.name} cannot be used here. {entry.reason}"
            yield Problem(node.id, "layer", message, fix)


def params_obey_their_rules(case: Case) -> Iterator[Problem]:
    for node in case.nodes.values():
        entry = found("layer", node.layer)
        if entry is None or node.shared_with is not None:
            continue
        for name, sentence in entry.problems(node.params):
            yield Problem(node.id, name, f"{node.id}, {name}: {sentence}", _repair(node, entry, name))


def _repair(node: Node, entry: Entry, name: str) -> Fix:
    param = next((param for param in entry.params if param.name == name), None)
    reset = ResetParam(node=node.id, name=name)
    if param is None:
        return _renamed(node, entry, name) or Fix(f"Remove {name}", (reset,))
    if param.default is catalog.REQUIRED:
        return Fix(f"Set {name} to {_said(entry.starting_params().get(name))}", (reset,))
    return Fix(f"Reset {name} to {_said(param.default)}", (reset,))


def _renamed(node: Node, entry: Entry, name: str) -> Fix | None:
    free = [param.name for param in entry.params if param.name not in node.params]
    close = difflib.get_close_matches(name, free, n=1)
    if not close:
        return None
    edits: tuple[Edit, ...] = (
        ResetParam(node=node.id, name=name),
        SetParam(node=node.id, name=close[0], value=node.params[name]),
    )
    return Fix(f"Rename it to {close[0]}", edits)


def _said(value: Any) -> str:
    """A value as a button says it."""
    if isinstance(value, dict):
        return str(value.get("name", value))
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


def layers_fit_a_machine(case: Case) -> Iterator[Problem]:
    """Sizes that no memory holds, found before anything is built."""
    for node in case.nodes.values():
        entry = found("layer", node.layer)
        widths = [param.name for param in entry.params if param.name in _WIDTHS] if entry else []
        for name, value in node.params.items():
            if name in widths and type(value) is int and value > MAX_UNITS:
                message = (
                    f"needed at most {MAX_UNITS:,}, got {value:,}. No memory would hold its weights; choose fewer."
                )
                fix = Fix(f"Set {name} to 128", (SetParam(node=node.id, name=name, value=128),))
                yield Problem(node.id, name, f"{node.id}, {name}: {message}", fix)
        yield from _rows_are_small(node)
        yield from _tables_are_small(node)


def _rows_are_small(node: Node) -> Iterator[Problem]:
    shape = node.params.get("shape")
    if node.layer != "Input" or not isinstance(shape, list):
        return
    size = math.prod(value for value in shape if type(value) is int and value > 0)
    if size > MAX_FEATURES:
        message = f"one row would have {size:,} values; at most {MAX_FEATURES:,} fit. Choose a smaller shape."
        yield Problem(node.id, "shape", f"{node.id}, shape: {message}")


def _tables_are_small(node: Node) -> Iterator[Problem]:
    words, width = node.params.get("input_dim"), node.params.get("output_dim")
    if type(words) is int and type(width) is int and words > 0 and 0 < width <= MAX_UNITS:
        size = words * width
        if size > MAX_PARAMETERS:
            message = f"{words:,} × {width:,} are {size:,} weights; at most {MAX_PARAMETERS:,} fit. Choose fewer."
            yield Problem(node.id, "input_dim", f"{node.id}, input_dim: {message}")


CHECKS = (layers_are_known, params_obey_their_rules, layers_fit_a_machine)
