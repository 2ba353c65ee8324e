"""What both loops share while a run trains: the model, its calls, the order of the rows, the callbacks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from core.train.ahead import Ahead
from core.train.calls import Calls, Logs
from core.train.control import Pilot
from core.train.order import Orders
from core.train.plan import Plan
from core.train.record import Record

if TYPE_CHECKING:
    from core.events import Chosen
    from core.train.calls import Losses


@dataclass
class Session:
    """Handed to `fit.loop` or `custom.loop`.

    `portion` is how many steps Keras and the callbacks take for one; `orders` yields for each epoch from `first_epoch`
    the numbers of the rows in their order; `skip` steps of the first epoch have been trained before a continued run;
    `execution` is what `"auto"` chose; `callbacks` is a `keras.callbacks.CallbackList`.
    """

    model: Any
    portion: int
    training: Calls
    validation: Calls | None
    orders: Orders
    first_epoch: int
    epochs: int
    skip: int
    pilot: Pilot
    record: Record
    ahead: Ahead | None = None
    execution: str = ""
    callbacks: Any = None

    @property
    def steps(self) -> int:
        """Training steps per epoch."""
        return self.training.steps

    @cached_property
    def validation_order(self) -> Any:
        """The numbers of the validation rows, which are never shuffled."""
        assert self.validation is not None
        return tf.range(self.validation.rows, dtype=tf.int64)

    def begin_epoch(self) -> None:
        """Forget the metrics of the epoch before; if the coming one has been trained already, it has done so itself."""
        if self.ahead is None or not self.ahead.has_trained:
            self.model.reset_metrics()

    def train(self, order: Any, begin: int) -> Logs:
        """Train the steps that one call may hold, from step `begin` of the epoch; say each one's loss.

        Raises:
            Stopped: if the user said stop.
            Diverged: if a loss is not finite.
        """
        if self.ahead is not None and begin == 0 and not self.skip:
            self.pilot.allow(self.steps)
            told = self.ahead.next(order, self.epochs - self._epoch, self.pilot.is_free)
            if told is not None:
                self.record.add(told.losses, seconds=told.seconds)
                return told.logs
        end = begin + self.portion
        logs = self.training.span(order, max(begin, self.skip), end, self.pilot.allow, self._trained)
        if end >= self.steps:
            self.skip = 0
        return logs

    def validate(self, order: Any, begin: int) -> Logs:
        """The same for validation, of which nobody wants to see the single losses."""
        assert self.validation is not None
        if self.ahead is not None and self.ahead.told is not None:
            return self.ahead.told.validation
        self._follow_the_choice(self.validation)
        end = begin + self.portion
        return self.validation.span(order, begin, end, self.pilot.allow_validation, _nothing)

    @property
    def plan(self) -> Plan:
        """The execution that trains now."""
        return self.training.plan

    @property
    def steps_left(self) -> int:
        """Training steps to come, if nothing ends the run early."""
        return self.epochs * self.steps - self.record.step

    @property
    def _epoch(self) -> int:
        return self.record.step // self.steps

    def close(self) -> None:
        """Wait for what is being compiled: nobody needs it any more, but XLA must not be left alone with it."""
        for calls in (self.training, self.validation):
            if calls is not None and calls.search is not None:
                calls.search.close()
        if self.ahead is not None:
            self.ahead.close()

    def _follow_the_choice(self, validation: Calls) -> None:
        """Where XLA has won in training, it is tried in validation too."""
        search = self.training.search
        if search and search.is_over and self.plan.jit and validation.search is None:
            jit = Plan(steps=validation.plan.steps, jit=True)
            share = validation.steps / self.steps
            validation.look_for_faster((jit,), {}, lambda: int(self.steps_left * share), _untold)

    def _trained(self, losses: Losses, compiling: float) -> None:
        self.record.add(losses, compiling)
        self.pilot.step_done()


def _untold(chosen: Chosen) -> None:
    """What runs the validation is no news: it is a small part of the time."""


def _nothing(losses: np.ndarray[Any, np.dtype[np.float32]], compiling: float) -> None:
    """Validation leaves no trace."""
