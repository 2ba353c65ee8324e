"""Where the rows come from, and how they are split."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

import streamlit as st

from components import state, words
from components.file_drop.file_drop import Takes
from components.panels import (
    data_augmentation,
    data_choices,
    data_roles,
    data_text,
    data_windows,
    file_field,
    source_dialog,
)
from core import data as rows, gallery, spec
from core.data import DataFacts, offers
from core.edits import Set
from core.errors import DataError, EagerlyError

SUFFIXES = ["csv", "tsv", "txt", "xlsx", "parquet", "jsonl", "ndjson", "zip"]


def render(facts: DataFacts | None) -> None:
    data = state.project().data
    _source(data)
    if offers.of(data) == offers.OWN or state.current().wants_csv:
        _upload()
    match data:
        case spec.TableData():
            _table(data, facts)
        case spec.ImagesData():
            _images(data)
        case spec.PointsData():
            _number("Points", "rows", data.rows, 10, 100_000)
            _slider("Noise", "noise", data.noise, 1.0, "How far the points stray from the pattern.")
        case spec.WavesData():
            _waves(data)
        case spec.SeriesData():
            _series(data)
        case spec.MadeTableData():
            _made_table(data)
        case spec.ShapesData():
            _number("Pixels per side", "size", data.size, 8, 32)
            _number("Rows", "rows", data.rows, 20, 10_000)
            _slider("Noise", "noise", data.noise, 1.0, "How much is added to each pixel at random.")
        case spec.NoisyDigitsData():
            _slider("Noise", "noise", data.noise, 1.0, "How much is added to each pixel at random.")
        case spec.SentencesData():
            _number("Letters per row", "length", data.length, 4, 100)
            _number("Rows", "rows", data.rows, 100, 50_000)
        case spec.RandomData():
            _random(data)
    if facts:
        data_roles.render(facts, _known_columns(data))
    _split_and_prepare(data, facts)


def _split_and_prepare(data: spec.DataSpec, facts: DataFacts | None) -> None:
    st.markdown("#### Split", anchors=False)
    data_choices.split(facts, [] if facts else _known_columns(data))
    if data.split != "column":
        _slider("Validation", "validation_fraction", data.validation_fraction, 0.5, "Watched while training.")
        _slider("Test", "test_fraction", data.test_fraction, 0.5, "Kept aside until the end.")
    _number("Seed", "seed", data.seed, 0, 2**31 - 1)
    st.markdown("#### Preparation", anchors=False)
    if not (facts and facts.kind == "text"):
        _options("Scaling", "scaling", ["auto", "standard", "min_max", "robust", "none"], data.scaling)
    data_augmentation.render(facts)
    data_choices.columns(facts)
    data_choices.weights(facts)


def _source(data: spec.DataSpec) -> None:
    offer = offers.OWN if state.current().wants_csv else offers.of(data)
    title = "Your own pictures" if isinstance(data, spec.ImagesData) and offer == offers.OWN else offer.title
    st.markdown(f"#### {words.plain(title)}", anchors=False)
    if st.button("Choose data", icon=":material/database:", key="source", width="stretch"):
        source_dialog.show()


def _upload() -> None:
    takes = Takes(SUFFIXES, state.services().settings.upload_bytes, folders=True)
    refusal = file_field.file_field("data", takes, take)
    if refusal:
        st.error(words.plain(str(refusal)), icon=":material/error:")
    elif state.current().wants_csv:
        st.caption(
            "A table with a header row, or pictures in a ZIP file or folders: a folder for each class, or with a CSV "
            "file of names and labels. You can change what is predicted."
        )


def take(reference: str, name: str = "") -> str:
    """Make a file that came in the project's data; returns why it is refused, and then keeps nothing of it.

    Args:
        name: of the file. The project is called so if it is still called as an example is.
    """
    if getattr(state.project().data, "path", None) == reference:
        return ""
    try:
        path = rows.find(reference, state.folders())
        new = _as_data(rows.kind_of(path) or "csv", reference)
    except EagerlyError as refused:
        if isinstance(refused, DataError):
            file_field.drop(reference)
        return f"{file_field.named(name)} was not taken. {refused}"
    state.current().wants_csv = False
    titles = {card.title for card in gallery.cards()}
    stem = PurePath(name).stem.strip()[:120] if state.project().name in titles else ""
    state.edit(Set(path="data", value=new), *([Set(path="name", value=stem)] if stem else []))
    return ""


def _as_data(kind: str, reference: str) -> Any:
    """The data's part of the project for a new file; dates in a table are taken apart at once."""
    new: dict[str, Any] = {"source": kind, "path": reference}
    if kind == "images":
        state.services().engine.ask({"ask": "describe", "data": new}, timeout=60)
        return new
    header = _header(json.dumps({**new, "target": ""}))
    target = header["target"]
    dates = {name: {"kind": "date"} for name in header["dates"] if name != target}
    return {**new, "target": target, **({"columns": dates} if dates else {})}


def _images(data: spec.ImagesData) -> None:
    _number("Width", "width", data.width, 4, 512)
    _number("Height", "height", data.height, 4, 512)
    _options("Colour", "color", ["rgb", "grayscale"], data.color)


@st.cache_data(max_entries=64, show_spinner="Reading the file")
def _header(data: str) -> dict[str, Any]:
    """The names in the file's header, and its sheets if it has some."""
    return state.services().engine.ask({"ask": "columns", "data": json.loads(data)}, timeout=60)


def _known(data: spec.TableData) -> dict[str, list[str]]:
    """The same for a project's data: only what decides how the file is read is the key."""
    kept = {"source": data.source, "path": data.path, "target": "", "sheet": getattr(data, "sheet", None)}
    return _header(json.dumps({name: value for name, value in kept.items() if value is not None}))


def _known_columns(data: spec.DataSpec) -> list[str]:
    """What else of the file may be a target."""
    try:
        return _known(data)["columns"] if isinstance(data, spec.TableData) else []
    except EagerlyError:
        return []


def _table(data: spec.TableData, facts: DataFacts | None) -> None:
    try:
        header = _known(data)
    except EagerlyError as missing:
        st.error(words.plain(str(missing)), icon=":material/error:")
        return
    if isinstance(data, spec.ExcelData) and len(header["sheets"]) > 1:
        read = facts.reading.get("sheet_name", "") if facts else ""
        _options("Sheet", "sheet", header["sheets"], data.sheet or read)
    columns = header["columns"]
    _options("Target column", "target", columns, data.target)
    if data.text is None:
        _features(data, columns)
    _options("Task", "task", ["auto", "classification", "regression"], data.task)
    if data.text is None:
        data_windows.render(data, columns, header["dates"])
    if data.windows is None:
        data_text.render(data, columns, header["texts"])


def _features(data: spec.TableData, columns: list[str]) -> None:
    """With windows the target may be a feature too: its past."""
    windows = data.windows
    kept = {windows.order_by, windows.group_by} if windows else {data.target}
    usual = [name for name in columns if name not in kept]
    field = state.key("data", "features")
    st.multiselect(
        "Feature columns",
        columns if windows else usual,
        default=[name for name in data.features or usual if name in columns and (windows or name in usual)],
        key=field,
        on_change=_set,
        args=("features", field),
    )


def _waves(data: spec.WavesData) -> None:
    _options("Task", "task", ["classification", "forecast"], data.task)
    _number("Values per row", "length", data.length, 8, 512)
    if data.task == "classification":
        _number("Classes", "classes", data.classes, 2, 10)
    _number("Rows", "rows", data.rows, 10, 100_000)
    _slider("Noise", "noise", data.noise, 1.0, "How much is added to each value at random.")


def _series(data: spec.SeriesData) -> None:
    _number("Values per window", "length", data.length, 8, 512)
    _number("Horizon", "horizon", data.horizon, 1, 64, "How many steps after the window the value stands.")
    _number("Stride", "stride", data.stride, 1, 512, "How many steps later the next window begins.")
    which = "Sines" if data.source == "sine_mixture" else "Shocks from before"
    _number(which, "terms", data.terms, 1, 10)
    _number("Windows", "rows", data.rows, 10, 20_000)
    _slider("Noise", "noise", data.noise, 1.0, "How much is added to each value at random.")


def _made_table(data: spec.MadeTableData) -> None:
    _slider("Difficulty", "difficulty", data.difficulty, 1.0, "0: easy. 1: classes overlap, or the line bends most.")
    _number("Features", "features", data.features, 4, 100)
    if data.source == "made_classification":
        _number("Classes", "classes", data.classes, 2, 10)
    _number("Rows", "rows", data.rows, 20, 100_000)


def _random(data: spec.RandomData) -> None:
    if len(data.shape) == 1:
        field = state.key("data", "shape")
        st.number_input(
            "Features",
            value=data.shape[0],
            min_value=1,
            max_value=100_000,
            key=field,
            on_change=_set_shape,
            args=(field,),
        )
    _number("Rows", "rows", data.rows, 2, 1_000_000)
    _options("Target", "target", ["real", "integer", "one_hot"], data.target)
    if data.target != "real":
        _number("Classes", "classes", data.classes, 2, 1000)


def _set_shape(field: str) -> None:
    state.edit(Set(path="data.shape", value=[state.value(field)]), by_field=True)


def _number(label: str, name: str, value: int, low: int, high: int, explanation: str | None = None) -> None:
    field = state.key("data", name)
    st.number_input(
        label,
        value=value,
        min_value=low,
        max_value=high,
        key=field,
        on_change=_set,
        args=(name, field),
        help=explanation,
    )


def _slider(label: str, name: str, value: float, high: float, explanation: str) -> None:
    field = state.key("data", name)
    st.slider(
        label,
        0.0,
        max(high, value),
        value,
        step=0.05,
        key=field,
        on_change=_set,
        args=(name, field),
        help=explanation,
    )


def _options(label: str, name: str, options: list[str], value: str) -> None:
    field = state.key("data", name)
    index = options.index(value) if value in options else None
    st.selectbox(label, options, index=index, key=field, on_change=_set, args=(name, field))


def _set(name: str, field: str) -> None:
    state.edit(Set(path=f"data.{name}", value=state.value(field)), by_field=True)
