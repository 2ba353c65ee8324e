"""What happened inside a run over its epochs: gradients, dead units, and the spread of each weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import inside_charts, words
from components.panels.asked import ask
from components.panels.reading import explain
from core.store import Run


def render(run: Run) -> None:
    found = ask("trail", run)
    if len(found["epochs"]) < 2 or not found["layers"]:
        st.caption("This run has kept no weights along the way: it is too large, was too short, or has none.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("#### Gradients by layer", anchors=False)
        explain(
            "A line far below the others: the gradient vanishes; a line that climbs: it explodes. "
            "[Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)"
        )
        slopes = {layer["layer"]: layer["gradients"] for layer in found["layers"]}
        st.plotly_chart(
            inside_charts.over_epochs(found["epochs"], slopes, "gradient (RMS)", log=True), key="trail.slopes"
        )
    with right:
        _dead(found["epochs"], found["layers"])
    _weights(found["epochs"], found["layers"])


def _dead(epochs: Sequence[int], layers: Sequence[Mapping[str, Any]]) -> None:
    st.markdown("#### Dead units", anchors=False)
    dead = {layer["layer"]: layer["dead"] for layer in layers if layer["dead"]}
    if not dead:
        st.caption("No layer of this model has units that can die: only relu gives exact zeros and no gradient there.")
        return
    explain(
        "The share of units that are zero for every row: they get no gradient, and most never come back. "
        "[Lu et al., 2019](https://arxiv.org/abs/1903.06733)"
    )
    st.plotly_chart(inside_charts.over_epochs(epochs, dead, "share of units"), key="trail.dead")


def _weights(epochs: Sequence[int], layers: Sequence[Mapping[str, Any]]) -> None:
    st.markdown("#### Weights", anchors=False)
    names = [layer["layer"] for layer in layers]
    chosen = st.pills("Layer", names, default=names[0], required=True, key="trail.layer", label_visibility="collapsed")
    layer = next(layer for layer in layers if layer["layer"] == chosen)
    explain(
        "Each column is an epoch; the fuller the colour, the more weights have that value. A healthy one widens, then "
        "settles. [TensorBoard: histograms](https://www.tensorflow.org/tensorboard/get_started)"
    )
    columns = st.columns(max(2, min(3, len(layer["weights"]))), gap="medium")
    for place, weight in enumerate(layer["weights"]):
        with columns[place % len(columns)]:
            size = "×".join(f"{length:,}" for length in weight["shape"]) or "scalar"
            st.markdown(f"**{words.plain(weight['name'])}** :gray[{size}]")
            figure = inside_charts.spread_over_epochs(epochs, weight["edges"], weight["counts"])
            st.plotly_chart(figure, key=f"trail.{chosen}.{place}")
