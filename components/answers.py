"""Figures of what a model answers and has inside: numbers in, plotly figures out; no state, no files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
from plotly import subplots

from components.charts import PALETTE, QUIET, TRAINING, VALIDATION, figure

CURVE = 360
"""The height of a curve, of which three stand beside each other."""
MOST_IN_LEGEND = 10
_DASHES = ("solid", "dash", "dot")
_QUIET_LINE = {"color": "#98a1b3", "dash": "dash", "width": 1}


def roc(curves: Sequence[Mapping[str, Any]]) -> go.Figure:
    """True against false positives; on the dashed line the model guesses."""
    drawn = _curves(curves, "AUC", legend={"x": 1, "xanchor": "right", "y": 0.02, "yanchor": "bottom"})
    drawn.add_trace(_diagonal())
    drawn.update_xaxes(title="false positive rate")
    drawn.update_yaxes(title="true positive rate")
    return drawn


def precision_recall(curves: Sequence[Mapping[str, Any]]) -> go.Figure:
    """How right a "yes" is, against how many of the class are found."""
    drawn = _curves(curves, "AP", legend={"x": 0.02, "y": 0.02, "yanchor": "bottom"})
    drawn.update_xaxes(title="recall")
    drawn.update_yaxes(title="precision")
    return drawn


def _curves(curves: Sequence[Mapping[str, Any]], area: str, legend: Mapping[str, Any]) -> go.Figure:
    """One line a class; more of them than the legend has room for are named where one points."""
    drawn = figure(height=CURVE)
    for place, curve in enumerate(curves):
        name = f"{curve['class']} · {curve['area']:.3f}"
        drawn.add_trace(
            go.Scatter(
                x=curve["x"],
                y=curve["y"],
                name=name,
                mode="lines",
                line={
                    "color": PALETTE[place % len(PALETTE)],
                    "width": 2,
                    "dash": _DASHES[place // len(PALETTE) % len(_DASHES)],
                },
                hovertemplate=f"%{{x:.3f}}, %{{y:.3f}}<extra>{area} {name}</extra>",
            )
        )
    drawn.update_layout(showlegend=len(curves) <= MOST_IN_LEGEND, legend={"orientation": "v", **legend})
    drawn.update_xaxes(range=[-0.02, 1.02])
    drawn.update_yaxes(range=[-0.02, 1.04])
    return drawn


def calibration(bins: Sequence[Mapping[str, Any]]) -> go.Figure:
    """How often the model is right, against how sure it was; below the dashed line it is too sure."""
    drawn = figure(height=CURVE)
    drawn.add_trace(_diagonal())
    drawn.add_trace(
        go.Scatter(
            x=[item["confidence"] for item in bins],
            y=[item["accuracy"] for item in bins],
            customdata=[item["rows"] for item in bins],
            mode="lines+markers",
            line={"color": VALIDATION, "width": 2},
            marker={"size": 8},
            hovertemplate="sure to %{x:.1%}<br>right in %{y:.1%} of %{customdata:,} rows<extra></extra>",
        )
    )
    drawn.update_xaxes(title="confidence", range=[-0.02, 1.02])
    drawn.update_yaxes(title="share of right answers", range=[-0.02, 1.04])
    return drawn


def _diagonal() -> go.Scatter:
    return go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=_QUIET_LINE, hoverinfo="skip", showlegend=False)


def histogram(
    edges: Sequence[float], counts: Sequence[int], *, height: int = 150, title: str | None = None
) -> go.Figure:
    """How many values lie where; `title` names them."""
    drawn = figure(height=height)
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    drawn.add_trace(
        go.Bar(x=middles, y=list(counts), marker={"color": VALIDATION}, hovertemplate="%{x:.3g}: %{y:,}<extra></extra>")
    )
    drawn.update_layout(bargap=0.05)
    drawn.update_xaxes(title=title)
    drawn.update_yaxes(showticklabels=False, showgrid=False)
    return drawn


def numbers(values: Sequence[float]) -> go.Figure:
    """What the units of a layer say to one row, one bar each."""
    drawn = figure(height=110)
    drawn.add_trace(go.Bar(y=list(values), marker={"color": VALIDATION}, hovertemplate="%{x}: %{y:.4g}<extra></extra>"))
    drawn.update_layout(bargap=0.15)
    drawn.update_xaxes(showgrid=False, range=[-0.5, len(values) - 0.5], tick0=0, dtick=_spacing(len(values)))
    drawn.update_yaxes(nticks=3)
    return drawn


def _spacing(count: int) -> int:
    """Of the ticks of so many numbered bars: whole and round, at most ten."""
    return next((step for step in (1, 2, 5, 10, 20, 50, 100) if count <= 10 * step), 200)


def bars(names: Sequence[str], values: Sequence[float], title: str) -> go.Figure:
    """One bar for each name, the first on top."""
    drawn = figure(height=max(180, 60 + 26 * len(names)))
    drawn.add_trace(
        go.Bar(
            x=list(values),
            y=list(names),
            orientation="h",
            marker={"color": VALIDATION},
            hovertemplate="%{y}: %{x:.4g}<extra></extra>",
        )
    )
    drawn.update_xaxes(title=title)
    drawn.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return drawn


def residuals(true: Sequence[float], predicted: Sequence[float]) -> go.Figure:
    """How far each prediction is off, against what is true: a slope or a fan shows what the model misses."""
    drawn = figure(height=440)
    off = [said - real for real, said in zip(true, predicted, strict=True)]
    drawn.add_trace(
        go.Scatter(
            x=list(true),
            y=off,
            mode="markers",
            marker={"color": VALIDATION, "size": 6, "opacity": 0.8},
            hovertemplate="true %{x:.4g}<br>off by %{y:+.4g}<extra></extra>",
        )
    )
    drawn.add_hline(y=0, line=_QUIET_LINE)
    drawn.update_xaxes(title="true")
    drawn.update_yaxes(title="predicted - true")
    return drawn


def speeds(steps_per_second: Mapping[str, float]) -> go.Figure:
    """Steps per second of each execution, on a logarithmic axis; the number stands at its bar."""
    drawn = bars(list(steps_per_second), list(steps_per_second.values()), "steps per second")
    drawn.update_traces(
        text=[f"{value:,.0f}" for value in steps_per_second.values()],
        textposition="auto",
        marker_color=[TRAINING if name.startswith("custom") else VALIDATION for name in steps_per_second],
    )
    drawn.update_xaxes(type="log", dtick=1)
    return drawn


def overlaid(curves: Mapping[str, Sequence[float]]) -> go.Figure:
    """The loss of each step; where the numbers are equal, the curves lie on each other."""
    drawn = figure(height=max(180, 60 + 26 * len(curves)))
    for place, (name, values) in enumerate(curves.items()):
        drawn.add_trace(
            go.Scatter(
                x=list(range(1, len(values) + 1)),
                y=list(values),
                name=name,
                mode="lines",
                line={"color": PALETTE[place % len(PALETTE)], "width": max(1.5, 7 - 0.8 * place)},
                opacity=0.8,
                hovertemplate="step %{x}: %{y:.5g}",
            )
        )
    drawn.update_xaxes(title="step", showgrid=False)
    drawn.update_yaxes(title="loss")
    return drawn


def series(examples: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Series in small panels: what is known, what came next, and what the model foretold or made of it."""
    across = min(4, max(1, len(examples)))
    drawn = subplots.make_subplots(rows=-(-len(examples) // across), cols=across, horizontal_spacing=0.03)
    for place, example in enumerate(examples):
        known = example["series"]
        lines = {"known": (0, known, "#98a1b3")}
        if "again" in example:
            lines["model"] = (0, example["again"], TRAINING)
        else:
            lines["truth"] = (len(known) - 1, [known[-1], *example["ahead"]], VALIDATION)
            lines["model"] = (len(known) - 1, [known[-1], *example["foretold"]], TRAINING)
        for name, (first, values, colour) in lines.items():
            line = _line(name, first, values, colour, is_first=place == 0)
            drawn.add_trace(line, row=place // across + 1, col=place % across + 1)
    base = figure(height=60 + 130 * -(-len(examples) // across))
    drawn.update_layout(base.layout).update_layout(showlegend=True)
    drawn.update_xaxes(gridcolor=QUIET, showgrid=False, showticklabels=False, zeroline=False)
    return drawn.update_yaxes(gridcolor=QUIET, nticks=4, zeroline=False)


def _line(name: str, first: int, values: Sequence[float], colour: str, *, is_first: bool) -> go.Scatter:
    return go.Scatter(
        x=list(range(first, first + len(values))),
        y=list(values),
        name=name,
        legendgroup=name,
        showlegend=is_first,
        mode="lines" if name == "known" else "lines+markers",
        line={"color": colour, "width": 1.6, "dash": "dot" if name == "model" else "solid"},
        marker={"size": 5, "symbol": "x" if name == "model" else "circle"},
        hovertemplate=name + " %{y:.4g}<extra></extra>",
    )


def heat(values: Sequence[Sequence[float]], across: str, down: str) -> go.Figure:
    """A table of numbers as colours: orange above zero, blue below."""
    largest = max((abs(value) for row in values for value in row), default=0.0) or 1.0
    drawn = figure(height=max(200, min(460, 90 + 12 * len(values))))
    drawn.add_trace(
        go.Heatmap(
            z=[list(row) for row in values],
            zmin=-largest,
            zmax=largest,
            colorscale=[[0, VALIDATION], [0.5, "rgba(128,136,152,0.06)"], [1, TRAINING]],
            xgap=1,
            ygap=1,
            colorbar={"thickness": 8, "outlinewidth": 0},
            hovertemplate=f"{across} %{{x}}, {down} %{{y}}: %{{z:.4g}}<extra></extra>",
        )
    )
    drawn.update_xaxes(title=across, showgrid=False)
    return drawn.update_yaxes(title=down, autorange="reversed", showgrid=False)


def over_epochs(
    epochs: Sequence[int], lines: Mapping[str, Sequence[float | None]], title: str, *, log: bool = False
) -> go.Figure:
    """One line a layer; where a value is missing or no number, the line is broken."""
    drawn = figure(height=300)
    for place, (name, values) in enumerate(lines.items()):
        drawn.add_trace(
            go.Scatter(
                x=list(epochs),
                y=[value if value or not log else None for value in values],
                name=name,
                mode="lines+markers",
                line={"color": PALETTE[place % len(PALETTE)], "width": 2},
                marker={"size": 4},
                hovertemplate=f"{name}, after epoch %{{x}}: %{{y:.3g}}<extra></extra>",
            )
        )
    drawn.update_layout(showlegend=True)
    drawn.update_xaxes(title="epoch", showgrid=False)
    if not log:
        return drawn.update_yaxes(title=title, range=[-0.02, 1.02], tickformat=".0%")
    return drawn.update_yaxes(title=title, type="log", exponentformat="power", dtick=_log_spacing(lines))


def _log_spacing(lines: Mapping[str, Sequence[float | None]]) -> int | str:
    """Of the ticks: 1, 2, 5 of each power of ten where there are few of these, else whole powers."""
    known = [value for values in lines.values() for value in values if value]
    decades = math.log10(max(known) / min(known)) if known else 0.0
    return "D2" if decades < 2 else math.ceil(decades / 6)


def spread_over_epochs(epochs: Sequence[int], edges: Sequence[float], counts: Sequence[Sequence[int]]) -> go.Figure:
    """How values spread, a column for each epoch."""
    drawn = figure(height=280)
    drawn.add_trace(
        go.Heatmap(
            x=[str(epoch) for epoch in epochs],
            y=[(low + high) / 2 for low, high in pairwise(edges)],
            z=[[column[row] / max(1, sum(column)) for column in counts] for row in range(len(edges) - 1)],
            colorscale=[[0, "rgba(59,111,212,0.03)"], [0.15, "rgba(59,111,212,0.5)"], [1, VALIDATION]],
            showscale=False,
            hovertemplate="after epoch %{x}: %{z:.1%} near %{y:.3g}<extra></extra>",
        )
    )
    drawn.update_xaxes(title="epoch", type="category", nticks=10, showgrid=False)
    return drawn.update_yaxes(title="value", showgrid=False)


def changed(before: Sequence[float], after: Sequence[float]) -> go.Figure:
    """A series as it was, and as the model gets it."""
    drawn = figure(height=260)
    for name, values, colour in (("as it was", before, "#98a1b3"), ("what the model gets", after, TRAINING)):
        drawn.add_trace(_line(name, 0, values, colour, is_first=True).update(mode="lines", line={"dash": "solid"}))
    return drawn.update_layout(showlegend=True)
