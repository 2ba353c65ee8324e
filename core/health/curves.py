"""What the curves of a run show that goes wrong in teaching and in practice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from core import graph
from core.edits import Add
from core.events import DIVERGED, Epoch
from core.gallery.first_model import to_scale
from core.health.finding import Finding
from core.health.fixes import dropout, early_stopping, faster, slower
from core.health.inside import Inside
from core.problems import Fix
from core.progress import RunView
from core.spec import Choice, Project

FEWEST_EPOCHS = 5
"""Before this many epochs a curve says little."""


def not_finite(project: Project, view: RunView) -> Finding | None:
    """Not a number comes from steps that are too large, or from the logarithm or quotient of a zero."""
    last = view.history[-1].metrics if view.history else {}
    ended_so = view.status == "failed" and view.message.startswith(DIVERGED)
    if not ended_so and not any(value is None for value in last.values()):
        return None
    return Finding(
        "not_finite",
        "The loss is not a number any more.",
        "One step was so large that the numbers overflowed; every later step keeps them so.",
        slower(project, 10),
    )


def rising(project: Project, view: RunView) -> Finding | None:
    """Twice the loss of the first epoch, and not coming back."""
    losses = _curve(view.history, "loss")
    if len(losses) < 3 or losses[-1] < 2 * losses[0] or losses[-1] < losses[-2]:
        return None
    seen = f"The loss rises: {losses[0]:.3g} after the first epoch, {losses[-1]:.3g} now."
    return Finding("rising", seen, "Each step jumps over the minimum and lands higher up.", slower(project, 10))


def stalled(project: Project, view: RunView) -> Finding | None:
    """No progress at all from the first epoch on: steps that are far too small, or units that answer nothing."""
    losses = _curve(view.history, "loss")
    if len(losses) < FEWEST_EPOCHS or losses[0] <= 0 or losses[0] - min(losses) > 0.003 * losses[0]:
        return None
    why = "The weights hardly move: the learning rate is far too low, the layers are frozen, or all units are dead."
    return Finding("stalled", f"The loss has not fallen in {view.epochs_done} epochs.", why, faster(project, 10))


def far_target(project: Project, view: RunView, inside: Inside) -> Finding | None:
    """A new network answers with numbers of about 1; where the target is far away, the first epochs go into the way."""
    losses, loss, model = _curve(view.history, "loss"), project.compile.loss, project.model
    if inside.target is None or len(losses) < FEWEST_EPOCHS or len(model.outputs) != 1 or not isinstance(loss, Choice):
        return None
    mean, deviation = inside.target
    guessing = {"MeanSquaredError": deviation**2, "MeanAbsoluteError": deviation}.get(loss.name)
    last = graph.by_id(model).get(model.outputs[0])
    if not guessing or losses[-1] < guessing or abs(mean) < 3 * deviation or last is None or last.layer == "Rescaling":
        return None
    seen = f"After {view.epochs_done} epochs the model is still worse than always answering the mean, {mean:.4g}."
    why = "Its answers began near 0 and have a long way to the target; a last layer can bring them there at once."
    behind = Add(layer="Rescaling", params=to_scale(mean, deviation), after=last.id)
    return Finding("far_target", seen, why, (Fix("Add a Rescaling at the end", (behind,)),))


def overfitting(project: Project, view: RunView) -> Finding | None:
    """The validation loss has been rising for a while, and the training loss goes on falling (Prechelt, 1998)."""
    losses, held_out = _curve(view.history, "loss"), _curve(view.history, "val_loss")
    if len(held_out) < FEWEST_EPOCHS or len(held_out) != len(losses):
        return None
    best = held_out.index(min(held_out))
    since = len(held_out) - 1 - best
    if since < max(3, len(held_out) // 5) or held_out[-1] < 1.1 * held_out[best] or losses[-1] > losses[best]:
        return None
    epoch = view.history[best].epoch + 1
    seen = f"The validation loss was lowest after epoch {epoch} and has risen since, while the training loss falls."
    why = "The model learns the training rows by heart, and what it learns now does not hold for other rows."
    return Finding("overfitting", seen, why, (*early_stopping(project), *dropout(project)))


def rate_too_high(project: Project, view: RunView) -> Finding | None:
    """Every fourth epoch or more ends higher than the one before, by a fifth and a hundredth of the first loss."""
    losses = _curve(view.history, "loss")[-12:]
    if len(losses) < FEWEST_EPOCHS:
        return None
    matters = 0.01 * _curve(view.history, "loss")[0]  # near the minimum nothing is lost by a jump
    rises = [after / before for before, after in pairwise(losses) if before > 0 and after - before > matters]
    if len(rises) < (len(losses) - 1) / 4 or sorted(rises)[len(rises) // 2] < 1.2:
        return None
    why = "The steps are so long that they jump from one side of the minimum to the other."
    return Finding("rate_too_high", "The loss jumps up and down from epoch to epoch.", why, slower(project, 3))


def rate_too_low(project: Project, view: RunView) -> Finding | None:
    """It falls in every epoch by nearly the same small share: a straight line that leads far down."""
    losses = _curve(view.history, "loss")
    if len(losses) < FEWEST_EPOCHS or losses[0] <= 0:
        return None
    falls = [before - after for before, after in pairwise(losses)]
    share = (losses[0] - losses[-1]) / losses[0] / len(falls)
    if min(falls) < 0.7 * max(falls) or not 0.001 < share < 0.05:
        return None
    seen = f"The loss falls steadily, but only by {share:.1%} an epoch."
    return Finding("rate_too_low", seen, "Longer steps would lead to the same place sooner.", faster(project, 3))


def _curve(history: Sequence[Epoch], name: str) -> list[float]:
    return [value for epoch in history if (value := epoch.metrics.get(name)) is not None]
