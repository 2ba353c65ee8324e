"""What the user wants now: words that come while the run goes on, and what each does."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, Protocol

from core.events import Note, Paused, Resumed
from core.train.record import Record

ASK_EVERY = 0.05  # seconds; asking costs a system call, and a step may take 10 µs


class Control(Protocol):
    """Where words come from."""

    def poll(self) -> str | None:
        """The next word, or None at once when there is none."""

    def wait(self) -> str:
        """The next word, however long that takes, without spinning."""


class Stopped(Exception):
    """The user said stop; leaves either loop from the middle."""


class Pilot:
    """Obeys words between calls. Blocks while paused."""

    def __init__(self, control: Control, optimizer: Any, record: Record, save: Callable[[], None]) -> None:
        self._control = control
        self._optimizer = optimizer
        self._record = record
        self._save = save  # a pause may last: what is trained goes to disk first
        self._asked = -math.inf
        self._must_pause = False  # a word said so, or `step` or `epoch` has been done
        self._then = ""  # "step" or "epoch": pause again after one
        self._since = 0  # the step at which that was said

    def allow(self, wanted: int) -> int:
        """How many of the wanted training steps may run now; returns when at least one may.

        Raises:
            Stopped: if the user said stop.
        """
        if self._then != "step":  # words behind a step wait until it is done
            self.allow_validation(wanted)
        return 1 if self._then == "step" else wanted

    @property
    def is_free(self) -> bool:
        """May the run go on without end, as far as is known now?"""
        return not self._must_pause and not self._then

    def allow_validation(self, wanted: int) -> int:
        """The same for validation, whose steps are not counted one by one."""
        now = time.perf_counter()
        if now - self._asked >= ASK_EVERY:
            self._asked = now
            self._listen()
        if self._must_pause:
            self._pause()
        return wanted

    def _listen(self) -> None:
        """Obey what has come, in its order; a word behind a pause or a step stays where it is."""
        while not self._must_pause and (word := self._control.poll()) is not None:
            self._obey(word)
            if word == "step":
                return

    def step_done(self) -> None:
        self._end_of("step")

    def epoch_done(self, _metrics: object = None) -> None:
        if self._record.step > self._since:  # else the word came when only this epoch's validation was left
            self._end_of("epoch")

    def _end_of(self, portion: str) -> None:
        if self._then == portion:
            self._then, self._must_pause = "", True

    def _pause(self) -> None:
        self._save()
        self._record.say(Paused(step=self._record.step))
        began = time.perf_counter()
        while self._must_pause:
            self._obey(self._control.wait())
        self._record.waited(time.perf_counter() - began)
        self._record.say(Resumed(step=self._record.step))

    def _obey(self, word: str) -> None:
        match word.partition("="):
            case ("pause", _, _):
                self._must_pause, self._then = True, ""
            case ("resume", _, _):
                self._must_pause, self._then = False, ""
            case (("step" | "epoch") as portion, _, _):
                self._must_pause, self._then, self._since = False, portion, self._record.step
            case ("stop", _, _):
                raise Stopped
            case ("learning_rate", "=", text):
                self._record.say(Note(self._set_learning_rate(text)))
            case _:
                self._record.say(Note(f"The run does not know the word {word!r} and goes on."))

    def _set_learning_rate(self, text: str) -> str:
        try:
            rate = float(text)
        except ValueError:
            rate = math.nan
        if not (math.isfinite(rate) and rate > 0):
            return f"The learning rate must be a number above 0, not {text!r}. It stays as it is."
        try:
            self._optimizer.learning_rate = rate
        except TypeError:  # Keras: the rate is a LearningRateSchedule
            return (
                "The learning rate follows a schedule, so it cannot be set by hand. "
                "Give the optimizer a plain number to be able to."
            )
        self._record.learning_rate = rate
        return f"The learning rate is {rate:g} from step {self._record.step + 1} on."
