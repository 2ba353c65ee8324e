"""Edits of single values: a layer's parameter, or a field of data, compile and training."""

from __future__ import annotations

from typing import Any

from core import catalog, document, graph
from core.edits.kinds import ResetParam, Set, SetParam
from core.edits.references import find, with_model
from core.errors import SpecError
from core.spec import Node, Params, Project, Source

_ROOTS = ("name", "description", "data", "compile", "training")


def set_param(project: Project, edit: SetParam) -> Project:
    node = find(project.model, edit.node)
    entry = catalog.entry("layer", node.layer)
    params = {**node.params, entry.param(edit.name).name: edit.value}
    return _with_params(project, node, params)


def reset_param(project: Project, edit: ResetParam) -> Project:
    """Also takes away a parameter that Keras does not know."""
    node = find(project.model, edit.node)
    params = {name: value for name, value in node.params.items() if name != edit.name}
    entry = catalog.entry("layer", node.layer)
    if any(param.name == edit.name and param.default is catalog.REQUIRED for param in entry.params):
        params[edit.name] = entry.starting_params()[edit.name]
    return _with_params(project, node, params)


def _with_params(project: Project, node: Node, params: Params) -> Project:
    """Nodes that share weights are one layer, so they change together."""
    group = graph.sharing(project.model, node)
    nodes = tuple(
        other.model_copy(update={"params": params}) if other is node or other.id in group else other
        for other in project.model.nodes
    )
    return with_model(project, project.model.model_copy(update={"nodes": nodes}))


def set_field(project: Project, edit: Set) -> Project:
    """The whole project is read anew, so that a wrong value is refused as in a file."""
    *way, last = edit.path.split(".")
    if (way or [last])[0] not in _ROOTS:
        raise SpecError(edit.path, f"needed a path that begins with one of {', '.join(_ROOTS)}.")
    whole = document.to_dict(project)
    place: Any = whole
    for part in way:
        place = _inside(place, part, edit.path)
    _put(place, last, edit.value, edit.path)
    if edit.path == "data.source":
        kept = {name: value for name, value in whole["data"].items() if name in Source.model_fields}
        whole["data"] = {**kept, "source": edit.value}
    return document.from_dict(whole)


def _inside(place: Any, part: str, path: str) -> Any:
    if isinstance(place, list) and part.isdecimal() and int(part) < len(place):
        return place[int(part)]
    if isinstance(place, dict) and part in place:
        return place[part]
    raise SpecError(path, f"there is no {part!r} in this project.")


def _put(place: Any, name: str, value: Any, path: str) -> None:
    if isinstance(place, dict):
        place[name] = value
    elif isinstance(place, list) and name.isdecimal() and int(name) <= len(place):
        place[int(name) : int(name) + 1] = [value]
    else:
        raise SpecError(path, f"there is no {name!r} in this project.")
