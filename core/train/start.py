"""Where a run begins: fresh, or where its folder left off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Start:
    """`epochs` is how many epochs to train from here; None takes `training.epochs`."""

    continued: bool = False
    epochs: int | None = None


fresh = Start()


def more(epochs: int | None = None) -> Start:
    """Go on from what the folder holds: step and epoch numbers, shuffles and optimizer state go on too."""
    return Start(continued=True, epochs=epochs)
