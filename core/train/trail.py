"""Keeps a few dozen of a run's weights along the way, so that the page can look back at what happened inside."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = "trail"
MOST = 48
"""Snapshots; one more, and every second goes."""
MOST_BYTES = 32 << 20
SHARE = 0.005
"""Of the training time that keeping them may take."""


class Trail:
    """Writes `trail/<epochs>.weights`: all weights as float32, in the model's order, evenly spread over the epochs.

    Args:
        model: built.
        folder: an existing folder.
        epochs: how many were trained before; 0 for a fresh run, whose first snapshot is of the initial weights.
    """

    def __init__(self, model: Any, folder: Path, epochs: int) -> None:
        self._model = model
        self._folder = folder / FOLDER
        self._epochs = epochs
        self._most = int(min(MOST, MOST_BYTES // max(1, 4 * model.count_params())))
        self._stride = 1
        self._next = 0.0
        if self._most < 2:
            return
        self._folder.mkdir(exist_ok=True)
        for kept in kept_in(folder):
            if kept > epochs:  # the run goes on from before
                self._path(kept).unlink()
        if not epochs:
            self._write()

    def epoch_done(self, _metrics: object = None) -> None:
        """Keep the weights, if this epoch is one of those to keep and there is time for it."""
        self._epochs += 1
        if self._most < 2 or self._epochs % self._stride or time.perf_counter() < self._next:
            return
        self._write()

    def _write(self) -> None:
        began = time.perf_counter()
        flat = np.concatenate([np.asarray(array, np.float32).ravel() for array in self._model.get_weights()])
        part = self._folder / "part"
        part.write_bytes(flat.tobytes())
        os.replace(part, self._path(self._epochs))
        self._thin()
        ended = time.perf_counter()
        self._next = ended + (ended - began) / SHARE

    def _thin(self) -> None:
        kept = kept_in(self._folder.parent)
        while len(kept) > self._most:
            self._stride *= 2
            for epochs in kept:
                if epochs % self._stride and epochs != kept[-1]:
                    self._path(epochs).unlink()
            kept = kept_in(self._folder.parent)

    def _path(self, epochs: int) -> Path:
        return self._folder / f"{epochs}.weights"


def kept_in(run_folder: Path) -> list[int]:
    """After how many epochs each of a run's snapshots was taken, in order."""
    return sorted(int(file.stem) for file in (run_folder / FOLDER).glob("*.weights") if file.stem.isdigit())
