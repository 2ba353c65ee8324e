"""The words of a catalog row: a parameter, and the rules that it may have."""

from __future__ import annotations

from core.catalog.references import KerasRef
from core.catalog.rules import (
    AnyJson,
    AnyOf,
    Flag,
    IntBetween,
    Null,
    OneOf,
    RealBetween,
    Rule,
    Shape,
    Text,
    TupleOf,
    nullable,
)
from core.catalog.shelf import REQUIRED, Param

__all__ = [
    "REQUIRED",
    "AnyJson",
    "AnyOf",
    "Flag",
    "IntBetween",
    "KerasRef",
    "Null",
    "OneOf",
    "Param",
    "RealBetween",
    "Rule",
    "Shape",
    "Text",
    "TupleOf",
    "nullable",
]
