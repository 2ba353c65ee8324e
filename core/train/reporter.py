"""The one voice of both loops: a Keras callback that turns what happens into events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from core.events import Epoch, Note, Started
from core.train.memory import private_mb
from core.train.record import Record

Metrics = dict[str, float | None]


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is untyped
    """Stands last in the list, so that it sees what the user's callbacks did.

    It overrides the batch hooks to keep Keras from sending each batch's logs through a pool of threads.

    Args:
        record: counts steps and time, and reports.
        started: what to say when training begins.
        notes: what to say right after that.
        callbacks: the user's callbacks, whose actions deserve a sentence.
    """

    def __init__(self, record: Record, started: Started, notes: list[str], callbacks: list[Any]) -> None:
        super().__init__()
        self.after_epoch: list[Callable[[Metrics], None]] = []  # called after each epoch with its metrics
        self.metrics: Metrics = {}
        self.epochs = started.first_epoch
        self.ended_early = False
        self._record = record
        self._started = started
        self._callbacks = callbacks
        self._notes = notes
        self._noted_rate: float | None = None
        self._first = True
        self._has_schedule = False
        self._rate_is_known = False  # only the user can change it, and the record hears of that: reading takes 0.1 ms

    def on_train_begin(self, logs: Any = None) -> None:
        self._record.say(self._started)
        for message in self._notes:
            self._record.say(Note(message))
        self._has_schedule = isinstance(self.model.optimizer.get_config().get("learning_rate"), dict)
        self._record.learning_rate = self._noted_rate = self._rate()
        self._rate_is_known = not self._has_schedule and not self._callbacks

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        rate = self._rate()
        if self._noted_rate and rate and not 0.5 < rate / self._noted_rate < 2 and not self._has_schedule:
            self._say(f"The learning rate is {rate:g} from epoch {epoch + 1} on.", epoch)
            self._noted_rate = rate
        self._record.learning_rate = rate
        self._record.epoch_begins()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Nothing: the losses of all steps have been recorded already."""

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Nothing: see the class."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        record = self._record
        seconds = record.epoch_seconds
        after = self._rate()
        rate = after if self._has_schedule else record.learning_rate
        self.metrics = {name: value for name, value in (logs or {}).items() if not name.startswith("learning_rate")}
        self.epochs = epoch + 1
        record.say(
            Epoch(
                epoch=epoch,
                metrics=dict(self.metrics),
                steps=record.step,
                seconds=seconds,
                steps_per_second=record.epoch_steps / seconds if seconds > 0 else 0.0,
                learning_rate=rate,
                memory_mb=private_mb(),
            )
        )
        self._say_what_callbacks_did(epoch, rate, after)
        record.epoch_ends()
        for act in self.after_epoch:
            act(self.metrics)

    def _say_what_callbacks_did(self, epoch: int, before: float | None, after: float | None) -> None:
        if self._first:
            self._first = False
            for callback in self._callbacks:
                self._say_if_blind(callback, epoch)
        if before is not None and after is not None and before != after:
            word = "lowered" if after < before else "raised"
            self._say(f"The learning rate was {word} from {before:g} to {after:g} after epoch {epoch + 1}.", epoch)
            self._noted_rate = after
        if self.model.stop_training:
            self.ended_early = True
            self._say(self._why_stopped(epoch), epoch)

    def _say_if_blind(self, callback: Any, epoch: int) -> None:
        monitor = getattr(callback, "monitor", None)
        if monitor is not None and monitor not in self.metrics:
            self._say(
                f"{type(callback).__name__} watches {monitor}, which this run does not have "
                f"(it has {', '.join(self.metrics)}), so it will do nothing.",
                epoch,
            )

    def _why_stopped(self, epoch: int) -> str:
        for callback in self._callbacks:
            if isinstance(callback, keras.callbacks.EarlyStopping) and callback.stopped_epoch == epoch:
                best = "" if callback.best is None else f" (best: {float(callback.best):.4g})"
                kept = f" The weights of epoch {callback.best_epoch + 1} are back."
                return (
                    f"Stopped early after epoch {epoch + 1}: {callback.monitor} has not improved "
                    f"for {callback.wait} epoch{'s' * (callback.wait != 1)}{best}."
                    f"{kept if callback.restore_best_weights else ''}"
                )
        return f"A callback ended the run after epoch {epoch + 1}."

    def _say(self, message: str, epoch: int) -> None:
        self._record.say(Note(message, epoch=epoch))

    def _rate(self) -> float | None:
        if self._rate_is_known:
            return self._record.learning_rate
        rate = getattr(self.model.optimizer, "learning_rate", None)
        return None if rate is None else float(rate)
