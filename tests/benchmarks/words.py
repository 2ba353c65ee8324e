"""`python -m tests.benchmarks.words`: how soon a run obeys, and how much memory it has for itself.

From the word in the store until the answer is in the store: that is what a click waits for, but for the page's own way.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time

from core import settings
from core.events import Note, Paused, Resumed, decode
from core.runner.service import Service
from tests.benchmarks import networks

ROUNDS = 10
RUNNING_IN = 12.0  # seconds: until then `auto` has chosen, and leaps over epochs where it can
NETWORKS = ("Dense 10-32-1", "Dense 2-4-2-1, 250 points", "small CNN", "residual CNN")


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        service = Service(settings.load({"EAGERLY_HOME": home, "EAGERLY_WALL_SECONDS": "600"}))
        service.start()
        try:
            service.engine.wait_warm(300)
            for name in NETWORKS:
                make, sizes = networks.NETWORKS[name]
                say(name, *measured(service, make(sizes[0])))
        finally:
            service.stop()


def measured(service, project):
    """Seconds until each of three words was obeyed, the run's private memory in MB, and what it ran as."""
    run = service.train(service.store.create_project(project), project)
    time.sleep(RUNNING_IN)
    seconds, listener = {"pause": [], "resume": [], "learning_rate": []}, Listener(service.store, run.id)
    for turn in range(ROUNDS):
        seconds["pause"].append(listener.obeyed("pause", Paused))
        seconds["resume"].append(listener.obeyed("resume", Resumed))
        time.sleep(0.37)  # so that the words come at all points of a call
        seconds["learning_rate"].append(listener.obeyed(f"learning_rate={0.001 / (turn + 2)}", Note))
    view = service.progress.view(run.id)
    service.runner.cancel(run.id)
    while not service.store.run(run.id).is_over:
        time.sleep(0.1)
    return seconds, view.memory_mb, view.execution


class Listener:
    """Sends words to a run and hears what it says."""

    def __init__(self, store, run_id):
        self._store, self._run_id, self._seq = store, run_id, 0

    def obeyed(self, word, answer):
        """Seconds until an event of this kind follows the word."""
        while self._next():
            pass
        began = time.perf_counter()
        self._store.send(self._run_id, word)
        while not any(isinstance(decode(body), answer) for body in self._next()):
            time.sleep(0.005)
        return time.perf_counter() - began

    def _next(self):
        found = self._store.events_after(self._run_id, self._seq, 1000)
        self._seq = found[-1][0] if found else self._seq
        return [body for _, body in found]


def say(name, seconds, memory_mb, execution):
    figures = ", ".join(
        f"{word} p50 {statistics.median(all_):.2f} max {max(all_):.2f} s" for word, all_ in seconds.items()
    )
    sys.stdout.write(f"{name:28} {execution:32} {figures}, private memory {memory_mb:.0f} MB\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
