"""Watches a run for what goes wrong in teaching and in practice, and offers the next action."""

from __future__ import annotations

from collections.abc import Callable

from core.health import curves, inside as layers
from core.health.finding import Finding
from core.health.inside import Inside, from_answer
from core.progress import RunView
from core.spec import Project

__all__ = ["Finding", "Inside", "finding", "from_answer"]

_Rule = Callable[[Project, RunView], Finding | None]
_InnerRule = Callable[[Project, Inside], Finding | None]
_CurveAndInnerRule = Callable[[Project, RunView, Inside], Finding | None]
_FIRST: tuple[_Rule, ...] = (curves.not_finite,)
_CAUSES: tuple[_InnerRule, ...] = (layers.exploding, layers.dead_units, layers.vanishing)
_BOTH: tuple[_CurveAndInnerRule, ...] = (curves.far_target,)
_SIGNS: tuple[_Rule, ...] = (
    curves.rising,
    curves.stalled,
    curves.rate_too_high,
    curves.overfitting,
    curves.rate_too_low,
)
_LAST: tuple[_InnerRule, ...] = (layers.unbalanced,)


def finding(project: Project, view: RunView, inside: Inside | None = None) -> Finding | None:
    """The gravest thing that a run shows so far; None for a healthy one.

    The gravest comes first, and a cause before its signs: a curve that jumps about says nothing of overfitting.

    Args:
        project: as it was when the run began; the fixes are edits of it.
        view: its curves.
        inside: its layers, if they are known.
    """
    found = (
        *(rule(project, view) for rule in _FIRST),
        *(rule(project, inside) for rule in _CAUSES if inside),
        *(rule(project, view, inside) for rule in _BOTH if inside),
        *(rule(project, view) for rule in _SIGNS),
        *(rule(project, inside) for rule in _LAST if inside),
    )
    return next((one for one in found if one), None)
