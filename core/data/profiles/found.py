"""What a profile holds: plain values that JSON can carry."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from core.data.facts import Kind

Role = Literal["feature", "target", "identifier", "ignored"]
Number = float | None


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `counts` are its distribution: of a number between the `edges`, else of the commonest `values`.

    `outliers` are more than 1.5 interquartile ranges away from the quartiles (Tukey 1977, Exploratory Data
    Analysis). `reason` says why a column is not learned from.
    """

    name: str
    kind: Literal["number", "category", "date"]
    role: Role = "feature"
    reason: str = ""
    missing: int = 0
    distinct: int = 0
    counts: tuple[int, ...] = ()
    edges: tuple[float, ...] = ()
    values: tuple[str, ...] = ()
    low: Number = None
    mean: Number = None
    high: Number = None
    deviation: Number = None
    quartiles: tuple[float, ...] = ()
    outliers: int = 0


@dataclass(frozen=True)
class Fix:
    """A repair: what its button says, and the fields of the project that it sets, by their path."""

    label: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Hint:
    """What a person should look at before training on these rows; `column` is the one that it is about."""

    message: str
    column: str = ""
    fix: Fix | None = None


@dataclass(frozen=True)
class Profile:
    """What is in the rows. `correlation` is Pearson's r of the columns that `correlated` names."""

    kind: Kind
    rows: int
    columns: tuple[ColumnProfile, ...]
    columns_left_out: int = 0
    correlated: tuple[str, ...] = ()
    correlation: tuple[tuple[Number, ...], ...] = ()
    numbers_in_all: int = 0
    hints: tuple[Hint, ...] = ()

    @property
    def target(self) -> ColumnProfile:
        """The main target."""
        return next(column for column in self.columns if column.role == "target")

    def to_dict(self) -> dict[str, Any]:
        """The profile as JSON data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Profile:
        """The profile that `to_dict` wrote."""
        columns = tuple(ColumnProfile(**_tuples(ColumnProfile, item)) for item in data["columns"])
        hints = tuple(Hint(**{**item, "fix": Fix(**item["fix"]) if item["fix"] else None}) for item in data["hints"])
        matrix = tuple(tuple(row) for row in data["correlation"])
        return cls(**{**_tuples(cls, data), "columns": columns, "hints": hints, "correlation": matrix})


def _tuples(cls: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    """JSON has lists where these have tuples."""
    names = [item.name for item in fields(cls)]
    return {name: tuple(data[name]) if isinstance(data[name], list) else data[name] for name in names}
