"""Figures of what a model answers and has inside: numbers in, plotly figures out; no state, no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from components.charts import PALETTE, TRAINING, VALIDATION, figure

_QUIET_LINE = {"color": "#98a1b3", "dash": "dash", "width": 1}


def roc(curves: Sequence[Mapping[str, Any]]) -> go.Figure:
    """True against false positives; on the dashed line the model guesses."""
    drawn = _curves(curves, "AUC")
    drawn.add_trace(_diagonal())
    drawn.update_xaxes(title="false positive rate")
    drawn.update_yaxes(title="true positive rate")
    return drawn


def precision_recall(curves: Sequence[Mapping[str, Any]]) -> go.Figure:
    """How right a "yes" is, against how many of the class are found."""
    drawn = _curves(curves, "AP")
    drawn.update_xaxes(title="recall")
    drawn.update_yaxes(title="precision")
    return drawn


def _curves(curves: Sequence[Mapping[str, Any]], area: str) -> go.Figure:
    drawn = figure(height=380)
    for place, curve in enumerate(curves):
        name = f"{curve['class']} · {curve['area']:.3f}"
        drawn.add_trace(
            go.Scatter(
                x=curve["x"],
                y=curve["y"],
                name=name,
                mode="lines",
                line={"color": PALETTE[place % len(PALETTE)], "width": 2},
                hovertemplate=f"%{{x:.3f}}, %{{y:.3f}}<extra>{area} {name}</extra>",
            )
        )
    drawn.update_layout(showlegend=True, legend={"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top"})
    drawn.update_xaxes(range=[-0.02, 1.02])
    drawn.update_yaxes(range=[-0.02, 1.04])
    return drawn


def calibration(bins: Sequence[Mapping[str, Any]]) -> go.Figure:
    """How often the model is right, against how sure it was; below the dashed line it is too sure."""
    drawn = figure(height=380)
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


def plane(found: Mapping[str, Any]) -> go.Figure:
    """What the model says everywhere in the plane, with the rows on it; circles were trained on."""
    drawn = figure(height=560)
    across, up = found["names"]
    hover = f"{across} %{{x:.3g}}<br>{up} %{{y:.3g}}<br>"
    if found["task"] == "regression":
        drawn.add_trace(
            go.Heatmap(
                x=found["x"],
                y=found["y"],
                z=found["values"],
                colorscale=[[0, VALIDATION], [0.5, "#e9ebf0"], [1, TRAINING]],
                zsmooth="best",
                colorbar={"thickness": 8, "outlinewidth": 0},
                hovertemplate=hover + "%{z:.4g}<extra></extra>",
            )
        )
        low, high = _ends(found["values"])
        scale = {"colorscale": [[0, VALIDATION], [0.5, "#e9ebf0"], [1, TRAINING]], "cmin": low, "cmax": high}
        for part, points in found["points"].items():
            drawn.add_trace(_rows(points, part, {"color": [point[2] for point in points], **scale}))
    else:
        drawn.add_trace(_areas(found, hover))
        for part, points in found["points"].items():
            colours = [PALETTE[int(point[2]) % len(PALETTE)] for point in points]
            drawn.add_trace(_rows(points, part, {"color": colours}))
    drawn.update_layout(showlegend=True)
    drawn.update_xaxes(title=across, showgrid=False, range=[found["x"][0], found["x"][-1]])
    drawn.update_yaxes(title=up, showgrid=False, range=[found["y"][0], found["y"][-1]])
    return drawn


def _ends(values: Sequence[Sequence[float]]) -> tuple[float, float]:
    return min(map(min, values)), max(map(max, values))


def _areas(found: Mapping[str, Any], hover: str) -> go.Heatmap:
    """Each class has its colour; the surer the model, the fuller."""
    count = len(found["class_names"])
    z = [
        [chosen + 0.999 * _strength(sure, count) for chosen, sure in zip(*row, strict=True)]
        for row in zip(found["classes"], found["sure"], strict=True)
    ]
    scale: list[list[Any]] = []
    for place in range(count):
        red, green, blue = _rgb(PALETTE[place % len(PALETTE)])
        scale.append([place / count, f"rgba({red},{green},{blue},0.06)"])
        scale.append([(place + 0.999) / count, f"rgba({red},{green},{blue},0.55)"])
    scale.append([1, scale[-1][1]])
    said = [
        [f"{found['class_names'][chosen]}, {sure:.1%}" for chosen, sure in zip(*row, strict=True)]
        for row in zip(found["classes"], found["sure"], strict=True)
    ]
    return go.Heatmap(
        x=found["x"],
        y=found["y"],
        z=z,
        zmin=0,
        zmax=count,
        colorscale=scale,
        showscale=False,
        customdata=said,
        hovertemplate=hover + "%{customdata}<extra></extra>",
    )


def _strength(sure: float, count: int) -> float:
    """0 where all classes are equally likely, 1 where there is no doubt."""
    least = 1 / max(2, count)
    return min(1.0, max(0.0, (sure - least) / (1 - least)))


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _rows(points: Sequence[Sequence[float]], part: str, marker: Mapping[str, Any]) -> go.Scatter:
    return go.Scatter(
        x=[point[0] for point in points],
        y=[point[1] for point in points],
        name=part,
        mode="markers",
        marker={
            "size": 7,
            "symbol": "circle" if part == "train" else "diamond",
            "line": {"color": "#ffffff", "width": 1},
            **marker,
        },
        hoverinfo="skip",
    )


def histogram(edges: Sequence[float], counts: Sequence[int]) -> go.Figure:
    """The spread of a weight's values."""
    drawn = figure(height=150)
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    drawn.add_trace(
        go.Bar(x=middles, y=list(counts), marker={"color": VALIDATION}, hovertemplate="%{x:.3g}: %{y:,}<extra></extra>")
    )
    drawn.update_layout(bargap=0.05)
    drawn.update_yaxes(showticklabels=False, showgrid=False)
    return drawn


def numbers(values: Sequence[float]) -> go.Figure:
    """What the units of a layer say to one row, one bar each."""
    drawn = figure(height=110)
    drawn.add_trace(go.Bar(y=list(values), marker={"color": VALIDATION}, hovertemplate="%{x}: %{y:.4g}<extra></extra>"))
    drawn.update_layout(bargap=0.15)
    drawn.update_xaxes(showgrid=False)
    drawn.update_yaxes(nticks=3)
    return drawn


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
            marker={"color": VALIDATION, "size": 6, "opacity": 0.55},
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
    drawn.update_xaxes(type="log")
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
