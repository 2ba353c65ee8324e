"""Where the rows come from, and how they are split."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.panels import data_roles, source_dialog
from core import data as rows, spec
from core.data import DataFacts, offers
from core.edits import Set
from core.errors import EagerlyError


def render(facts: DataFacts | None) -> None:
    data = state.project().data
    _source(data)
    if data.source == "csv" or state.current().wants_csv:
        _upload()
    match data:
        case spec.CsvData():
            _csv(data)
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
            _number("Pixels a side", "size", data.size, 8, 32)
            _number("Rows", "rows", data.rows, 20, 10_000)
            _slider("Noise", "noise", data.noise, 1.0, "How much is added to each pixel at random.")
        case spec.NoisyDigitsData():
            _slider("Noise", "noise", data.noise, 1.0, "How much is added to each pixel at random.")
        case spec.SentencesData():
            _number("Letters a row", "length", data.length, 4, 100)
            _number("Rows", "rows", data.rows, 100, 50_000)
        case spec.RandomData():
            _random(data)
    if facts:
        data_roles.render(facts, _known_columns(data))
    st.markdown("#### Split", anchors=False)
    _slider("Validation", "validation_fraction", data.validation_fraction, 0.5, "Watched while training.")
    _slider("Test", "test_fraction", data.test_fraction, 0.5, "Kept aside until the end.")
    _number("Seed", "seed", data.seed, 0, 2**31 - 1)
    _options("Scaling", "scaling", ["auto", "standard", "min_max", "none"], data.scaling)


def _source(data: spec.DataSpec) -> None:
    offer = offers.OWN if state.current().wants_csv else offers.of(data)
    st.markdown(f"#### {words.plain(offer.title)}", anchors=False)
    if st.button("Choose data", icon=":material/database:", key="source", width="stretch"):
        source_dialog.show()


def _upload() -> None:
    file = st.file_uploader("CSV file", type=["csv", "tsv", "txt"], key="csv.file")
    if file is None:
        st.caption("A table with a header row. The last column is taken as the target; you can change it.")
        return
    reference = rows.keep(file.getvalue(), state.folders())
    if getattr(state.project().data, "path", None) == reference:
        return
    try:
        target = _columns(reference)[-1]
    except EagerlyError as refused:
        st.error(words.plain(str(refused)), icon=":material/error:")
        return
    state.current().wants_csv = False
    state.edit(Set(path="data", value={"source": "csv", "path": reference, "target": target}))
    st.rerun()


@st.cache_data(max_entries=64, show_spinner=False)
def _columns(path: str) -> list[str]:
    """The names in the file's header."""
    return list(state.services().engine.ask({"ask": "columns", "path": path})["columns"])


def _known_columns(data: spec.DataSpec) -> list[str]:
    """What else of the file may be a target."""
    try:
        return _columns(data.path) if isinstance(data, spec.CsvData) else []
    except EagerlyError:
        return []


def _csv(data: spec.CsvData) -> None:
    try:
        header = _columns(data.path)
    except EagerlyError as missing:
        st.error(words.plain(str(missing)), icon=":material/error:")
        return
    _options("Target column", "target", header, data.target)
    others = [name for name in header if name != data.target]
    field = state.key("data", "features")
    st.multiselect(
        "Feature columns",
        others,
        default=[name for name in data.features or others if name in others],
        key=field,
        on_change=_set,
        args=("features", field),
    )
    _options("Task", "task", ["auto", "classification", "regression"], data.task)


def _waves(data: spec.WavesData) -> None:
    _options("Task", "task", ["classification", "forecast"], data.task)
    _number("Values a row", "length", data.length, 8, 512)
    if data.task == "classification":
        _number("Classes", "classes", data.classes, 2, 10)
    _number("Rows", "rows", data.rows, 10, 100_000)
    _slider("Noise", "noise", data.noise, 1.0, "How much is added to each value at random.")


def _series(data: spec.SeriesData) -> None:
    _number("Values a window", "length", data.length, 8, 512)
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
