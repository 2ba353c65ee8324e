"""Changes of what a column is for, as the fields of the project that they set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.data.profiles.found import Fix, Role
from core.spec import ColumnChoice, DataSpec, TableData

Fields = dict[str, Any]
MOST_LETTERS = 30


def can_change(data: DataSpec) -> bool:
    """Only a table of the user's own has columns to choose, and with one column of texts there is no choice."""
    return isinstance(data, TableData) and data.text is None


def give_role(data: DataSpec, features: Sequence[str], name: str, role: Role) -> Fields:
    """Make a column a feature, the target, or leave it out.

    Args:
        features: the columns that are learned from now.

    Returns:
        The fields to set by their path; none if nothing can be changed, or no feature would be left.
    """
    if not isinstance(data, TableData) or data.text is not None:
        return {}
    others = [feature for feature in features if feature != name]
    if role == "target":
        kept = [*others, data.target] if name in features and data.features is not None else others
        return {"data.target": name} if data.features is None else {"data.target": name, "data.features": kept}
    if role == "feature":
        return {"data.features": [*others, name]} if name != data.target else {}
    return {"data.features": others} if others and name in features else {}


def balanced(data: DataSpec) -> Fix | None:
    """Let all classes count alike in the loss, unless something is done about it already."""
    if data.class_weight != "none" or data.oversample:
        return None
    return Fix("Count all classes alike", {"data.class_weight": "balanced"})


def robust(data: DataSpec, name: str) -> Fix | None:
    """Scale one column by its median and quartiles, which a few far values do not move."""
    columns = data.columns or {}
    choice = columns.get(name, ColumnChoice())
    if "robust" in (choice.scaling, data.scaling if choice.scaling == "auto" else ""):
        return None
    kept = {other: one.model_dump(mode="json", exclude_defaults=True) for other, one in columns.items()}
    changed = kept.get(name, {}) | {"scaling": "robust"}
    return Fix(f"Scale {name[:MOST_LETTERS]} robustly", {"data.columns": kept | {name: changed}})
