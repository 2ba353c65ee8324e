"""A field that takes a file: each is read once, as it comes, and what came of it stays until the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components import state
from components.file_drop.file_drop import Arrived, Takes, arrived, file_drop

_LONGEST_NAME = 60

Reader = Callable[[str, str], object]
"""Takes what the server calls the file, and what the user does."""


def file_field(name: str, takes: Takes, read: Reader) -> Any:
    """Draw it; gives what `read` made of the last file, or None before the first.

    Args:
        name: tells the fields of the page apart.
        takes: what may be dropped.
        read: what to do with a file. It shows what it raises by itself.
    """
    here = state.current()
    key = f"file-{here.stored.id[:6]}-{name}"
    done, found = here.arrived.get(name, ("", None))
    file = file_drop(
        here.stored.id, takes, done=done, key=key, on_arrival=lambda: _take(name, arrived(state.value(key)), read)
    )
    if file and file.id != done:  # nobody listened: the server was started anew since the page was drawn
        _take(name, file, read)
        st.rerun()
    return found


def _take(name: str, file: Arrived | None, read: Reader) -> None:
    if file:
        state.current().arrived[name] = (file.id, read(file.reference, file.name))


def drop(reference: str) -> None:
    """The file is of no more use."""
    state.services().given.drop(state.current().stored.id, reference)


def named(file: str) -> str:
    """How to call a file at the start of a sentence: by its name, which may be very long."""
    if not file:
        return "The file"
    return f"“{file}”" if len(file) <= _LONGEST_NAME else f"“{file[: _LONGEST_NAME - 12]}…{file[-11:]}”"
