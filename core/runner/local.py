"""Runs on this computer: a worker for each, first come first served, one at a time for each user."""

from __future__ import annotations

import os
import threading
import time

from core.engine import Engine, endings, log, pulse
from core.errors import EagerlyError, StoreError
from core.events import Failed, Finished, encode
from core.progress import view
from core.runner import Capacity
from core.store import Run, Store, status_change

LOOK_SECONDS = 1.0
START_SECONDS = 20.0
"""How long a run that was claimed may be without a keeper that holds its lock."""


class LocalRunner:
    """A thread that starts what is queued as soon as the engine is warm and there is room.

    Args:
        workers: how many runs may train at the same time.
    """

    def __init__(self, store: Store, engine: Engine, workers: int) -> None:
        self._store = store
        self._engine = engine
        self._workers = workers
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="runner", daemon=True)
        self._launched: dict[str, float] = {}  # when this server started the keeper, by the steady clock

    def start(self) -> None:
        """Take over what an earlier server left, then start what is queued."""
        self._bury_the_dead()
        self._engine.on_warm = self._wake.set
        self._engine.on_exit = self._ended
        self._thread.start()

    def stop(self) -> None:
        """Start no more runs; those that train go on."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def submit(self, run_id: str) -> None:
        """Look at the queue now; the store holds it."""
        self._wake.set()

    def cancel(self, run_id: str) -> None:
        """End a run: one that waits at once, one that trains after its present step.

        Raises:
            StoreError: if there is no such run.
        """
        run = self._store.run(run_id)
        if self._store.cancel_queued(run_id, ""):
            self._say_it_was_cancelled(run)
        else:
            self._store.send(run_id, "stop")

    def capacity(self) -> Capacity:
        """What there is room for."""
        return Capacity(self._workers, len(self._store.active()), len(self._store.queued()))

    def position(self, run_id: str) -> int | None:
        """The place in the queue, from 1; None if the run does not wait."""
        waiting = [run.id for run in self._store.queued()]
        return waiting.index(run_id) + 1 if run_id in waiting else None

    def _work(self) -> None:
        while not self._stopping:
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            try:
                self._bury_the_dead()
                self._dispatch()
            except StoreError as error:  # a full disk, say: it may get better
                log.say(f"runner: {error}")

    def _dispatch(self) -> None:
        if not self._engine.is_warm or self._stopping:
            return
        active = self._store.active()
        room, busy = self._workers - len(active), {run.project_id for run in active}
        for run in self._store.queued():
            if room <= 0:
                return
            if run.project_id not in busy and self._store.claim(run.id):
                room -= 1
                busy.add(run.project_id)
                self._launch(run)

    def _launch(self, run: Run) -> None:
        self._launched[run.id] = time.monotonic()
        try:
            self._engine.launch(run.id)
        except EagerlyError as error:
            self._fail(run, str(error))

    def _ended(self, pid: int, code: int) -> None:
        """The zygote says that a child has ended; whether it was a keeper that should not have, is seen next."""
        self._wake.set()

    def _bury_the_dead(self) -> None:
        for run in self._store.active():
            if self._is_dead(run):
                self._fail(run, endings.orphaned(view(self._store, run.id)))

    def _is_dead(self, run: Run) -> bool:
        """Its keeper holds no lock, and is not just being started either. The clock of the day plays no part,
        since it may jump; only a run that an earlier server had claimed and not launched is told by it."""
        if pulse.is_held(pulse.of_keeper(run.path)):
            return False
        if run.keeper_pid is not None:
            return self._store.run(run.id).status == run.status and not _lives(run.keeper_pid)
        launched = self._launched.get(run.id)
        waited = time.time() - (run.heartbeat or 0) if launched is None else time.monotonic() - launched
        return not 0 <= waited < START_SECONDS

    def _fail(self, run: Run, sentence: str) -> None:
        self._launched.pop(run.id, None)
        self._store.append(run.id, [encode(Failed(sentence))], status_change("failed", {"message": sentence}))

    def _say_it_was_cancelled(self, run: Run) -> None:
        """The journal ends too, so that whoever reads only that knows."""
        end = Finished(
            metrics=run.metrics, steps=run.steps, steps_per_second=0.0, execution=run.execution, stopped=True
        )
        self._store.append(run.id, [encode(end)])


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
