"""The sources of data as plain data, for the command line; apart, since it loads pydantic and the catalog does not."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel

from core.spec import DataSpec


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
