"""What a run leaves in its folder for those who look inside while it trains; it changes no number of the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.train.glimpse import Glimpse, is_wanted
from core.train.trail import Trail

if TYPE_CHECKING:
    from core.data import DataFacts
    from core.train.leap import Told

Hook = Callable[[object], None]


def hooks(
    model: Any, facts: DataFacts | None, folder: Path, epochs: int, told: Callable[[], Told | None]
) -> list[Hook]:
    """What is to be called after each epoch with its metrics.

    Args:
        model: built, before the first step.
        facts: of the data, if they are known.
        folder: the run's own.
        epochs: how many were trained before.
        told: the epoch that is told after a leap over several; None if it is told as it ends.
    """
    if not model.weights:
        return []
    watches: list[Trail | Glimpse] = [Trail(model, folder, epochs)]
    if is_wanted(model, facts):
        watches.append(Glimpse(model, folder))

    def epoch_done(_metrics: object) -> None:
        leapt = told()
        for watch in watches:
            watch.epoch_done(is_here=leapt is None or leapt.is_last)

    return [epoch_done]
