"""Reads and writes the project file: JSON text in, a project with Keras's full names out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from core import catalog
from core.errors import SpecError
from core.spec import VERSION, Choice, CompileSpec, ModelSpec, Node, Project

MAX_BYTES = 2_000_000
MAX_DEPTH = 64

Document = dict[str, Any]
_KEEP_THE_WIDTH = ("Activation", "Softmax", "Dropout", "ReLU", "Identity")
MIGRATIONS: dict[int, Callable[[Document], Document]] = {}
"""For each old version the step to the next one; version 1 is the first, so there is none yet."""


def load(text: str | bytes) -> Project:
    """The project that a JSON text describes, short names written out in full.

    Raises:
        SpecError: if the text is no JSON, too new, or has a field that is unknown or wrong;
            the path names the first such field, the message all of them.
    """
    return from_dict(_parse(text))


def from_dict(document: Any) -> Project:
    """The project that parsed JSON describes; raises `SpecError` as `load` does."""
    if not isinstance(document, dict):
        raise SpecError("", f"A project file is a JSON object in braces; this one is a {type(document).__name__}.")
    try:
        project = Project.model_validate(_migrate(document))
    except ValidationError as refusal:
        raise _spec_error(refusal) from None
    return canonical(project)


def dump(project: Project) -> str:
    """The project as JSON text that `load` reads back without loss.

    Raises:
        SpecError: if the text would be one that `load` refuses.
    """
    try:
        text = project.model_dump_json(indent=2, exclude_none=True) + "\n"
    except PydanticSerializationError:
        raise SpecError("", "A value holds text that is not Unicode, so it cannot be kept.") from None
    if len(text) > MAX_BYTES:
        raise SpecError("", f"A project file has at most {MAX_BYTES:,} bytes; this one would have {len(text):,}.")
    _refuse_deep_nesting(text)
    return text


def to_dict(project: Project) -> Document:
    """The project as JSON data; fields that are unset and optional are left out."""
    return project.model_dump(mode="json", exclude_none=True)


def canonical(project: Project) -> Project:
    """The same project with `adam` written `Adam`, `mse` written `MeanSquaredError`, and so on."""
    nodes = tuple(_full_node(node) for node in project.model.nodes)
    training = project.training
    callbacks = tuple(_full_choice("callback", choice) for choice in training.callbacks)
    return project.model_copy(
        update={
            "model": project.model.model_copy(update={"nodes": nodes}),
            "compile": _canonical_compile(project),
            "training": training.model_copy(update={"callbacks": callbacks}),
        }
    )


def _full_node(node: Node) -> Node:
    layer = _full("layer", node.layer)
    return node if layer == node.layer else node.model_copy(update={"layer": layer})


def _canonical_compile(project: Project) -> CompileSpec:
    spec, outputs = project.compile, project.model.outputs
    loss, metrics = spec.loss, spec.metrics
    return spec.model_copy(
        update={
            "optimizer": _full_choice("optimizer", spec.optimizer),
            "loss": _full_choice("loss", loss)
            if isinstance(loss, Choice)
            else {node: _full_choice("loss", choice) for node, choice in loss.items()},
            "metrics": {node: _full_metrics(project, some, node) for node, some in metrics.items()}
            if isinstance(metrics, dict)
            else _full_metrics(project, metrics, outputs[0] if outputs else ""),
        }
    )


def _full_metrics(project: Project, metrics: tuple[Choice, ...], output: str) -> tuple[Choice, ...]:
    """Full names; `accuracy` becomes the accuracy that goes with the output."""
    return tuple(
        choice.model_copy(update={"name": _accuracy(project, output)})
        if choice.name.lower() in ("accuracy", "acc")
        else _full_choice("metric", choice)
        for choice in metrics
    )


def _accuracy(project: Project, output: str) -> str:
    """As Keras resolves it: by how many numbers the output has, and whether the target has as many.

    See `keras.src.trainers.compile_utils.get_metric`. Where the number does not follow from the layers, the loss
    and the data decide.
    """
    loss = project.compile.loss
    own = loss if isinstance(loss, Choice) else loss.get(output.partition(":")[0])
    name = _full_choice("loss", own).name if own else ""
    width = _width(project.model, output)
    if width == 1:
        return catalog.resolve_accuracy(name, "binary")
    taken = _targets(name)
    many = width is not None or getattr(project.data, "target", None) == "one_hot"
    kind = next((kind for kind in ("one_hot", "integer") if many and kind in taken), None)
    return catalog.resolve_accuracy(name, kind)


def _targets(loss: str) -> tuple[str, ...]:
    """What a loss can be compared with; a user's own gets a target that is as wide as the output."""
    try:
        return ("one_hot",) if loss == "custom" else catalog.entry("loss", loss).target
    except SpecError:
        return ()


def _width(model: ModelSpec, output: str) -> int | None:
    """How many numbers a row the output has: the `units` of the nearest layer above it that has them."""
    nodes = {node.id: node for node in model.nodes}
    node = nodes.get(output.partition(":")[0])
    for _ in nodes:
        units = node.params.get("units") if node else None
        if node is None or type(units) is int:
            return units if type(units) is int else None
        if len(node.inputs) != 1 or node.layer not in _KEEP_THE_WIDTH:
            return None
        node = nodes.get(node.inputs[0].partition(":")[0])
    return None


def _full_choice(kind: catalog.Kind, choice: Choice) -> Choice:
    return choice if choice.name == "custom" else choice.model_copy(update={"name": _full(kind, choice.name)})


def _full(kind: catalog.Kind, name: str) -> str:
    """Unknown names stay as they are: `core.validate` reports them, all at once."""
    try:
        return catalog.canonical_name(kind, name)
    except SpecError:
        return name


def _migrate(document: Document) -> Document:
    version = document.get("version", VERSION)
    if type(version) is not int or version < 1:
        raise SpecError("version", f"needed a whole number from 1 to {VERSION}, got {version!r}.")
    if version > VERSION:
        raise SpecError(
            "version",
            f"this project is of version {version}, made by a newer Eagerly; "
            f"this one reads up to version {VERSION}. Update Eagerly and open it again.",
        )
    for old in range(version, VERSION):
        document = MIGRATIONS[old](document)
    return document


def _parse(text: str | bytes) -> Any:
    if len(text) > MAX_BYTES:
        raise SpecError("", f"A project file has at most {MAX_BYTES:,} bytes; this one has {len(text):,}.")
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        _refuse_deep_nesting(plain)
        return json.loads(plain, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise SpecError("", "A project file is UTF-8 text; this file is not.") from None
    except json.JSONDecodeError as fault:
        raise SpecError(
            "", f"This is no JSON: {fault.msg.lower()} at line {fault.lineno}, column {fault.colno}."
        ) from None
    except (ValueError, RecursionError) as fault:  # a number of more than 4,300 digits
        raise SpecError("", f"This JSON cannot be read: {fault}.") from None


def _refuse_deep_nesting(text: str) -> None:
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise SpecError("", f"A project file nests at most {MAX_DEPTH} brackets deep; this one nests {deepest}.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> Document:
    found: Document = {}
    for name, value in pairs:
        if name in found:
            raise SpecError(name, "this name stands twice in one object. Keep one of the two.")
        found[name] = value
    return found


def _refuse_constant(text: str) -> None:
    raise SpecError("", f"{text} is no JSON number. Write a finite number.")


def _spec_error(refusal: ValidationError) -> SpecError:
    """One error for all that pydantic found; data's union tag is left out of the paths."""
    faults = [(_path(fault["loc"]), _sentence(dict(fault))) for fault in refusal.errors(include_url=False)]
    path, first = faults[0]
    others = "".join(f" Also {path}: {sentence}" for path, sentence in faults[1:10])
    return SpecError(path, first + others)


def _path(place: tuple[int | str, ...]) -> str:
    parts = [part for index, part in enumerate(place) if not (index == 1 and place[0] == "data")]
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.lstrip(".")


def _sentence(fault: dict[str, Any]) -> str:
    if fault["type"] == "extra_forbidden":
        return "Eagerly knows no such field. Remove it, or check its spelling."
    if fault["type"] == "missing":
        return "this field is needed, and it is not there."
    if fault["type"] == "union_tag_invalid":
        return f"needed one of {fault['ctx']['expected_tags']}, got {fault['ctx']['tag']!r}."
    if fault["type"] == "union_tag_not_found":
        return 'needed an object with a field `source`, such as {"source": "digits"}.'
    needed = fault["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"needed {needed}; got {fault['input']!r:.80}."
