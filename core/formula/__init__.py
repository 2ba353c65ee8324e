"""A user's own loss or metric: read by an allow-list, walked by an interpreter, never executed as Python."""

from __future__ import annotations

from core.formula.reading import parse
from core.formula.tree import Formula

__all__ = ["Formula", "parse"]
