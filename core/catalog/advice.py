"""Which loss, metrics and last layer suit which data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.catalog import shelf
from core.errors import SpecError

_ACCURACY: dict[str, str] = {
    "integer": "SparseCategoricalAccuracy",
    "one_hot": "CategoricalAccuracy",
    "binary": "BinaryAccuracy",
}


class DataTask(Protocol):
    """What advice needs to know of the data."""

    @property
    def task(self) -> str:
        """`classification`, `binary` or `regression`."""
        ...

    @property
    def classes(self) -> int | None:
        """How many classes there are; None for regression."""
        ...


@dataclass(frozen=True)
class Recommendation:
    """What to compile with, and how the last layer should end."""

    loss: str
    last_units: int
    last_activation: str
    metrics: tuple[str, ...]


def recommend(facts: DataTask) -> Recommendation:
    """The usual choice for this data."""
    match facts.task:
        case "binary":
            return Recommendation("BinaryCrossentropy", 1, "sigmoid", ("BinaryAccuracy",))
        case "classification":
            units = facts.classes or 2
            return Recommendation("SparseCategoricalCrossentropy", units, "softmax", ("SparseCategoricalAccuracy",))
    return Recommendation("MeanSquaredError", 1, "linear", ("MeanAbsoluteError",))


def resolve_accuracy(loss_name: str, target_kind: str | None = None) -> str:
    """The accuracy that goes with a loss, as Keras resolves `"accuracy"`; `target_kind` decides where it is known."""
    if target_kind in _ACCURACY:
        return _ACCURACY[target_kind]
    try:
        target = shelf.entry("loss", loss_name).target
    except SpecError:
        target = ()
    return _ACCURACY.get(target[0] if target else "", "BinaryAccuracy")


def fits(loss_name: str, target_kind: str) -> bool:
    """Can this loss be compared with targets of that kind? A custom loss can with any."""
    return loss_name == "custom" or target_kind in shelf.entry("loss", loss_name).target
