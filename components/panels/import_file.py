"""Takes a file in: a project of ours, a `.keras` file, or the text of `to_json()`."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from components import state, words
from components.file_drop.file_drop import Takes
from components.panels import file_field
from core.errors import EagerlyError, ImportRefused
from core.runner.service import Imported
from core.spec import Project

SUFFIXES = ["json", "keras", "txt"]


def render(*, key: str) -> None:
    """`key` tells two of these forms apart."""
    most = state.services().settings.upload_bytes
    found = file_field.file_field(f"import.{key}", Takes(SUFFIXES, most, "model or project"), read)
    if isinstance(found, Imported):
        _about(found)
        _ways(found, key)
    elif found:
        st.error(found, icon=":material/error:")
    else:
        st.caption(
            "A project file, a Keras model, or the text of `to_json()`. It is read as data; nothing in it is run."
        )


def read(reference: str, name: str) -> Imported | str:
    """What is in an uploaded file, or why it is not taken; the file itself is of no more use then."""
    try:
        return state.services().import_file(reference, PurePath(name).name)
    except ImportRefused as refused:
        place = f" **{words.plain(refused.path)}**:" if refused.path else ""
        return f"This file is not taken.{place} {words.plain(refused.message)}"
    except EagerlyError as refused:
        return words.plain(str(refused))
    finally:
        file_field.drop(reference)


def _about(found: Imported) -> None:
    layers = len(found.project.model.nodes)
    with_weights = " with their weights" if found.project.training.initial_weights else ""
    st.markdown(f"**{words.plain(found.project.name)}** · {layers} layer{'' if layers == 1 else 's'}{with_weights}")
    for note in found.notes:
        st.caption(f":material/info: {words.plain(note)}")
    if found.trouble:
        st.warning(words.plain(f"{found.trouble} Then send the file again."), icon=":material/warning:")


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
