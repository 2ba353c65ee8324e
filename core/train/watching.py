"""What a run leaves in its folder for those who look inside while it trains; it changes no number of the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.train.glimpse import Glimpse, is_wanted
from core.train.trail import Trail

if TYPE_CHECKING:
    from core.data import DataFacts

Hook = Callable[[object], None]


def hooks(model: Any, facts: DataFacts | None, folder: Path, epochs: int) -> list[Hook]:
    """What is to be called after each epoch with its metrics.

    Args:
        model: built, before the first step.
        facts: of the data, if they are known.
        folder: the run's own.
        epochs: how many were trained before.
    """
    if not model.weights:
        return []
    trail = Trail(model, folder, epochs)
    return [trail.epoch_done, *([Glimpse(model, folder).epoch_done] if is_wanted(model, facts) else [])]
