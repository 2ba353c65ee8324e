"""Asks a kernel about a run, once: the page is drawn many times from one answer, and can be left before it comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

import streamlit as st

from components import state
from components.panels import run_files
from core import document
from core.store import Run

SECONDS = 60.0
AT_ONCE = 0.3
"""Seconds without a word: what is there so soon need not be waited for."""
TICK = 0.5
LONG = 5.0
"""From so many seconds on the page says how long it will take."""

T = TypeVar("T")


def ask(kind: str, run: Run, **more: Any) -> dict[str, Any]:
    """The answer to a question of `core.engine.questions` about a run; raises what the engine raises."""
    answer: dict[str, Any] = _waited(kind, _begun(kind, run, more.get("weights", "last"), more))
    return answer


def ask_quietly(kind: str, run: Run, **more: Any) -> dict[str, Any]:
    """The same for what nobody has asked to see: nothing shows that it is being worked on."""
    answer: dict[str, Any] = _waited(kind, _begun(kind, run, "last", more), is_quiet=True)
    return answer


def work(kind: str, key: str, what: Callable[[], T]) -> T:
    """Have something done that takes long, once for this key, and wait for it as `ask` does."""
    found: T = _waited(kind, state.services().asking.begin(kind, key, what))
    return found


def _begun(kind: str, run: Run, weights: str, more: dict[str, Any]) -> Future[Any]:
    """The stamp tells the weights of a run from what they were before it went on."""
    engine = state.services().engine
    question = {"ask": kind, "project": document.to_dict(run.project), "folder": run.folder, **more}
    key = (run.id, run_files.stamp(run, weights), json.dumps(more, sort_keys=True))
    return state.services().asking.begin(kind, key, lambda: engine.ask(question, timeout=SECONDS))


def _waited(kind: str, answer: Future[Any], *, is_quiet: bool = False) -> Any:
    """Each word that is drawn meanwhile is a moment at which the reader may go elsewhere; the work then goes on."""
    place, began = st.empty(), time.monotonic()
    seconds = AT_ONCE
    while not wait([answer], timeout=seconds).done:
        place.caption("" if is_quiet else _word(time.monotonic() - began, state.services().asking.usual_seconds(kind)))
        seconds = TICK
    place.empty()
    return answer.result()


def _word(gone: float, usual: float | None) -> str:
    """`Asking the model · 7 s, the last time it took 9 s`."""
    text = ":material/hourglass_top: Asking the model"
    if gone < LONG and (usual or 0.0) < LONG:
        return text
    return f"{text} · {gone:.0f} s" + (f", the last time it took {usual:.0f} s" if usual else "")
