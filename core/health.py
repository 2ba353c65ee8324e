"""Watches the curves of a run for what goes wrong in teaching and in practice, and offers the next action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pydantic import JsonValue

from core import graph
from core.edits import InsertBefore, Set
from core.events import Epoch
from core.problems import Fix
from core.progress import RunView
from core.spec import Project

FEWEST_EPOCHS = 5
"""Before this many epochs a curve says little."""


@dataclass(frozen=True)
class Finding:
    """`seen` says what was seen, `why` why it matters; `fixes` are next actions, each a button."""

    kind: Literal["not_finite", "rising", "stalled", "overfitting", "rate_too_high", "rate_too_low"]
    seen: str
    why: str
    fixes: tuple[Fix, ...] = ()


def finding(project: Project, view: RunView) -> Finding | None:
    """The gravest thing that the curves of a run show so far; None for a healthy one.

    Args:
        project: as it was when the run began; the fixes are edits of it.
    """
    return next((found for rule in _RULES if (found := rule(project, view))), None)


def _not_finite(project: Project, view: RunView) -> Finding | None:
    """Not a number comes from steps that are too large, or from the logarithm or quotient of a zero."""
    last = view.history[-1].metrics if view.history else {}
    ended_so = view.status == "failed" and view.message.startswith("The loss became")
    if not ended_so and not any(value is None for value in last.values()):
        return None
    return Finding(
        "not_finite",
        "The loss is not a number any more.",
        "One step was so large that the numbers overflowed; every later step keeps them so.",
        _slower(project, 10),
    )


def _rising(project: Project, view: RunView) -> Finding | None:
    """Twice the loss of the first epoch, and not coming back."""
    losses = _curve(view.history, "loss")
    if len(losses) < 3 or losses[-1] < 2 * losses[0] or losses[-1] < losses[-2]:
        return None
    seen = f"The loss rises: {losses[0]:.3g} after the first epoch, {losses[-1]:.3g} now."
    return Finding("rising", seen, "Each step jumps over the minimum and lands higher up.", _slower(project, 10))


def _stalled(project: Project, view: RunView) -> Finding | None:
    """No progress at all from the first epoch on: steps that are far too small, or units that answer nothing."""
    losses = _curve(view.history, "loss")
    if len(losses) < FEWEST_EPOCHS or losses[0] <= 0 or losses[0] - min(losses) > 0.003 * losses[0]:
        return None
    why = "The weights hardly move: the learning rate is far too low, the layers are frozen, or all units are dead."
    return Finding("stalled", f"The loss has not fallen in {len(losses)} epochs.", why, _faster(project, 10))


def _overfitting(project: Project, view: RunView) -> Finding | None:
    """The validation loss has been rising for a while, and the training loss goes on falling (Prechelt, 1998)."""
    losses, held_out = _curve(view.history, "loss"), _curve(view.history, "val_loss")
    if len(held_out) < FEWEST_EPOCHS or len(held_out) != len(losses):
        return None
    best = held_out.index(min(held_out))
    since = len(held_out) - 1 - best
    if since < max(3, len(held_out) // 5) or held_out[-1] < 1.1 * held_out[best] or losses[-1] > losses[best]:
        return None
    seen = f"The validation loss was lowest after epoch {best + 1} and has risen since, while the training loss falls."
    why = "The model learns the training rows by heart, and what it learns now does not hold for other rows."
    return Finding("overfitting", seen, why, (*_early_stopping(project), *_dropout(project)))


def _rate_too_high(project: Project, view: RunView) -> Finding | None:
    """Every fourth epoch or more ends higher than the one before, by a tenth and more."""
    losses = _curve(view.history, "loss")[-12:]
    if len(losses) < FEWEST_EPOCHS:
        return None
    rises = [after / before for before, after in pairwise(losses) if before > 0 and after > before]
    if len(rises) < (len(losses) - 1) / 4 or sorted(rises)[len(rises) // 2] < 1.1:
        return None
    why = "The steps are so long that they jump from one side of the minimum to the other."
    return Finding("rate_too_high", "The loss jumps up and down from epoch to epoch.", why, _slower(project, 3))


def _rate_too_low(project: Project, view: RunView) -> Finding | None:
    """It falls in every epoch by nearly the same small share: a straight line that leads far down."""
    losses = _curve(view.history, "loss")
    if len(losses) < FEWEST_EPOCHS or losses[0] <= 0:
        return None
    falls = [before - after for before, after in pairwise(losses)]
    share = (losses[0] - losses[-1]) / losses[0] / len(falls)
    if min(falls) < 0.7 * max(falls) or not 0.001 < share < 0.05:
        return None
    seen = f"The loss falls steadily, but only by {share:.1%} an epoch."
    return Finding("rate_too_low", seen, "Longer steps would lead to the same place sooner.", _faster(project, 3))


Rule = Callable[[Project, RunView], Finding | None]
_RULES: tuple[Rule, ...] = (_not_finite, _rising, _stalled, _rate_too_high, _overfitting, _rate_too_low)
"""The gravest first: a curve that jumps about says nothing of overfitting."""


def _curve(history: Sequence[Epoch], name: str) -> list[float]:
    return [value for epoch in history if (value := epoch.metrics.get(name)) is not None]


def _rate(project: Project) -> float | None:
    """The learning rate, if it is a number and no schedule."""
    rate = project.compile.optimizer.params.get(
        "learning_rate", 0.01 if project.compile.optimizer.name == "SGD" else 0.001
    )
    return float(rate) if isinstance(rate, int | float) and not isinstance(rate, bool) and rate > 0 else None


def _slower(project: Project, by: int) -> tuple[Fix, ...]:
    rate = _rate(project)
    return (_with_rate("Lower", min(rate / by, 0.01 if by == 10 else rate)),) if rate else ()


def _faster(project: Project, by: int) -> tuple[Fix, ...]:
    rate = _rate(project)
    return (_with_rate("Raise", rate * by),) if rate else ()


def _with_rate(verb: str, rate: float) -> Fix:
    value = float(f"{rate:.3g}")
    edit = Set(path="compile.optimizer.params.learning_rate", value=value)
    return Fix(f"{verb} the learning rate to {value:g}", (edit,))


def _early_stopping(project: Project) -> tuple[Fix, ...]:
    have: list[JsonValue] = [choice.model_dump(mode="json", exclude_none=True) for choice in project.training.callbacks]
    if any(choice.name == "EarlyStopping" for choice in project.training.callbacks):
        return ()
    stop: JsonValue = {
        "name": "EarlyStopping",
        "params": {"monitor": "val_loss", "patience": 3, "restore_best_weights": True},
    }
    return (Fix("Stop early", (Set(path="training.callbacks", value=[*have, stop]),)),)


def _dropout(project: Project) -> tuple[Fix, ...]:
    """Before the last layer of a model with one output."""
    nodes = graph.by_id(project.model)
    last = nodes.get(graph.outputs(project.model)[0]) if len(project.model.outputs) == 1 else None
    if last is None or len(last.inputs) != 1:
        return ()
    before = nodes.get(graph.source(last.inputs[0])[0])
    if before is None or before.layer in ("Input", "Dropout"):
        return ()
    return (Fix(f"Add Dropout before {last.id}", (InsertBefore(node=last.id, layer="Dropout", params={"rate": 0.3}),)),)
