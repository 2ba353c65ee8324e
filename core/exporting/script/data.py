"""Writes the data section: read, split, prepare on the training part, and give the rows the model's shapes."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from core import graph
from core.data import shaping
from core.data.facts import places as places_of
from core.errors import ExportError
from core.exporting.script import balancing, columns, splitting, texts
from core.exporting.script.read import Read
from core.exporting.script.reading import read
from core.spec import BundledData, DownloadedData, ImagesData, Node, Project, TableData

if TYPE_CHECKING:
    from core.data.facts import DataFacts


def lines(project: Project, facts: DataFacts) -> tuple[list[str], set[str]]:
    """The source lines, and the import lines that they need.

    Raises:
        ExportError: if the data does not fit the model.
    """
    start = read(project, facts)
    found, imports = list(start.lines), set(start.imports)
    prepare, shape, needs = _prepare(project, facts, start)
    parts = [name for name in ("train", "validation", "test") if facts.parts.get(name)]
    whole = _on_whole(project, facts, start, shape)
    if whole and not prepare:
        found.append(f"x = {whole}")
    split, more = splitting.lines(project, facts, start, parts)
    balance, modules = balancing.lines(project, start)
    found += split + prepare + _over(parts, "x", "prepare({})" if prepare else "") + balance
    found += _inputs(project, facts, parts, whole if prepare else "")
    return found + _targets(project, facts, start, parts), imports | needs | more | modules


def _over(parts: list[str], name: str, expression: str) -> list[str]:
    """The expression applied to each part: `x_train = …`."""
    if not expression or expression == "{}":
        return []
    return [f"{name}_{part} = {expression.replace('{}', f'{name}_{part}')}" for part in parts]


def _prepare(project: Project, facts: DataFacts, start: Read) -> tuple[list[str], tuple[int, ...], set[str]]:
    """A function `prepare` that knows only the training part; the shape that it gives; what it imports."""
    scaling = project.data.scaling
    if scaling == "auto":
        scaling = "standard" if start.scaled else "none"
    if start.is_text and isinstance(project.data, TableData) and project.data.text:
        return [texts.prepare(project.data.text)], facts.feature_shape, {"from collections import Counter"}
    if start.is_frame or start.is_windows:
        body, needs = columns.prepare(facts, start.is_windows)
        return body, facts.feature_shape, needs
    if scaling == "none" or facts.kind == "text":
        return [], start.shape, set()
    if start.is_image or len(start.shape) > 1:
        return _by_hand(scaling, "" if start.is_image else "axis=0"), start.shape, set()
    scaler = columns.SCALERS[scaling]
    body = [f"scaler = {scaler}().fit(x_train)", _function('scaler.transform(x).astype("float32")')]
    return body, start.shape, {f"from sklearn.preprocessing import {scaler}"}


def _by_hand(scaling: str, axis: str) -> list[str]:
    """Pictures have one scale for all their pixels, which scikit-learn's scalers do not offer."""
    after = f", {axis}" if axis else ""
    if scaling == "standard":
        found = [f"shift, by = x_train.mean({axis}), x_train.std({axis})"]
    elif scaling == "robust":
        found = [f"low, shift, high = np.percentile(x_train, [25, 50, 75]{after})", "by = high - low"]
    else:
        found = [f"shift, by = x_train.min({axis}), np.ptp(x_train{after})"]
    found.append("by = np.where(by > 0, by, 1.0)")
    return [*found, _function('((x - shift) / by).astype("float32")')]


def _function(body: str) -> str:
    return f"\n\ndef prepare(x):\n    return {body}\n\n"


def _on_whole(project: Project, facts: DataFacts, start: Read, shape: tuple[int, ...]) -> str:
    """What can be done with all rows at once, for nothing is learned from them: pixels to 0..1, and the shape."""
    expression = "x"
    if start.white and project.data.scaling == "auto":
        expression = f'(x / {start.white:g}).astype("float32")'
    elif project.data.scaling == "none" and isinstance(project.data, BundledData | DownloadedData | ImagesData):
        expression = 'x.astype("float32")' if facts.kind != "text" else "x"
    nodes = graph.inputs(project.model)
    if len(nodes) == 1 and not project.data.inputs:
        expression += _reshape(nodes[0], shape)
    return "" if expression == "x" else expression


def _reshape(node: Node, came: tuple[int, ...]) -> str:
    """The call that gives rows the shape of an Input node; nothing if they have it."""
    asked = node.params.get("shape")
    if not isinstance(asked, list):
        return ""
    known = math.prod(size for size in asked if isinstance(size, int))
    total = math.prod(came)
    fits = len(asked) == len(came) and all(want in (None, have) for want, have in zip(asked, came, strict=True))
    if fits:
        return ""
    if asked.count(None) > 1 or not known or total % known or (None not in asked and known != total):
        raise ExportError(
            f"The Input layer {node.id!r} has the shape {asked}, but a row of the data has {list(came)}. "
            "Make them fit, and export again."
        )
    sizes = [str(size if isinstance(size, int) else total // known) for size in asked]
    return f".reshape(-1, {', '.join(sizes)})"


def _inputs(project: Project, facts: DataFacts, parts: list[str], whole: str) -> list[str]:
    """Several Input nodes get a tuple, each with its columns."""
    nodes = graph.inputs(project.model)
    if len(nodes) == 1 and not project.data.inputs:
        return _over(parts, "x", whole.replace("x", "{}", 1) if whole else "")
    groups = places_of(facts.columns)
    chosen = []
    for node in nodes:
        names = (project.data.inputs or {}).get(node.id)
        if names is None:
            chosen.append("{}" + _reshape(node, facts.feature_shape))
            continue
        before = "..." if len(facts.feature_shape) > 1 else ":"
        places = [place for name in names for place in groups.get(name, ())]
        chosen.append(f"{{}}[{before}, {places}]" + _reshape(node, (*facts.feature_shape[:-1], len(places))))
    joined = ", ".join(chosen) + ("," if len(chosen) == 1 else "")
    return _over(parts, "x", chosen[0] if len(chosen) == 1 else f"({joined})")


def _targets(project: Project, facts: DataFacts, start: Read, parts: list[str]) -> list[str]:
    """Each output gets its target in the form that its loss needs."""
    variables = {target.name: name for target, name in zip(facts.targets, start.targets, strict=False)}
    seen: Any = SimpleNamespace(target=facts.targets[0], targets=facts.targets)  # what `shaping` asks of a Raw
    found = []
    for part in parts:
        written = [_target(project, output, seen, variables, part) for output in project.model.outputs]
        if written != [f"y_{part}"]:
            found.append(f"y_{part} = {written[0] if len(written) == 1 else '(' + ', '.join(written) + ')'}")
    return found


def _target(project: Project, output: str, seen: Any, variables: dict[str, str], part: str) -> str:
    if shaping.names(project, output) == [shaping.FEATURES]:
        several = len(graph.inputs(project.model)) > 1
        first = f"x_{part}[0]" if several else f"x_{part}"
        shape = graph.inputs(project.model)[0].params.get("shape")
        width = shaping.units(project, output)
        is_flat = isinstance(shape, list) and len(shape) > 1 and width is not None
        return f"{first}.reshape(len({first}), -1)" if is_flat else first
    target = shaping.target_of(project, seen, output)
    variable = f"{variables[target.name]}_{part}"
    form = shaping.form(project, seen, output)
    if form == "one_hot":
        return f"keras.utils.to_categorical({variable}, {target.classes})"
    return variable if form == "integer" else f'{variable}.astype("float32").reshape(-1, 1)'
