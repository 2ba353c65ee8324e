"""A hand-made row: what a person should know of a Keras class, beside what Keras says itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.catalog.shelf import Arity, Target


@dataclass(frozen=True)
class Lesson:
    """`basic` names, apart by blanks, the parameters that beginners see; `starting` gives values to begin with."""

    name: str
    category: str
    summary: str
    basic: str = ""
    starting: Mapping[str, Any] = field(default_factory=dict)
    arity: Arity = "one"
    fewest: int = 1
    most: int | None = 1
    input_names: tuple[str, ...] = ()
    spread: bool = False
    target: tuple[Target, ...] = ()
    last_activation: str = ""
