"""Takes a file in: a project of ours, a `.keras` file, or the text of `to_json()`."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from components import state, words
from core.errors import ImportRefused
from core.runner.service import Imported
from core.spec import Project


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
        found = _read(file.getvalue(), PurePath(file.name).name)
    except ImportRefused as refused:
        place = f" **{words.plain(refused.path)}**:" if refused.path else ""
        st.error(f"This file is not taken.{place} {words.plain(refused.message)}", icon=":material/error:")
        return
    _about(found)
    _ways(found, key)


def _read(content: bytes, name: str) -> Imported:
    """Kept for the next reruns, unless another try may bring more."""
    found = _kept(content, name)
    if found.trouble:
        _kept.clear(content, name)
    return found


@st.cache_data(max_entries=4, show_spinner="Reading the file")
def _kept(content: bytes, name: str) -> Imported:
    return state.services().import_file(content, name)


def _about(found: Imported) -> None:
    layers = len(found.project.model.nodes)
    with_weights = " with their weights" if found.project.training.initial_weights else ""
    st.markdown(f"**{words.plain(found.project.name)}** · {layers} layer{'' if layers == 1 else 's'}{with_weights}")
    for note in found.notes:
        st.caption(f":material/info: {words.plain(note)}")
    if found.trouble:
        st.warning(words.plain(found.trouble), icon=":material/warning:")


def _ways(found: Imported, key: str) -> None:
    with st.container(horizontal=True, gap="small"):
        if st.button("Open as a new project", key=f"import.{key}.open", type="primary"):
            state.start_project(found.project)
            state.go("Model")
        if st.button(
            "Take its layers",
            key=f"import.{key}.layers",
            help="Put its layers in place of this project's, and keep the data. Undo takes it back.",
        ):
            state.become(_with_layers(state.project(), found.project))
            state.go("Model")


def _with_layers(here: Project, other: Project) -> Project:
    """This project with the other's layers, and the weights that belong to them."""
    training = here.training.model_copy(update={"initial_weights": other.training.initial_weights})
    return here.model_copy(update={"model": other.model, "training": training})
