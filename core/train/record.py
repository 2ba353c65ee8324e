"""The losses of all steps on their way out: buffered, in order, never one event a step for a fast run."""

from __future__ import annotations

import array
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from core.events import Event, Steps

FLUSH_EVERY = 0.2  # seconds of training


class Diverged(Exception):
    """The loss of a step is no number any more; `step` counts from 1."""

    def __init__(self, step: int, loss: float) -> None:
        super().__init__(step, loss)
        self.step = step
        self.loss = loss


class Record:
    """Counts steps and time, and reports events with the losses before them."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        self.step = 0  # steps trained so far, those before a continued run included
        self.learning_rate: float | None = None
        self.epoch_seconds = 0.0  # of training in this epoch: no validation, no pauses
        self.seconds = 0.0
        self._report = report
        self._losses = array.array("f")
        self._flushed = 0.0  # the first call's losses go out at once
        self._epoch_first = 0
        self._epoch_began = 0.0
        self._epoch_paused = 0.0
        self._compiling = 0.0  # seconds of the calls in which TensorFlow traced and compiled, and their steps
        self._compiling_steps = 0
        self._first_step = 0

    def say(self, event: Event) -> None:
        """Report an event, behind the losses of all steps before it."""
        self.flush()
        self._report(event)

    def add(
        self, losses: np.ndarray[Any, np.dtype[np.float32]], compiling: float = 0.0, seconds: float | None = None
    ) -> None:
        """Take the losses of one call, how long it took if it compiled, and of a whole epoch how long that took.

        Raises:
            Diverged: if one of them is not finite; it is recorded, what follows it is not.
        """
        finite = np.isfinite(losses)
        good = len(losses) if finite.all() else int(np.argmin(finite))
        self._losses.frombytes(losses[: good + 1].tobytes())
        self.step += min(good + 1, len(losses))
        if compiling:
            self._compiling += compiling
            self._compiling_steps += len(losses)
        if good < len(losses):
            raise Diverged(self.step, float(losses[good]))
        now = time.perf_counter()
        self.epoch_seconds = now - self._epoch_began - self._epoch_paused if seconds is None else seconds
        if now - self._flushed >= FLUSH_EVERY:
            self.flush()

    def flush(self) -> None:
        """Report the losses that are waiting."""
        if self._losses:
            losses, self._losses = self._losses, array.array("f")
            self._report(Steps(first=self.step - len(losses), loss=losses))
        self._flushed = time.perf_counter()

    def epoch_begins(self) -> None:
        self._epoch_first = self.step
        self._epoch_began = time.perf_counter()
        self._epoch_paused = self.epoch_seconds = 0.0

    def epoch_ends(self) -> None:
        self.seconds += self.epoch_seconds
        self._epoch_began = time.perf_counter()
        self._epoch_paused = self.epoch_seconds = 0.0

    @property
    def epoch_steps(self) -> int:
        """Steps trained in this epoch so far."""
        return self.step - self._epoch_first

    def begin_at(self, step: int) -> None:
        """A continued run counts on."""
        self.step = self._first_step = self._epoch_first = step

    def waited(self, seconds: float) -> None:
        """A pause is no training time."""
        self._epoch_paused += seconds

    @property
    def steps_per_second(self) -> float:
        """The speed of this run; the calls in which TensorFlow compiled count only if there were no others."""
        steps, seconds = self.step - self._first_step, self.seconds + self.epoch_seconds
        if steps > self._compiling_steps:
            steps, seconds = steps - self._compiling_steps, seconds - self._compiling
        return steps / seconds if seconds > 0 else 0.0
