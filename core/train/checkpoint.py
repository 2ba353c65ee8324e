"""What a run leaves in its folder: the last weights, the best weights, where it stands, the finished model."""

from __future__ import annotations

import json
import math
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import tensorflow as tf

from core.errors import RunError
from core.train.leap import Told
from core.train.record import Record

WRITE_EVERY = 2.0  # seconds: a fast run has hundreds of epochs in one, and a file takes 20 ms
LAST, BEST, STATE, MODEL = "last.weights.h5", "best.weights.h5", "state.json", "model.keras"
START = "start.weights.h5"  # laid into the folder before a run that begins with imported weights


@dataclass(frozen=True)
class State:
    """Where a run stands. `random` holds the seed generators' states, which Keras does not put into a weights file."""

    epoch: int = 0
    step: int = 0
    best: float | None = None
    best_epoch: int | None = None
    steps_per_epoch: int = 0
    learning_rate: float | None = None
    random: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class _Snapshot:
    state: State
    values: list[Any]


class Checkpoints:
    """Keeps the weights of a run on disk, each file whole or not at all.

    Args:
        model: compiled, its optimizer built.
        folder: an existing folder.
        record: knows the step.
        steps_per_epoch: to tell the epoch from the step.
    """

    def __init__(self, model: Any, folder: Path, record: Record, steps_per_epoch: int) -> None:
        self._model = model
        self._folder = folder
        self._record = record
        self._steps_per_epoch = steps_per_epoch
        self._rate = _rate(model)
        self._variables = [*model.variables, *model.optimizer.variables]
        self._read = tf.function(self._identities, autograph=False)  # all at once: a read of each takes 0.1 ms
        self._state = State()
        self.told: Callable[[], Told | None] = _nothing
        """The epoch that is told after a leap over several: the model is farther already."""
        self._written = -math.inf
        self._last: _Snapshot | None = None  # the last good epoch, when the file is older than that
        self._best: _Snapshot | None = None  # the best epoch, when the file is older than that

    def load(self) -> State:
        """Put the folder's last weights, optimizer state and random state into the model.

        Raises:
            RunError: if there are none, or they belong to another model.
        """
        file = self._folder / LAST
        if not file.exists():
            raise RunError("This run has no saved weights to continue from. Start a fresh run.")
        try:
            self._model.load_weights(file)
            with h5py.File(file) as content:
                fields = json.loads(content.attrs["eagerly"])
        except (OSError, KeyError, ValueError) as error:
            raise RunError(
                "The saved weights do not fit the model: it was changed after that run. "
                "Undo the change, or start a fresh run."
            ) from error
        self._state = State(**fields | {"random": tuple(map(tuple, fields["random"]))})
        for variable, value in zip(_random(self._model), self._state.random, strict=False):
            variable.assign(value)
        if self._rate is not None and self._rate != self._state.learning_rate:
            self._model.optimizer.learning_rate = self._rate  # the user chose another one for what comes
        return self._state

    def begin(self, *, imported: bool) -> list[str]:
        """Put the weights that the run is to start from into the model, if the folder has some; says so.

        Args:
            imported: the project asks for such weights.

        Raises:
            RunError: if they are not there, or belong to another model.
        """
        file = self._folder / START
        if not file.exists():
            if imported:
                raise RunError(
                    "training.initial_weights: this project begins with imported weights, and they are not here. Give "
                    "their folder with --weights, or begin with fresh ones: --set training.initial_weights=null."
                )
            return []
        try:
            self._model.load_weights(file)
        except (OSError, KeyError, ValueError) as error:
            raise RunError(
                "The imported weights do not fit the model: it was changed after the import. "
                "Undo the change, or choose fresh weights under Training loop."
            ) from error
        return ["It starts from imported weights, so code that starts afresh gives other numbers."]

    def epoch_done(self, metrics: dict[str, float | None]) -> None:
        """Remember the weights that this epoch ended with; write them when the last writing is long enough ago."""
        told = self.told()
        if told is None or told.is_last:
            self._remember(metrics, told.values if told and told.values else self._read())
            if time.perf_counter() - self._written >= WRITE_EVERY:
                self.write()
        elif told.values is not None:
            self._remember(metrics, told.values)

    def _remember(self, metrics: dict[str, float | None], values: list[Any]) -> None:
        self._state = state = self._here()
        value = metrics.get("val_loss", metrics.get("loss"))
        snapshot = _Snapshot(state, values)
        if value is not None and (state.best is None or value < state.best):
            self._state = replace(state, best=value, best_epoch=state.epoch - 1)
            self._best = snapshot
        self._last = snapshot

    def write(self) -> None:
        """Write the model as it is now, and the best one where the file is not up to date."""
        self._state = self._here()
        self._write_weights(LAST)
        text = json.dumps(_fields(self._state))
        self._replace(STATE, lambda part: part.write_text(text))
        if self._best is not None and self._best.state.step == self._state.step:
            self._replace(BEST, lambda part: shutil.copyfile(self._folder / LAST, part))
        elif self._best is not None:
            here = self._read()
            self._assign(self._best.values)
            self._write_weights(BEST)
            self._assign(here)
        self._last = self._best = None
        self._written = time.perf_counter()

    def back_to_good(self) -> None:
        """Undo the steps since the last good epoch (or pause), and write it if the file is older."""
        if self._last is not None:
            self._assign(self._last.values)
            self._record.step = self._last.state.step
            self.write()
        elif (self._folder / LAST).exists():
            self._model.load_weights(self._folder / LAST)

    def finish(self) -> str:
        """Write the weights and the whole model, as Keras saves it; a sentence if Keras cannot."""
        self.write()
        try:
            self._replace(MODEL, self._model.save)
        except (TypeError, ValueError, NotImplementedError) as error:
            return f"The weights are saved, but Keras cannot save the whole model: {error}"
        return ""

    def _here(self) -> State:
        return replace(
            self._state,
            epoch=self._record.step // self._steps_per_epoch,
            step=self._record.step,
            steps_per_epoch=self._steps_per_epoch,
            learning_rate=self._rate,
        )

    def _identities(self) -> list[Any]:
        return [tf.identity(variable) for variable in self._variables]

    def _assign(self, values: list[Any]) -> None:
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)

    def _write_weights(self, name: str) -> None:
        words = (tuple(int(word) for word in variable.numpy()) for variable in _random(self._model))
        state = replace(self._state, random=tuple(words))

        def save(part: Path) -> None:
            self._model.save_weights(part)
            with h5py.File(part, "a") as content:  # in the same file, so that both are always of one moment
                content.attrs["eagerly"] = json.dumps(_fields(state))

        self._replace(name, save)

    def _replace(self, name: str, write: Any) -> None:
        part = self._folder / f"part.{name}"
        write(part)
        os.replace(part, self._folder / name)


def _nothing() -> None:
    """Every epoch is told as it ends."""


def _fields(state: State) -> dict[str, Any]:
    fields = asdict(state)
    best = fields["best"]
    return fields | {"best": best if best is not None and math.isfinite(best) else None}


def _rate(model: Any) -> float | None:
    """The learning rate that the project asks for; None when a schedule rules it."""
    config = model.optimizer.get_config()
    rate = config.get("learning_rate")
    return float(rate) if isinstance(rate, int | float) else None


def _random(model: Any) -> list[Any]:
    return [variable for variable in model.variables if variable.path.endswith("seed_generator_state")]
