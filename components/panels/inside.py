"""Inside a run's model: its weights, its filters, and one row on its way through the layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components import answers, inside_charts, pictures, words
from components.panels.answers import of_outputs
from components.panels.asked import ask
from components.panels.reading import explain
from core.store import Run


def weights(run: Run, which: str) -> None:
    """The spread of each weight, and the filters of convolutions."""
    explain(
        "A healthy weight is spread around zero. A spike at zero: it was never needed, or nothing reached it. "
        "[Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)"
    )
    layers = ask("inside", run, weights=which)["layers"]
    if not layers:
        st.caption("No layer of this model has weights.")
        return
    names = [layer["layer"] for layer in layers]
    chosen = st.pills("Layer", names, default=names[0], required=True, key="inside.layer", label_visibility="collapsed")
    layer = next(layer for layer in layers if layer["layer"] == chosen)
    columns = st.columns(max(2, min(4, len(layer["weights"]))), gap="medium")
    for place, weight in enumerate(layer["weights"]):
        with columns[place % len(columns)]:
            _weight(weight, f"{chosen}.{place}")
    if layer["filters"]:
        st.markdown(f"#### {len(layer['filters'])} filters", anchors=False)
        explain(
            "What each filter looks for: bright pixels count for it, dark ones against. "
            "[Zeiler and Fergus, 2014](https://arxiv.org/abs/1311.2901)"
        )
        _pictures(layer["filters"])


def _weight(weight: Mapping[str, Any], key: str) -> None:
    size = "×".join(f"{length:,}" for length in weight["shape"]) or "scalar"
    st.markdown(f"**{words.plain(weight['name'])}** :gray[{size}]")
    st.plotly_chart(inside_charts.histogram(weight["edges"], weight["counts"]), key=f"histogram.{key}")
    st.caption(f"mean {weight['mean']:.3g} · deviation {weight['std']:.3g} · zeros {weight['zeros']:.1%}")


def row(run: Run, which: str) -> None:
    """What each layer makes of one row, and which pixels decided."""
    left, right = st.columns([1, 3], gap="large")
    with left:
        number = st.number_input("Row", 0, value=0, step=1, key="inside.row", help="Its number in the data, from 0")
        found = ask("through", run, weights=which, row=int(number))
        if found["row"] != number:
            st.caption(f"Row {int(number)} is kept for the final test; this is row {found['row']}.")
        _itself(found)
    with right:
        explain(
            "What each layer makes of the row, from the input to the answer: what is zero is not handed on. "
            "[Keras: feature extraction](https://keras.io/guides/functional_api/#extract-and-reuse-nodes-in-the-graph-of-layers)"
        )
        for layer in found["layers"]:
            _layer(layer)


MAP = 52
"""So wide is a map: sixteen stand in a row."""
_WHY = {
    "gradients": (
        "gradients",
        "bright where one step of the pixel changes the answer",
        "1312.6034",
        "Simonyan et al., 2013",
    ),
    "integrated_gradients": (
        "integrated gradients",
        "bright where the pixel, from black on, made the answer",
        "1703.01365",
        "Sundararajan et al., 2017",
    ),
    "grad_cam": (
        "Grad-CAM",
        "bright where the last convolution found its evidence; dark all over if only the place of a thing decides",
        "1610.02391",
        "Selvaraju et al., 2017",
    ),
}
"""What each picture is called, how to read it, and its paper on arXiv."""


def _itself(found: Mapping[str, Any]) -> None:
    if "series" in found:
        st.plotly_chart(inside_charts.line(found["series"]), key="the row")
        return
    if "features" in found:
        _features(found["features"])
        return
    with st.container(horizontal=True, gap="small"):
        st.image(pictures.enlarged(found["image"]), caption="the row", width=128)
        for name, pixels in found["why"].items():
            st.image(pictures.enlarged(pixels), caption=_WHY[name][0], width=128)
    if found["why"]:
        explain(f"What decided for {words.plain(found['strongest'])}:")
    for name in found["why"]:
        title, how, paper, source = _WHY[name]
        explain(f"**{title}**: {how} ([{source}](https://arxiv.org/abs/{paper}))")


def _features(features: Mapping[str, Any]) -> None:
    """A text as it reads, other rows as a table."""
    if len(features) == 1:
        for name, text in features.items():
            st.markdown(f":gray[{words.plain(name)}]  \n{words.plain(str(text))}")
        return
    shown = ["–" if value is None else str(value) for value in features.values()]
    st.dataframe(pd.DataFrame({"value": shown}, index=list(features)))


def _layer(layer: Mapping[str, Any]) -> None:
    size = "×".join(f"{length:,}" for length in layer["shape"])
    silent = f" · {layer['dead']:.0%} are zero" if layer["dead"] > 0 else ""
    st.markdown(f"**{words.plain(layer['layer'])}** :gray[{layer['class']} · {size}{silent}]")
    if layer["attention"]:
        explain(
            "One picture a head: each line is a place that asks, and bright is where it looks. "
            "[Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)"
        )
        with st.container(horizontal=True, gap="small"):
            for number, pixels in enumerate(layer["attention"], start=1):
                st.image(pictures.enlarged(pictures.stretched(pixels)), caption=f"head {number}", width=128)
    if layer["maps"]:
        _pictures(layer["maps"])
    elif layer["heat"]:
        seen = [list(unit) for unit in zip(*layer["heat"], strict=True)]
        drawn = inside_charts.heat(seen, "step", "unit", highest=260)
        st.plotly_chart(drawn, key=f"heat.{layer['layer']}")
        steps, units = layer["shape"]
        if len(seen[0]) < steps or len(seen) < units:
            st.caption(f"{len(seen[0])} of {steps:,} steps, {len(seen)} of {units:,} units")
    else:
        st.plotly_chart(inside_charts.numbers(layer["values"]), key=f"values.{layer['layer']}")


def _pictures(shown: list[Any]) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for pixels in shown:
            st.image(pictures.enlarged(pixels), width=MAP)


def columns(run: Run, part: str, which: str) -> None:
    """How much worse the model is without each column of a table."""
    found = ask("importance", run, part=part, weights=which)
    if len(found["outputs"]) > 1:
        output = of_outputs(found["outputs"])
        found = ask("importance", run, part=part, weights=which, output=output)
    explain(
        f"How much the {found['measure']} of {words.plain(found['target'])} rises when a column is shuffled among the "
        "rows: permutation importance, [Breiman, 2001](https://doi.org/10.1023/A:1010933404324). Near zero or below: "
        "the model does not need it."
    )
    names, worse = zip(*((item["column"], item["worse"]) for item in found["columns"]), strict=True)
    figure = answers.bars(names, worse, f"rise of the {found['measure']}")
    if found["measure"] == "error rate":
        figure.update_xaxes(tickformat=".1%")
    st.plotly_chart(figure, key="importance")
