"""What a rule of health says: what was seen, why it matters, and the next actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.problems import Fix

Kind = Literal[
    "not_finite",
    "exploding",
    "rising",
    "dead_units",
    "vanishing",
    "far_target",
    "stalled",
    "rate_too_high",
    "overfitting",
    "rate_too_low",
    "unbalanced",
]


@dataclass(frozen=True)
class Finding:
    """`seen` says what was seen, `why` why it matters; `fixes` are next actions, each a button."""

    kind: Kind
    seen: str
    why: str
    fixes: tuple[Fix, ...] = ()
