"""Try a run's model: fill in a row, or draw one, and see at once what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from components import answers, pictures, state, words
from components.drawing_pad.drawing_pad import drawing_pad
from components.file_drop.file_drop import Takes
from components.panels import file_field
from components.panels.asked import ask
from core.data import Column, DataFacts
from core.data.facts import Array
from core.data.pictures.decoding import MOST_PHOTO_BYTES
from core.errors import EagerlyError
from core.spec import ImagesData
from core.store import Run

SUFFIXES = ["png", "jpg", "jpeg", "bmp", "gif", "webp", "tif", "tiff"]
SECONDS = 20.0
STEPS = 200
"""So many places a slider has, about."""


def can_be_tried(facts: DataFacts) -> bool:
    """Is a row something that a person can enter?"""
    is_form = bool(facts.columns) and facts.kind != "sequence"
    return is_form or _is_picture(facts) or _is_series(facts) or _is_text(facts)


def _is_series(facts: DataFacts) -> bool:
    has_numbers = not facts.columns or any(column.kind == "number" for column in facts.columns)
    return facts.kind == "sequence" and len(facts.feature_shape) == 2 and has_numbers


def _is_text(facts: DataFacts) -> bool:
    """Texts of the user's own; those of other sources are numbers already."""
    return facts.kind == "text" and bool(facts.header)


def _is_picture(facts: DataFacts) -> bool:
    shape = facts.feature_shape
    return facts.kind == "image" and len(shape) == 3 and shape[-1] in (1, 3)


def _is_drawable(facts: DataFacts) -> bool:
    return _is_picture(facts) and facts.feature_shape[-1] == 1 and max(facts.feature_shape) <= 64


def render(run: Run, facts: DataFacts, weights: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        row = _row(run, facts, weights)
    with right:
        if row is None:
            st.caption("Draw, upload or type something, and the model says what it is.")
            return
        said = ask("predict", run, rows=[row], weights=weights)["answers"][0]
        for one in said.get("outputs", [said]):
            _said(one)


def _row(run: Run, facts: DataFacts, weights: str) -> Any:
    """What the user entered, in the way that suits the data; None while there is nothing."""
    if _is_picture(facts):
        return _pictured(run, facts)
    if _is_text(facts):
        text = st.text_area("A text", key="try.text", help="The model says what belongs to it.")
        return text if text.strip() else None
    return _changed_series(run, facts, weights) if _is_series(facts) else _typed(facts)


def _changed_series(run: Run, facts: DataFacts, weights: str) -> Any:
    """A series of the data, which can be bent: what does the model say when it is noisier, flatter, shifted?"""
    row = st.number_input("Start from row", 0, facts.rows - 1, value=0, step=1, key="try.row")
    channels = ask("through", run, row=int(row), weights=weights)["channels"]
    name = _channel(channels)
    series = np.array([np.nan if value is None else value for value in channels[name]], np.float64)
    size = float(np.nanmax(np.abs(series), initial=0.0)) or 1.0
    scale = st.slider("Times", 0.0, 2.0, 1.0, 0.05, key="try.scale", help="0.5 makes all values half as large")
    shift = st.slider("Plus", -size, size, 0.0, key=f"try.shift.{name}", help="Added to every value")
    help = "The deviation of what is added at random"
    noise = st.slider("Noise", 0.0, size, 0.0, key=f"try.noise.{name}", help=help)
    bent = series * scale + shift + noise * np.random.default_rng(1).standard_normal(len(series))
    st.plotly_chart(answers.changed(series.tolist(), bent.tolist()), key="try.series")
    changed = {**channels, name: [None if np.isnan(value) else float(value) for value in bent]}
    return changed if facts.columns else [list(step) for step in zip(*changed.values(), strict=True)]


def _channel(channels: Mapping[str, Any]) -> str:
    """Which channel is bent; the others stay as they are."""
    names = [name for name, values in channels.items() if not any(isinstance(value, str) for value in values)]
    if len(names) == 1:
        return names[0]
    chosen = st.selectbox("Channel", names, key="try.channel", help="What is bent; the others stay as they are")
    return str(chosen)


def _pictured(run: Run, facts: DataFacts) -> list[Any] | None:
    if not _is_drawable(facts):
        return _uploaded(run, facts)
    ways = ["Draw", "Upload"]
    way = st.segmented_control("Way", ways, default="Draw", required=True, key="try.way", label_visibility="collapsed")
    return _drawn(facts) if way == "Draw" else _uploaded(run, facts)


def _drawn(facts: DataFacts) -> list[Any] | None:
    rows, columns = facts.feature_shape[:2]
    pixels = drawing_pad(rows, columns, key="try.pad")
    return None if pixels is None else [[[value] for value in line] for line in pixels]


def _uploaded(run: Run, facts: DataFacts) -> list[Any] | None:
    """The picture is read by a kernel, which is jailed: the server never opens what came from outside."""
    is_own = isinstance(run.project.data, ImagesData)
    most = min(MOST_PHOTO_BYTES, state.services().settings.upload_bytes)
    shape = facts.feature_shape
    found = file_field.file_field(
        f"photo.{shape}.{is_own}", Takes(SUFFIXES, most, "picture"), lambda file, _: _read(file, shape, is_own)
    )
    help = "For digits on paper: the model knows white ink"
    inverted = st.toggle("Swap dark and light", key="try.inverted", help=help)
    if isinstance(found, str):
        st.error(words.plain(found), icon=":material/error:")
    if not isinstance(found, np.ndarray):
        return None
    pixels = (1 - found if inverted else found).tolist()
    treated = "made as small as the pictures it was trained on" if is_own else "the middle of the picture, made small"
    st.image(pictures.enlarged(pixels), caption=f"what the model sees: {treated}", width=200)
    return pixels  # type: ignore[no-any-return]


def _read(reference: str, shape: tuple[int, ...], is_own: bool) -> Array | str:
    """The pixels, or why there are none; the file itself is of no more use then."""
    question = {"ask": "pixels", "path": reference, "shape": list(shape), "whole": is_own}
    try:
        return np.array(state.services().engine.ask(question, timeout=SECONDS)["pixels"])
    except EagerlyError as refused:
        return str(refused)
    finally:
        file_field.drop(reference)


def _typed(facts: DataFacts) -> Any:
    """A table takes a row by its columns' names, points and other numbers take a list."""
    with st.container(height=520, border=False):
        values = {column.name: _field(column) for column in facts.columns}
    return values if facts.kind == "table" else list(values.values())


def _field(column: Column) -> Any:
    key = f"try.{column.name}"
    if column.kind == "category":
        options = list(column.categories)
        first = options.index(str(column.typical)) if str(column.typical) in options else 0
        return st.selectbox(column.name, options, index=first, key=key)
    if column.kind == "date":
        return st.text_input(column.name, str(column.typical or ""), key=key, help="Such as 2026-11-28.")
    low, high = column.low, column.high
    start = float(column.typical) if isinstance(column.typical, int | float) else 0.0
    if low is None or high is None or not low < high:
        return st.number_input(column.name, value=start, key=key)
    step, start = float(f"{(high - low) / STEPS:.1g}"), min(max(start, low), high)
    return st.slider(column.name, float(low), float(high), start, step, "%.4g", key=key)


def _said(answer: Mapping[str, Any]) -> None:
    if "class" in answer:
        st.metric(words.plain(str(answer["output"])), answer["class"], help="The most likely class")
        shares = answer["probabilities"]
        drawn = answers.bars(list(shares), list(shares.values()), "probability")
        drawn.update_xaxes(range=[0, 1], tickformat=".0%")  # so that nothing moves but the bars
        st.plotly_chart(drawn, key=f"said.{answer['output']}")
    elif isinstance(answer["value"], int | float):
        st.metric(words.plain(str(answer["output"])), words.metric(answer["value"]))
    else:
        st.json(answer["value"], expanded=False)
