"""A profile of the rows: each column's distribution, how columns go together, and what may mislead a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.data.facts import Array
from core.data.loading import Prepared
from core.data.profiles import distributions, hints, leaks, relations
from core.data.profiles.found import ColumnProfile, Fix, Hint, Profile, Role
from core.data.profiles.repairs import can_change, give_role
from core.data.raw import Raw
from core.data.windows import Windows
from core.spec import DataSpec

__all__ = ["ColumnProfile", "Fix", "Hint", "Profile", "Role", "can_change", "give_role", "profile"]

MOST_COLUMNS = 500
_VALUES = {"image": "pixel", "sequence": "value", "text": "number"}
"""What the one column of rows is called that have no columns of their own."""


def profile(data: DataSpec, ready: Prepared) -> Profile:
    """What is in the rows that were read, before scaling; the split is looked at for rows that stand in two parts."""
    raw = ready.raw
    columns = (*_targets(raw), *_features(raw), *_left_out(raw))
    numbers = _numbers(raw, columns)
    chosen = {name: _number_values(raw, name) for name in numbers[: relations.MOST_COLUMNS]}
    return Profile(
        kind=raw.kind,
        rows=len(raw if raw.table is None else raw.table),
        columns=columns,
        columns_left_out=max(len(raw.names) - MOST_COLUMNS, 0),
        correlated=tuple(chosen),
        correlation=relations.correlation(chosen) if len(chosen) > 1 else (),
        numbers_in_all=len(numbers),
        hints=hints.find(data, raw, ready.split, columns),
    )


def _targets(raw: Raw) -> Iterator[ColumnProfile]:
    for target in raw.targets:
        if target.class_names:
            yield distributions.classes(target.name, target.values, target.class_names)
        else:
            yield replace(distributions.number(target.name, target.values), role="target")


def _features(raw: Raw) -> Iterator[ColumnProfile]:
    if not raw.names:
        yield distributions.number(_VALUES.get(raw.kind, "value"), raw.features)
    for name in raw.names[:MOST_COLUMNS]:
        yield distributions.describe(name, _values(raw, name))


def _values(raw: Raw, name: str) -> Any:
    return raw.features[:, raw.names.index(name)] if raw.table is None else raw.table[name]


def _left_out(raw: Raw) -> Iterator[ColumnProfile]:
    if raw.left_out is None:
        return
    for name in raw.left_out.columns[:MOST_COLUMNS]:
        values = raw.left_out[name]
        found = distributions.describe(name, values)
        role, reason = _role(found, values)
        yield replace(found, role=role, reason=reason)


def _role(found: ColumnProfile, values: pd.Series[Any]) -> tuple[Role, str]:
    """Why a column is not learned from."""
    if found.missing == len(values):
        return "ignored", "empty"
    if found.distinct == 1 and not found.missing:
        return "ignored", "always the same"
    if leaks.is_identifier(found.name, values):
        return "identifier", "different in every row"
    return "ignored", "left out"


def _numbers(raw: Raw, columns: tuple[ColumnProfile, ...]) -> list[str]:
    """The columns that can be correlated: targets of numbers or of two classes, then features of numbers."""
    if not raw.names:
        return []
    is_series = isinstance(raw.features, Windows)  # whose targets are those of windows, not of rows
    targets = [target.name for target in raw.targets if target.task != "classification" and not is_series]
    varied = [column for column in columns if column.role == "feature" and column.distinct > 1]
    return [*targets, *(column.name for column in varied if column.kind == "number")]


def _number_values(raw: Raw, name: str) -> Array:
    target = next((target for target in raw.targets if target.name == name), None)
    if isinstance(raw.features, Windows):
        return np.asarray(_values(raw, name))
    return np.asarray(target.values if target else _values(raw, name))
