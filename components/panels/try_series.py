"""Try a run's model on a series of the data that is bent: what does it say when that is noisier, flatter, shifted?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from components import answers, words
from components.panels.asked import ask
from core.data import DataFacts, steps_ahead
from core.store import Run

Values = list[float | None]


def can_be_bent(facts: DataFacts) -> bool:
    """Is a row a series of numbers?"""
    has_numbers = not facts.columns or any(column.kind == "number" for column in facts.columns)
    return facts.kind == "sequence" and len(facts.feature_shape) == 2 and has_numbers


def render(run: Run, facts: DataFacts, weights: str, said: Callable[[Mapping[str, Any]], None]) -> None:
    """`said` draws an answer of the model."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        row = st.number_input("Start from row", 0, facts.rows - 1, value=0, step=1, key="try.row")
        channels = ask("through", run, row=int(row), weights=weights)["channels"]
        name = _channel(channels)
        bent = _bent(channels[name], name)
    with right:
        given = {**channels, name: bent}
        asked = given if facts.columns else [list(step) for step in zip(*given.values(), strict=True)]
        answer = ask("predict", run, rows=[asked], weights=weights)["answers"][0]
        for one in answer.get("outputs", [answer]):
            said(one)
        _charts(channels, given, name, answer, steps_ahead(run.project.data))


def _channel(channels: Mapping[str, Any]) -> str:
    """Which channel is bent; the others stay as they are."""
    names = [name for name, values in channels.items() if not any(isinstance(value, str) for value in values)]
    if len(names) == 1:
        return names[0]
    chosen = st.selectbox("Channel", names, key="try.channel", help="What is bent; the others stay as they are")
    return str(chosen)


def _bent(values: Sequence[float | None], name: str) -> Values:
    """The values as the sliders say; gaps stay gaps."""
    series = np.array([np.nan if value is None else value for value in values], np.float64)
    size = float(np.nanmax(np.abs(series), initial=0.0)) or 1.0
    scale = st.slider("Scale", 0.0, 2.0, 1.0, 0.05, key="try.scale", help="0.5 makes all values half as large")
    shift = st.slider("Shift", -size, size, 0.0, key=f"try.shift.{name}", help="Added to every value")
    about = "The deviation of what is added at random"
    noise = st.slider("Noise", 0.0, size, 0.0, key=f"try.noise.{name}", help=about)
    bent = series * scale + shift + noise * np.random.default_rng(1).standard_normal(len(series))
    return [None if np.isnan(value) else float(value) for value in bent]


def _charts(
    before: Mapping[str, Any], given: Mapping[str, Any], name: str, answer: Mapping[str, Any], horizon: int
) -> None:
    """The channel that is bent, and the one that is foretold if that is another; what comes next is drawn after it."""
    value = answer.get("value")
    ahead = [value] if isinstance(value, int | float) else []
    foretold = answer["target"] if answer["target"] in before else name if len(before) == 1 else None
    for one in dict.fromkeys([name, *([foretold] if foretold and ahead else [])]):
        if len(before) > 1:
            st.markdown(f"**{words.plain(one)}**")
        after = ahead if one == foretold else []
        st.plotly_chart(answers.changed(before[one], given[one], after, horizon), key=f"try.series.{one == name}")
