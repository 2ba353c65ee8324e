"""Decides when to leap over several epochs, and tells them one by one afterwards, to either loop."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from core.events import Chosen, Speed
from core.train import leap
from core.train.calls import Calls
from core.train.leap import Leap, Told
from core.train.order import Orders

_TRIED = 3
"""After so many leaps it is known whether they are faster."""


class Ahead:
    """The epochs that have been trained and not been told yet.

    Only where nothing looks at the model between epochs: the loops hear of each epoch when the model is farther.

    Args:
        model: compiled.
        training: its calls.
        validation: likewise; None without.
        orders: of the rows, for the epochs to come.
        variables: all that changes while training.
        choose: is told if leaping is the fastest.
    """

    def __init__(
        self,
        model: Any,
        training: Calls,
        validation: Calls | None,
        orders: Orders,
        variables: Sequence[Any],
        choose: Callable[[Chosen], None],
    ) -> None:
        self.told: Told | None = None
        """The epoch that is being told; None while each is told as it ends."""
        self._leap_over: Callable[[bool, int], Leap] = partial(Leap, model, training, validation, variables)
        self._training = training
        self._validation = validation
        self._orders = orders
        self._choose = choose
        self._leap: Leap | None = None
        self._waiting: deque[Told] = deque()
        self._epochs: deque[float] = deque(maxlen=8)  # how long the last ones took, all around them included
        self._began: float | None = None
        self._jumps: list[float] = []  # seconds an epoch, of the first leaps
        self._jumped = 0
        self._is_off = False

    @property
    def has_trained(self) -> bool:
        """Is the next epoch behind the model already?"""
        return bool(self._waiting)

    def next(self, order: Any, epochs_left: int, may_leap: bool) -> Told | None:
        """The next epoch, if it has been trained already or a leap is made now; else None.

        Args:
            order: of the rows in the next epoch.
            epochs_left: the next one included.
            may_leap: false while the user goes step by step.
        """
        self.told = self._waiting.popleft() if self._waiting else None
        if self.told is None and not self._is_off:
            if may_leap and epochs_left > 1 and self._is_prepared(order, epochs_left):
                self._jump(order, epochs_left)
            else:
                self._time_epoch()
        return self.told

    def close(self) -> None:
        """Wait for what is being compiled."""
        if self._leap is not None:
            self._leap.close()

    def _time_epoch(self) -> None:
        now = time.perf_counter()
        if self._began is not None:
            self._epochs.append(now - self._began)
        self._began = now

    def _is_prepared(self, order: Any, epochs_left: int) -> bool:
        if self._leap is not None:
            self._is_off = self._leap.has_failed  # XLA refuses some networks: then each epoch is a call of its own
            return self._leap.is_ready
        if len(self._epochs) == self._epochs.maxlen:
            epochs = leap.worth(self._training, self._validation, min(self._epochs), epochs_left)
            if epochs:
                self._leap = self._leap_over(self._training.plan.jit, epochs)
                self._leap.prepare(order)
        return False

    def _jump(self, order: Any, epochs_left: int) -> None:
        assert self._leap is not None
        now = time.perf_counter()
        if self._jumped and self._began is not None and len(self._jumps) < _TRIED:
            self._jumps.append((now - self._began) / self._jumped)
            if len(self._jumps) == _TRIED:
                self._judge()
        self._began = now
        count = min(self._leap.epochs, epochs_left)
        self._waiting.extend(self._leap.jump([order, *self._orders.peek(count - 1)]))
        self._jumped = len(self._waiting)
        self.told = self._waiting.popleft()

    def _judge(self) -> None:
        """The first leaps have been measured, with all that is around them."""
        assert self._leap is not None
        search = self._training.search
        fastest = min(self._jumps)
        if fastest > min(self._epochs):
            self._is_off = True
        elif search is not None and search.choice is not None:
            name = f"{self._training.plan}, {self._leap.epochs} epochs a call"
            speed = Speed(name, self._training.steps / fastest, self._leap.seconds)
            self._choose(replace(search.choice, execution=name, measured=(*search.choice.measured, speed)))
