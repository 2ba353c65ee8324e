"""The catalog as plain data, for the command line."""

from __future__ import annotations

from typing import Any

from core.catalog.shelf import KINDS, REQUIRED, Entry, Kind, Param, entries


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
