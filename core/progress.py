"""The state of a run, folded from its events. A live page draws this and nothing else."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from core.events import Chosen, Epoch, Event, Failed, Finished, Note, Paused, Resumed, Started, Steps, decode
from core.store import OVER, Status, Store

PAGE = 1000
MOST_EPOCHS = 2000
"""So many stay in a view; of a longer run every second one goes, then every second again."""
RECENT = 64
"""The last ones stay all."""


@dataclass(frozen=True)
class RunView:
    """What is known of a run after its events so far.

    `history` holds the epochs; of many every `stride`-th and the last ones. `seconds` is the training time of them all.
    `steps` counts training steps since the first epoch, `first_epoch` and `first_step` tell where the run was
    last started or continued, `started_at` when (seconds since 1970); `learning_rate` and `memory_mb` are those
    of the last epoch; `stopped` is true when the user or a callback ended the run early; `chosen` is what `"auto"`
    chose, once it has; `traces` is how often Python went through the training step.
    """

    status: Status = "queued"
    epochs: int = 0
    steps_per_epoch: int = 0
    batch_size: int = 0
    parameters: int = 0
    loop: str = ""
    execution: str = ""
    history: tuple[Epoch, ...] = ()
    stride: int = 1
    seconds: float = 0.0
    steps: int = 0
    loss: float | None = None
    steps_per_second: float = 0.0
    learning_rate: float | None = None
    memory_mb: float = 0.0
    message: str = ""
    details: str = field(default="", repr=False)
    notes: tuple[Note, ...] = ()
    metrics: dict[str, float | None] = field(default_factory=dict)
    first_epoch: int = 0
    first_step: int = 0
    started_at: float = 0.0
    stopped: bool = False
    chosen: Chosen | None = None
    traces: int = 0

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def total_steps(self) -> int:
        """All the steps that the run will have made, if nothing ends it early."""
        return self.epochs * self.steps_per_epoch

    @property
    def epochs_done(self) -> int:
        return self.history[-1].epoch + 1 if self.history else 0

    @property
    def epoch_seconds(self) -> float | None:
        """How long an epoch takes, validation not counted: the median of the last ones; None before the first."""
        last = [epoch.seconds for epoch in self.history[-20:] if epoch.seconds > 0]
        return statistics.median(last) if last else None

    def seconds_left(self, now: float) -> float | None:
        """An estimate of the training time to come, from the speed so far; None while nothing is known.

        Args:
            now: seconds since 1970.
        """
        if self.is_over or self.status == "queued":
            return None
        speed = self.steps_per_second
        if not speed and self.steps > self.first_step and now > self.started_at > 0:
            speed = (self.steps - self.first_step) / (now - self.started_at)
        return max(0, self.total_steps - self.steps) / speed if speed > 0 else None


def fold(events: Iterable[Event], view: RunView | None = None) -> RunView:
    """The view after these events; they go on from `view`, or from a run that has said nothing."""
    view = view or RunView()
    for event in events:
        view = _after(view, event)
    return view


def _after(view: RunView, event: Event) -> RunView:
    match event:
        case Started():
            return _started(view, event)
        case Steps():
            last = event.loss[-1] if event.loss else view.loss
            return replace(view, steps=max(view.steps, event.first + len(event.loss)), loss=last)
        case Epoch():
            return _epoch(view, event)
        case Paused():
            return replace(view, status="paused", steps=event.step)
        case Resumed():
            return replace(view, status="running")
        case Note():
            return replace(view, notes=(*view.notes, event))
        case Chosen():
            return replace(view, chosen=event, execution=event.execution)
        case Finished():
            return _finished(view, event)
        case Failed():
            return replace(view, status="failed", message=event.message, details=event.details)
        case _:
            assert_never(event)


def _started(view: RunView, event: Started) -> RunView:
    """A run that is continued starts where its files were saved: what it had reached beyond is made again."""
    undone = sum(epoch.seconds for epoch in view.history if epoch.epoch >= event.first_epoch)
    return replace(
        view,
        status="running",
        epochs=event.epochs,
        steps_per_epoch=event.steps_per_epoch,
        batch_size=event.batch_size,
        parameters=event.parameters,
        loop=event.loop,
        execution=event.execution,
        history=tuple(epoch for epoch in view.history if epoch.epoch < event.first_epoch),
        seconds=max(0.0, view.seconds - undone),
        steps=event.first_step,
        first_epoch=event.first_epoch,
        first_step=event.first_step,
        started_at=event.at,
        steps_per_second=0.0,
        message="",
        details="",
        stopped=False,
        chosen=None,
    )


def _epoch(view: RunView, event: Epoch) -> RunView:
    history, stride = (*view.history, event), view.stride
    if len(history) > MOST_EPOCHS:
        stride *= 2
        history = (*(epoch for epoch in history[:-RECENT] if not epoch.epoch % stride), *history[-RECENT:])
    elif stride > 1 and history[-RECENT - 1].epoch % stride:
        history = (*history[: -RECENT - 1], *history[-RECENT:])
    return replace(
        view,
        history=history,
        stride=stride,
        seconds=view.seconds + event.seconds,
        metrics=event.metrics,
        steps=max(view.steps, event.steps),
        steps_per_second=event.steps_per_second or view.steps_per_second,
        learning_rate=view.learning_rate if event.learning_rate is None else event.learning_rate,
        memory_mb=event.memory_mb or view.memory_mb,
    )


def _finished(view: RunView, event: Finished) -> RunView:
    return replace(
        view,
        status="stopped" if event.stopped else "finished",
        metrics=event.metrics or view.metrics,
        steps=max(view.steps, event.steps),
        steps_per_second=event.steps_per_second or view.steps_per_second,
        execution=event.execution or view.execution,
        stopped=event.stopped,
        traces=event.traces,
    )


class Progress:
    """Views of the runs in a store; each event is read and folded once, however often a page asks."""

    def __init__(self, store: Store, *, kept: int = 256) -> None:
        self._store = store
        self._kept = kept
        self._known: dict[str, tuple[int, RunView]] = {}
        self._lock = threading.Lock()

    def view(self, run_id: str) -> RunView:
        """The run as its events in the store tell it, up to now.

        Raises:
            StoreError: if the store cannot be read.
        """
        with self._lock:
            seq, view = self._known.pop(run_id, (0, RunView()))
        while page := self._store.events_after(run_id, seq, PAGE):
            view = fold((decode(body) for _, body in page), view)
            seq = page[-1][0]
        with self._lock:
            self._known[run_id] = (seq, view)
            while len(self._known) > self._kept:
                self._known.pop(next(iter(self._known)))
        return view


def view(store: Store, run_id: str) -> RunView:
    """The run as its events in the store tell it, read from the first one on."""
    return Progress(store).view(run_id)
