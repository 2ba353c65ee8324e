"""A place to drop a file or to choose one; it goes to the disk beside Streamlit, which would keep it in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
class Arrived:
    """A file that has come in whole: which sending it was, and what the server called it."""

    id: str
    reference: str
    name: str


def file_drop(
    project: str, suffixes: Sequence[str], most_bytes: int, *, done: str, key: str, noun: str = "file", folders: bool = False
) -> Arrived | None:
    """Draw it.

    Args:
        project: the token of the project that the file is for.
        suffixes: what the browser offers to choose, without a dot.
        done: the id of the last file that was dealt with; any other is shown as being read.
        noun: what is taken, such as "picture".
        folders: several files and folders of pictures are taken too, and come as one ZIP file.

    Returns:
        The last file that came in; None before the first.
    """
    data = {"project": project, "suffixes": list(suffixes), "most": most_bytes, "done": done}
    data |= {"noun": noun, "folders": folders}
    result = _component(key=key, data=data, default={"file": None}, on_file_change=_rerun, height="content")
    file = getattr(result, "file", None)
    if not isinstance(file, Mapping):
        return None
    return Arrived(str(file.get("id")), str(file.get("reference")), str(file.get("name")))


def _rerun() -> None:
    """Nothing to do: that the script runs again is what was wanted."""
