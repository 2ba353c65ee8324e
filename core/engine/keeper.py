"""The keeper of one run: light, with the connection to the store; it outlives the server and the trainer.

It forks the trainer first, so that the trainer has no file of the store, and then takes its events, passes the
user's words on, watches memory and time, and gives the end of the trainer a sentence.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
from types import FrameType
from typing import Any

from core.engine import endings, log, pulse, trainer
from core.engine.memory import resident_mb
from core.engine.recorder import COMMIT_SECONDS, Recorder
from core.engine.wire import Frames, settings_from_dict
from core.errors import StoreError
from core.events import Chosen, Failed, Finished, Note
from core.settings import Settings
from core.store import Run, Store
from core.train import machine

WORDS_SECONDS = 0.1
MEMORY_SECONDS = 0.25
BEAT_SECONDS = 1.0
STOP_SECONDS = 5.0
"""How long a trainer may take to hear the word stop."""
SAVE_SECONDS = 120.0
"""How long it may take to end after it has heard it: it saves the model."""
FULL_DISK_SECONDS = 600.0
LOCK_SECONDS = 10.0


def main(message: dict[str, Any], files: list[int]) -> None:
    """Keep the run `message["run_id"]` from its start to its end."""
    settings = settings_from_dict(message["settings"])
    pid, said, words = trainer.fork(settings)
    store = Store(settings.database_url)
    run = store.run(message["run_id"])
    if not _hold(run) or run.status != "starting":
        os.kill(pid, signal.SIGKILL)
        return
    Keeper(settings, store, run, pid, said, words).keep()


def _hold(run: Run) -> bool:
    """Be the run's only keeper; the one before, of a run that is continued, may just be ending."""
    patience = time.monotonic() + LOCK_SECONDS
    while pulse.hold(pulse.of_keeper(run.path)) is None:
        if time.monotonic() > patience:
            return False
        time.sleep(0.02)
    return True


class Keeper:
    """Everything that is known of the run while it goes on."""

    def __init__(self, settings: Settings, store: Store, run: Run, pid: int, said: int, words: int) -> None:
        self._settings = settings
        self._store = store
        self._run = run
        self._trainer = pid
        self._said = said
        self._words = words
        self._frames = Frames()
        self._recorder = Recorder(store, run.id)
        self._last_word = 0
        self._began = time.monotonic()
        self._due: dict[str, float] = {}
        self._stop_asked: float | None = None
        self._stop_heard: float | None = None
        self._over_since: float | None = None
        self._failure = ""
        self._has_started = False
        self._remembered: Chosen | None = None
        signal.signal(signal.SIGTERM, self._asked_to_end)

    def keep(self) -> None:
        """Work until the trainer has ended and everything it said is committed."""
        store, run = self._store, self._run
        store.set_status(run.id, "starting", keeper_pid=os.getpid())
        job = {"document": run.document, "folder": run.folder, "more_epochs": run.more_epochs}
        job["known"] = machine.to_dict(machine.remembered(self._settings.home))
        self._tell(json.dumps(job))
        while self._listen():
            self._recorder.commit_if_due()
            self._each(WORDS_SECONDS, self._relay)
            self._each(MEMORY_SECONDS, self._watch)
            self._each(BEAT_SECONDS, self._beat)
        _, status = os.waitpid(self._trainer, 0)
        self._conclude(os.waitstatus_to_exitcode(status))

    def _listen(self) -> bool:
        """Take what the trainer said; false when it has ended."""
        wait = COMMIT_SECONDS if self._recorder.has_pending else WORDS_SECONDS
        if not select.select([self._said], [], [], wait)[0]:
            return True
        piece = os.read(self._said, 1 << 16)
        for body in self._frames.feed(piece):
            if body == trainer.HEARD_STOP:
                self._stop_heard = time.monotonic()
            else:
                self._recorder.add(body)
                self._has_started = self._has_started or self._recorder.view.status == "running"
        self._remember()
        return bool(piece)

    def _remember(self) -> None:
        """What the trainer measured is for the runs to come; it cannot write there itself."""
        chosen = self._recorder.view.chosen
        if chosen is not None and chosen != self._remembered:
            self._remembered = chosen
            try:
                machine.remember(self._settings.home, chosen)
            except OSError as error:
                log.say(f"keeper of {self._run.id}: the speeds are not remembered: {error}")

    def _each(self, seconds: float, duty: Any) -> None:
        now = time.monotonic()
        if now >= self._due.get(duty.__name__, 0.0):
            self._due[duty.__name__] = now + seconds
            duty()

    def _relay(self) -> None:
        try:
            words = self._store.words_after(self._run.id, self._last_word)
        except StoreError:
            return  # the next round tries again
        for seq, word in words:
            self._last_word = seq
            if word == "stop":
                self._stop()
            else:
                self._tell(word)

    def _stop(self) -> None:
        """Ask the trainer to end; before its first step there is nothing to save."""
        if self._stop_asked is None:
            self._stop_asked = time.monotonic()
            self._tell("stop")
            if not self._has_started:
                self._stop_heard = self._stop_asked
                self._kill()

    def _watch(self) -> None:
        now, view = time.monotonic(), self._recorder.view
        if view.is_over:
            self._over_since = self._over_since or now
            if now - self._over_since > STOP_SECONDS:  # it has said its last word, and hangs
                self._kill()
            return
        memory, limit = resident_mb(self._trainer), self._settings.memory_mb
        if memory > limit and not self._failure:
            self._failure = endings.too_large(memory, limit, view)
            self._kill()
        if now - self._began > self._settings.wall_seconds and self._stop_asked is None:
            self._recorder.say(Note(endings.out_of_time(self._settings.wall_seconds)))
            self._stop()
        self._watch_stopping(now)

    def _watch_stopping(self, now: float) -> None:
        """A trainer that was told to stop hears it soon, and then has time to save."""
        if self._stop_heard is not None:
            if now - self._stop_heard > SAVE_SECONDS:
                self._kill()
        elif self._stop_asked is not None and now - self._stop_asked > STOP_SECONDS:
            self._stop_heard = now
            self._recorder.say(Note(endings.unanswered(STOP_SECONDS, self._recorder.view)))
            self._kill()

    def _beat(self) -> None:
        try:
            if not self._store.beat(self._run.id):  # the run has been deleted
                self._kill()
        except StoreError:
            return  # the next beat tries again

    def _tell(self, line: str) -> None:
        try:
            os.write(self._words, line.encode() + b"\n")
        except OSError:
            return  # it has ended; its exit code will say how

    def _kill(self) -> None:
        os.kill(self._trainer, signal.SIGKILL)

    def _asked_to_end(self, number: int, frame: FrameType | None) -> None:
        """The computer goes down, or somebody ends this process: save what can be saved."""
        self._stop()

    def _conclude(self, code: int) -> None:
        recorder = self._recorder
        if not recorder.view.is_over:
            recorder.say(self._end(code))
        patience = time.monotonic() + FULL_DISK_SECONDS
        while not recorder.commit() or recorder.has_pending:
            self._beat()
            if time.monotonic() > patience:
                return
            time.sleep(0.5)

    def _end(self, code: int) -> Failed | Finished:
        """The last event of a trainer that ended without one."""
        view = self._recorder.view
        if self._failure:
            return Failed(self._failure)
        if self._stop_asked is None:
            return Failed(endings.died(code, view))
        return Finished(
            metrics=view.metrics,
            steps=view.steps,
            steps_per_second=view.steps_per_second,
            execution=view.execution,
            epochs=view.epochs_done,
            seconds=view.seconds,
            stopped=True,
        )
