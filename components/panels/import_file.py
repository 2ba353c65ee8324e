"""Takes a file in: a project of ours, a `.keras` file, or the text of `to_json()`."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from components import state, words
from core import importing
from core.errors import ImportRefused
from core.importing import Found


def render(*, key: str) -> None:
    """`key` tells two of these forms apart."""
    file = st.file_uploader(
        "Project file, Keras model, or the text of to_json()",
        type=["json", "keras", "txt"],
        key=f"import.{key}.file",
        help="The file is read as data. Nothing in it is run.",
    )
    if file is None:
        return
    try:
        found = _find(file.getvalue(), PurePath(file.name).stem)
    except ImportRefused as refused:
        place = f" **{words.plain(refused.path)}**:" if refused.path else ""
        st.error(f"This file is not taken.{place} {words.plain(refused.message)}", icon=":material/error:")
        return
    _about(found)
    _ways(found, key)


@st.cache_data(max_entries=4, show_spinner="Reading the file")
def _find(content: bytes, name: str) -> Found:
    return importing.find(content, name=name)


def _about(found: Found) -> None:
    layers = len(found.project.model.nodes)
    st.markdown(f"**{words.plain(found.project.name)}** · {layers} layer{'' if layers == 1 else 's'}")
    for note in found.notes:
        st.caption(f":material/info: {words.plain(note)}")


def _ways(found: Found, key: str) -> None:
    with st.container(horizontal=True, gap="small"):
        if st.button("Open as a new project", key=f"import.{key}.open", type="primary"):
            state.start_project(found.project)
            state.go("Model")
        if st.button(
            "Take its layers",
            key=f"import.{key}.layers",
            help="Put its layers in place of this project's, and keep the data. Undo takes it back.",
        ):
            state.become(state.project().model_copy(update={"model": found.project.model}))
            state.go("Model")
