"""Asks a kernel about a run, once: the page is drawn many times from one answer."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from components import state
from components.panels import run_files
from core import document
from core.store import Run

SECONDS = 60.0


def ask(kind: str, run: Run, **more: Any) -> dict[str, Any]:
    """The answer to a question of `core.engine.questions` about a run; raises what the engine raises."""
    return _answer(kind, run.id, run_files.stamp(run, more.get("weights", "last")), json.dumps(more, sort_keys=True))


def ask_quietly(kind: str, run: Run, **more: Any) -> dict[str, Any]:
    """The same for what nobody has asked to see: nothing shows that it is being worked on."""
    return _quiet(kind, run.id, run_files.stamp(run, "last"), json.dumps(more, sort_keys=True))


@st.cache_data(max_entries=64, show_spinner="Asking the model", ttl=3600)
def _answer(kind: str, run_id: str, stamp: int, more: str) -> dict[str, Any]:
    """`stamp` tells the weights of a run from what they were before it went on."""
    return _asked(kind, run_id, more)


@st.cache_data(max_entries=64, show_spinner=False, ttl=3600)
def _quiet(kind: str, run_id: str, stamp: int, more: str) -> dict[str, Any]:
    return _asked(kind, run_id, more)


def _asked(kind: str, run_id: str, more: str) -> dict[str, Any]:
    run = state.services().store.run(run_id)
    question = {"ask": kind, "project": document.to_dict(run.project), "folder": run.folder, **json.loads(more)}
    return state.services().engine.ask(question, timeout=SECONDS)
