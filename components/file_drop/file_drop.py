"""A place to drop files or to choose them; they go to the disk beside Streamlit, which would keep them in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True)
class Arrived:
    """A file that has come in whole: which sending it was, what the server called it, and what the user does."""

    id: str
    reference: str
    name: str


def file_drop(project: str, takes: Takes, *, done: str, key: str, on_arrival: Callable[[], None]) -> Arrived | None:
    """Draw it.

    Args:
        project: the token of the project that the file is for.
        takes: what may be dropped.
        done: the id of the last file that was dealt with; any other is shown as being read.
        key: what came in stands under it, for `arrived`.
        on_arrival: called when a file has come in whole, before the page is drawn.

    Returns:
        The file that came in just now. It is the only word of it in a session that a restarted server began.
    """
    data = {
        "project": project,
        "suffixes": list(takes.suffixes),
        "most": takes.most_bytes,
        "noun": takes.noun,
        "folders": takes.folders,
        "done": done,
    }
    return arrived(_component(key=key, data=data, on_file_change=on_arrival, height="content"))


def arrived(value: object) -> Arrived | None:
    """The file in what the component told."""
    file = getattr(value, "file", None)
    if not isinstance(file, Mapping):
        return None
    return Arrived(str(file.get("id")), str(file.get("reference")), str(file.get("name")))
