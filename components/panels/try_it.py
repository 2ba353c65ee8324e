"""Try a run's model: fill in a row, or draw one, and see at once what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from components import answers, pictures, state, words
from components.drawing_pad.drawing_pad import drawing_pad
from components.file_drop.file_drop import Takes
from components.panels import file_field, try_series
from components.panels.asked import ask
from core.data import Column, DataFacts
from core.data.facts import Array
from core.data.pictures.decoding import MOST_PHOTO_BYTES
from core.errors import EagerlyError
from core.spec import ImagesData
from core.store import Run

SUFFIXES = ["png", "jpg", "jpeg", "bmp", "gif", "webp", "tif", "tiff"]
SECONDS = 20.0
MOST_FIELDS = 8
"""More fields stand in two columns; twice as many and more can be scrolled."""
SIDE = 720
MOST_CLASSES = 10
"""Of more classes than this the most probable are drawn."""
STEPS = 200
"""So many places a slider has, about."""


def can_be_tried(facts: DataFacts) -> bool:
    """Is a row something that a person can enter?"""
    is_form = bool(facts.columns) and facts.kind != "sequence"
    return is_form or _is_picture(facts) or try_series.can_be_bent(facts) or _is_text(facts)


def _is_text(facts: DataFacts) -> bool:
    """Texts of the user's own; those of other sources are numbers already."""
    return facts.kind == "text" and bool(facts.header)


def _is_picture(facts: DataFacts) -> bool:
    shape = facts.feature_shape
    return facts.kind == "image" and len(shape) == 3 and shape[-1] in (1, 3)


def _is_drawable(facts: DataFacts) -> bool:
    return _is_picture(facts) and facts.feature_shape[-1] == 1 and max(facts.feature_shape) <= 64


def render(run: Run, facts: DataFacts, weights: str) -> None:
    if try_series.can_be_bent(facts):
        try_series.render(run, facts, weights, _said)
        return
    is_long = len(facts.columns) > MOST_FIELDS and not _is_picture(facts)
    left, right = st.columns([3, 2] if is_long else [2, 3], gap="large")
    with left:
        row = _row(run, facts)
    with right:
        if row is None:
            st.caption(f"{_way(facts)}, and the model says what it makes of it.")
            return
        said = ask("predict", run, rows=[row], weights=weights)["answers"][0]
        for one in said.get("outputs", [said]):
            _said(one)


def _way(facts: DataFacts) -> str:
    if _is_text(facts):
        return "Type a text"
    return "Draw or upload a picture" if _is_drawable(facts) else "Upload a picture"


def _row(run: Run, facts: DataFacts) -> Any:
    """What the user entered, in the way that suits the data; None while there is nothing."""
    if _is_picture(facts):
        return _pictured(run, facts)
    if _is_text(facts):
        text = st.text_area("A text", key="try.text", help="The model says what belongs to it.")
        return text if text.strip() else None
    return _typed(facts)


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
    count = len(facts.columns)
    with st.container(height=SIDE if count > 2 * MOST_FIELDS else "content", border=count > 2 * MOST_FIELDS):
        across = st.columns(2 if count > MOST_FIELDS else 1, gap="medium")
        values: dict[str, Any] = {}
        for place, column in enumerate(facts.columns):
            with across[place % len(across)]:
                values[column.name] = _field(column)
    return values if facts.kind == "table" else list(values.values())


def _field(column: Column) -> Any:
    key, name = f"try.{column.name}", words.plain(column.name)
    if column.kind == "category":
        options = list(column.categories)
        first = options.index(str(column.typical)) if str(column.typical) in options else 0
        return st.selectbox(name, options, index=first, key=key)
    if column.kind == "date":
        return st.text_input(name, str(column.typical or ""), key=key, help="Such as 2026-11-28.")
    low, high = column.low, column.high
    start = float(column.typical) if isinstance(column.typical, int | float) else 0.0
    if low is None or high is None or not low < high:
        return st.number_input(name, value=start, key=key)
    step, start = float(f"{(high - low) / STEPS:.1g}"), min(max(start, low), high)
    return st.slider(name, float(low), float(high), start, step, "%.4g", key=key)


def _said(answer: Mapping[str, Any]) -> None:
    name = words.plain(str(answer["target"]))
    if "class" in answer:
        _classes(name, answer)
    elif "again" in answer:
        st.image(pictures.enlarged(answer["again"]), caption="what the model makes of it", width=200)
    elif isinstance(answer["value"], int | float):
        st.metric(name, words.metric(answer["value"]), help="What the model predicts")
    else:
        st.json(answer["value"], expanded=False)


def _classes(name: str, answer: Mapping[str, Any]) -> None:
    """The likeliest class, and how sure the model is; of many classes the likeliest few."""
    shares = answer["probabilities"]
    st.metric(name, words.plain(answer["class"]), help="The most likely class")
    shown = dict(sorted(shares.items(), key=lambda item: -item[1])[:MOST_CLASSES]) if _are_many(shares) else shares
    drawn = answers.bars(list(shown), list(shown.values()), "probability", written=".1%")
    drawn.update_xaxes(range=[0, 1.12], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")  # only the bars move
    st.plotly_chart(drawn, key=f"said.{answer['output']}")
    if _are_many(shares):
        st.caption(f"The {len(shown)} likeliest of {len(shares):,} classes; the others share what is left of 100 %.")


def _are_many(shares: Mapping[str, float]) -> bool:
    return len(shares) > MOST_CLASSES
