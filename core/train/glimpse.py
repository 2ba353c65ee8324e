"""Leaves a small network's weights of this moment in the run's folder, a few times a second, for those who watch."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from core.data import DataFacts

FILE = "now.weights"
EVERY = 0.1
"""Seconds between two glimpses, at least."""
SHARE = 0.012
"""Of the training time that they may take."""
MOST_PARAMETERS = 20_000


class Glimpse:
    """Writes `now.weights`: all weights as float32, in the model's order.

    Args:
        model: built.
        folder: an existing folder.
    """

    def __init__(self, model: Any, folder: Path) -> None:
        self._model = model
        self._folder = folder
        self._next = 0.0

    def epoch_done(self, _metrics: object = None) -> None:
        """Leave the weights, unless the last ones are fresh enough."""
        began = time.perf_counter()
        if began < self._next:
            return
        flat = np.concatenate([np.asarray(array, np.float32).ravel() for array in self._model.get_weights()])
        part = self._folder / f"part.{FILE}"
        part.write_bytes(flat.tobytes())
        os.replace(part, self._folder / FILE)
        ended = time.perf_counter()
        self._next = ended + max(EVERY, (ended - began) / SHARE)


def is_wanted(model: Any, facts: DataFacts | None) -> bool:
    """Is this a small network of two inputs, whose answers a picture can show?"""
    return facts is not None and facts.feature_shape == (2,) and 0 < model.count_params() <= MOST_PARAMETERS
