"""The final test of a run: the rows that were set aside are looked at once, and what was found is kept."""

from __future__ import annotations

import threading
from typing import Any

from core import document
from core.engine import Engine
from core.errors import RunError
from core.store import FinalTest, Run, Store

SECONDS = 120.0
_testing = threading.Lock()
"""Two tabs that ask at once cause one test: the second one finds what the first one kept."""


def take(store: Store, engine: Engine, run: Run, weights: str) -> FinalTest:
    """The final test of the run as it stands; it is computed only if there is none yet.

    Args:
        weights: "last" or "best"; those of an earlier test of the same state count, not these.

    Raises:
        RunError: if the run still trains.
        EagerlyError: what the engine and the store raise; nothing is kept then.
    """
    if not run.is_over:
        raise RunError(f"{run.name} is still {run.status}. Its final test comes when training is over.")
    with _testing:
        return store.final_test(run) or store.keep_final_test(run, weights, _answers(engine, run, weights))


def _answers(engine: Engine, run: Run, weights: str) -> dict[str, Any]:
    question = {"ask": "examine", "project": document.to_dict(run.project), "folder": run.folder}
    question |= {"part": "test", "weights": weights}
    found: dict[str, Any] = {}
    for output in run.project.model.outputs:
        found[output] = engine.ask({**question, "output": output}, timeout=SECONDS)
    return found
