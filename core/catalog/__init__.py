"""What can be chosen: one row for every layer, optimizer, loss, metric, callback and small object of Keras."""

from __future__ import annotations

from core.catalog.advice import Recommendation, fits, recommend, resolve_accuracy
from core.catalog.describe import describe
from core.catalog.params import KerasRef
from core.catalog.rows import rows
from core.catalog.rules import Rule
from core.catalog.shelf import KINDS, REQUIRED, Arity, Entry, Kind, Param, Target, canonical_name, entries, entry, put
from core.errors import SpecError

__all__ = [
    "KINDS",
    "REQUIRED",
    "Arity",
    "Entry",
    "KerasRef",
    "Kind",
    "Param",
    "Recommendation",
    "Rule",
    "SpecError",
    "Target",
    "canonical_name",
    "describe",
    "entries",
    "entry",
    "fits",
    "recommend",
    "resolve_accuracy",
]

put(rows())
