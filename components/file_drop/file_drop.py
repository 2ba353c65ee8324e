"""A place to drop files or to choose them; they go to the disk beside Streamlit, which would keep them in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


_component = st.components.v2.component(
    "file_drop",
    js=_read("zip.js", "walking.js", "deciding.js", "sending.js", "file_drop.js"),
    css=_read("file_drop.css"),
)


@dataclass(frozen=True)
class Takes:
    """What a place takes.

    `suffixes` are what the browser offers to choose, without a dot; `noun` is what a person calls it. With `folders`,
    several files and folders of pictures are taken too, and come as one ZIP file.
    """

    suffixes: Sequence[str]
    most_bytes: int
    noun: str = "file"
    folders: bool = False


def file_drop(project: str, takes: Takes, *, done: str, key: str, on_arrival: Callable[[], None]) -> None:
    """Draw it.

    Args:
        project: the token of the project that the file is for.
        takes: what may be dropped.
        done: the id of the last file that was dealt with; any other is shown as being read.
        key: under it stands `{"file": {"id", "reference", "name"}}`: which sending it was, what the server called
            the file, and what the user does.
        on_arrival: called when a file has come in whole.
    """
    data = {
        "project": project,
        "suffixes": list(takes.suffixes),
        "most": takes.most_bytes,
        "noun": takes.noun,
        "folders": takes.folders,
        "done": done,
    }
    _component(key=key, data=data, default={"file": None}, on_file_change=on_arrival, height="content")
