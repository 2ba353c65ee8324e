"""One batch, step by step: forward, loss, gradients, update, each with the line of code that did it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from components import inside_charts, words
from components.panels import data_augmentation
from components.panels.asked import ask
from components.panels.reading import explain
from core.store import Run

GUIDE = "https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/"


@dataclass(frozen=True)
class _Step:
    title: str
    code: str
    reading: str
    draw: Callable[[], None]


def render(run: Run, weights: str) -> None:
    explain(
        "One training step from these weights, run eagerly in a process of its own; the run itself is not changed. "
        f"[Keras: a training loop from scratch]({GUIDE})"
    )
    left, right = st.columns([1, 3], gap="large")
    with left:
        number = st.number_input("Batch", 0, value=0, step=1, key="batch.number", help="In the order of the data")
        found = ask("batch", run, number=int(number), weights=weights)
        steps = _steps(found, int(number))
        chosen = st.radio(
            "Step", range(len(steps)), format_func=lambda place: steps[place].title, key=f"batch.step.{len(steps)}"
        )
    with right:
        step = steps[int(chosen or 0)]
        st.code(step.code, language="python")
        st.caption(step.reading)
        step.draw()


def _steps(found: Mapping[str, Any], number: int) -> list[_Step]:
    """All steps in the order in which they happen."""
    forward = [_forward(layer) for layer in found["forward"] if layer["class"] != "InputLayer"]
    layers = list(dict.fromkeys(slope["layer"] for slope in found["gradients"]))
    backward = [_backward(found, layer) for layer in layers]
    return [_taken(found, number), *forward, _loss(found), *backward, _updated(found), _after(found)]


def _taken(found: Mapping[str, Any], number: int) -> _Step:
    rows, inputs = found["rows"], [layer for layer in found["forward"] if layer["class"] == "InputLayer"]
    span, seen = f"{found['first']}:{found['first'] + rows}", found["pictures"]

    def draw() -> None:
        if seen:
            data_augmentation.row("As they are", seen["before"])
            data_augmentation.row("As the model is given them", seen["after"])
        for layer in inputs:
            _values(layer["layer"], layer)

    return _Step(
        f"Take batch {number}",
        f"x, y = x_train[{span}], y_train[{span}]"
        + ("\nx = augmentation(x, training=True)  # its Random layers" if seen else ""),
        f"{rows} rows of the training part, of {found['batches']} such batches: what the model is given in this step."
        + (" Augmentation has changed the pictures, as it does while training." if seen else ""),
        draw,
    )


def _forward(layer: Mapping[str, Any]) -> _Step:
    name = layer["layer"]
    given = ", ".join(f"h_{_variable(before)}" for before in layer["inputs"])
    return _Step(
        f"→ {words.plain(name)}",
        f'h_{_variable(name)} = model.get_layer("{name}")({given}, training=True)',
        "What the layer makes of the batch. Columns that are empty for all rows are units that say nothing here.",
        lambda: _values(name, layer),
    )


def _loss(found: Mapping[str, Any]) -> _Step:
    counted = "each by its weight, " if found["weighed"] else ""
    return _Step(
        "The loss",
        f"loss = model.compute_loss(x, y, y_pred{_weights(found)})",
        f"How wrong the answers are, as one number: the mean over the rows, {counted}and what regularizers add.",
        lambda: _numbers({"Loss": found["loss"]}),
    )


def _backward(found: Mapping[str, Any], layer: str) -> _Step:
    slopes = [slope for slope in found["gradients"] if slope["layer"] == layer]
    signal = next(item["signal"] for item in found["forward"] if item["layer"] == layer)

    def draw() -> None:
        _numbers({"Arrives at the output": signal, **{f"By {slope['weight']}": slope["norm"] for slope in slopes}})
        for place, column in enumerate(st.columns(max(2, len(slopes)), gap="medium")):
            if place < len(slopes):
                with column:
                    _histogram(slopes[place]["weight"], slopes[place], f"slope.{layer}.{place}")

    return _Step(
        f"← {words.plain(layer)}",
        "gradients = tape.gradient(loss, model.trainable_weights)"
        f'  # here those of model.get_layer("{layer}").trainable_weights',
        "How the loss changes with each weight. Norms that shrink from layer to layer towards the input vanish; "
        "norms that grow explode.",
        draw,
    )


def _updated(found: Mapping[str, Any]) -> _Step:
    table = pd.DataFrame(
        [
            {
                "weight": f"{item['layer']}/{item['weight']}",
                "size": item["norm"],
                "change": item["change"],
                "change / size": item["change"] / item["norm"] if item["norm"] else None,
                **{f"{when} (first value)": item[when][0] for when in ("before", "gradient", "after")},
            }
            for item in found["update"]
        ]
    )
    norms, values = (st.column_config.NumberColumn(format=f"%.{digits}g") for digits in (3, 6))  # one step is small
    formats = {name: values if "value" in name else norms for name in table.columns if name != "weight"}
    return _Step(
        f"Update: {found['optimizer']}",
        f"model.optimizer.apply(gradients, model.trainable_weights)  # learning_rate = {found['learning_rate']:.3g}",
        "Each weight moves against its gradient. A change of about a thousandth of the weight's size is usual; "
        "a tenth is much, a millionth is nothing.",
        lambda: _table(table, formats),
    )


def _after(found: Mapping[str, Any]) -> _Step:
    return _Step(
        "The loss again",
        f"model.compute_loss(x, y, model(x, training=True){_weights(found)})",
        "The same batch after the step: lower, if the step was not too long.",
        lambda: _numbers({"Before": found["loss"], "After": found["loss_after"]}),
    )


def _weights(found: Mapping[str, Any]) -> str:
    """The argument that is there where rows count differently."""
    return ", sample_weight=weights" if found["weighed"] else ""


def _table(table: pd.DataFrame, formats: Mapping[str, Any]) -> None:
    st.dataframe(table, hide_index=True, column_config=dict(formats))


def _values(name: str, layer: Mapping[str, Any]) -> None:
    size = "×".join(f"{length:,}" for length in layer["shape"])
    values = layer["values"]
    st.markdown(f"**{words.plain(name)}** :gray[{layer['class']} · {size}]")
    shares = {"Mean": values["mean"], "Deviation": values["std"], "Lowest": values["low"], "Highest": values["high"]}
    _numbers({**shares, "Zeros": f"{values['zeros']:.0%}"})
    if layer["heat"]:
        unit, (rows, units) = "number" if layer["class"] == "InputLayer" else "unit", layer["shape"]
        st.plotly_chart(inside_charts.heat(layer["heat"], unit, "row of the batch"), key=f"heat.{name}")
        if (len(layer["heat"]), len(layer["heat"][0])) != (rows, units):
            st.caption(f"{len(layer['heat'])} of {rows:,} rows, {len(layer['heat'][0])} of {units:,} {unit}s")
    else:
        _histogram("all values", layer, f"values.{name}")


def _histogram(title: str, item: Mapping[str, Any], key: str) -> None:
    st.markdown(f":gray[{words.plain(title)}]")
    st.plotly_chart(inside_charts.histogram(item["values"]["edges"], item["values"]["counts"]), key=key)


def _numbers(numbers: Mapping[str, float | str | None]) -> None:
    with st.container(horizontal=True, gap="large"):
        for name, value in numbers.items():
            st.metric(name, value if isinstance(value, str) else words.metric(value), width="content")


def _variable(name: str) -> str:
    return "".join(sign if sign.isalnum() else "_" for sign in name)
