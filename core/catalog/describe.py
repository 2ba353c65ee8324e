"""The catalog as plain data, for the command line."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel

from core.catalog.shelf import KINDS, REQUIRED, Entry, Kind, Param, entries
from core.spec import DataSpec


def describe(kind: Kind | None = None) -> list[dict[str, Any]]:
    """Every entry, offered or not, of one kind or of all."""
    kinds = KINDS if kind is None else (kind,)
    return [_entry(found) for some in kinds for found in entries(some, offered_only=False)]


def _entry(found: Entry) -> dict[str, Any]:
    return {
        "name": found.name,
        "kind": found.kind,
        "category": found.category,
        "parameters": [_param(param) for param in found.params],
        "help": found.summary,
        "offered": found.offered,
        "reason": found.reason,
    }


def _param(param: Param) -> dict[str, Any]:
    required = param.default is REQUIRED
    return {
        "name": param.name,
        "default": None if required else param.default,
        "required": required,
        "rule": str(param.rule),
        "help": param.help,
    }


def datasets() -> list[dict[str, Any]]:
    """Every source of data by name; its parameters are the fields of `data` in the project file."""
    return [
        {"name": name, "kind": "dataset", "parameters": _fields(kind), "help": kind.__doc__}
        for kind in get_args(get_args(DataSpec)[0])
        for name in get_args(kind.model_fields["source"].annotation)
    ]


def _fields(kind: type[BaseModel]) -> list[dict[str, Any]]:
    schema = kind.model_json_schema()
    return [
        {
            "name": name,
            "default": field.get("default"),
            "required": name in schema["required"],
            "rule": {key: rule for key, rule in field.items() if key not in ("default", "title")},
            "help": f"`data.{name}` of the project file.",
        }
        for name, field in schema["properties"].items()
        if name != "source"
    ]
