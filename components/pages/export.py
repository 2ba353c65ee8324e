"""The Export page: take the model along as a script, a Keras file, or a project; or bring one in."""

from __future__ import annotations

import base64

import streamlit as st

from components import state, words
from components.panels import header, import_file
from core import document
from core.errors import EagerlyError
from core.exporting import python
from core.store import Run

TITLE = "Export"


def render() -> None:
    header.render()
    left, right = st.columns([3, 2], gap="large")
    with left:
        _script()
    with right:
        _keras_file()
        _project_file()
        st.markdown("### Bring a model in", anchors=False)
        import_file.render(key="page")


def _stem() -> str:
    name = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in state.project().name.lower())
    return "_".join(part for part in name.split("_") if part) or "project"


def _script() -> None:
    st.markdown("### Python script", anchors=False)
    st.caption("Plain Keras, with no import of ours. Run alone it gives the same numbers as this page.")
    facts = state.checked().facts
    if facts is None:
        st.caption("The script is written once the data has been read.")
        return
    try:
        script = python.script(state.project(), facts)
    except EagerlyError as refused:
        st.warning(words.plain(str(refused)))
        return
    st.download_button(
        "Download script",
        script,
        f"{_stem()}.py",
        "text/x-python",
        icon=":material/download:",
        type="primary",
        key="export.python",
        on_click="ignore",
    )
    _initial_weights()
    st.code(script, language="python", height=620)


def _initial_weights() -> None:
    """The file that the script reads, where it begins with imported weights."""
    try:
        file = state.services().initial_weights(state.project())
    except EagerlyError as missing:
        st.warning(words.plain(str(missing)), icon=":material/warning:")
        return
    if file is not None:
        st.download_button(
            "Download its imported weights",
            file.read_bytes,
            python.INITIAL_WEIGHTS,
            icon=":material/download:",
            key="export.weights",
            on_click="ignore",
            help="The script reads this file from its own folder.",
        )


def _keras_file() -> None:
    st.markdown("### Keras file", anchors=False)
    run = state.run()
    if run is None or not run.is_over:
        st.caption("After a run: the trained model as `.keras`, for `keras.models.load_model`.")
        return
    st.caption(
        f"The trained model of {words.plain(run.name)}, for `keras.models.load_model`. Layers in front of it prepare "
        "the rows, so it takes them raw: a table as a dict of its columns."
    )
    path = run.path / "model.keras"
    if path.is_file():
        _keras_downloads(run)
    else:
        st.caption("This run ended before it could save a model.")


def _keras_downloads(run: Run) -> None:
    st.download_button(
        "Download model",
        lambda: _raw_rows_model(run),
        f"{_stem()}.keras",
        icon=":material/download:",
        key="export.keras",
        on_click="ignore",
    )
    st.download_button(
        "Download network alone",
        (run.path / "model.keras").read_bytes,
        f"{_stem()}_network.keras",
        icon=":material/download:",
        key="export.network",
        on_click="ignore",
        help="As it was trained, with its optimizer: it takes rows that are prepared already.",
    )


def _raw_rows_model(run: Run) -> bytes:
    """Made by the engine when it is asked for."""
    question = {"ask": "export", "format": "keras", "folder": run.folder, "project": document.to_dict(run.project)}
    return base64.b64decode(state.services().engine.ask(question, timeout=60)["base64"])


def _project_file() -> None:
    st.markdown("### Project file", anchors=False)
    st.caption("All of the project in one JSON file: to keep, to share, or for `python -m core train`.")
    st.download_button(
        "Download project",
        document.dump(state.project()),
        f"{_stem()}.json",
        "application/json",
        icon=":material/download:",
        key="export.project",
        on_click="ignore",
    )
