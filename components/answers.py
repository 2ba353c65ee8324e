"""Figures of what a model answers and has inside: numbers in, plotly figures out; no state, no files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly import subplots

from components.charts import INK, PALETTE, QUIET, TRAINING, VALIDATION, Number, figure, label, named

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
        name = f"{label(curve['class'])} · {curve['area']:.3f}"
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
    """How often the model is right, against how sure it was; below the dashed line it is too sure.

    The area of a point is as large as the number of its rows: one alone says little.
    """
    most = max((item["rows"] for item in bins), default=1)
    drawn = figure(height=CURVE)
    drawn.add_trace(_diagonal())
    drawn.add_trace(
        go.Scatter(
            x=[item["confidence"] for item in bins],
            y=[item["accuracy"] for item in bins],
            customdata=[item["rows"] for item in bins],
            mode="lines+markers",
            line={"color": VALIDATION, "width": 2},
            marker={"size": [4 + 12 * math.sqrt(item["rows"] / most) for item in bins]},
            cliponaxis=False,
            hovertemplate="sure to %{x:.1%}<br>right in %{y:.1%} of %{customdata:,} rows<extra></extra>",
        )
    )
    drawn.update_xaxes(title="confidence", range=[-0.02, 1.02])
    drawn.update_yaxes(title="share of right answers", range=[-0.02, 1.04])
    return drawn


def _diagonal() -> go.Scatter:
    return go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=_QUIET_LINE, hoverinfo="skip", showlegend=False)


def bars(names: Sequence[str], values: Sequence[float], title: str, *, written: str = "") -> go.Figure:
    """One bar for each name, the first on top; with `written`, a format, each value stands at its bar."""
    drawn = figure(height=max(140, 60 + 26 * len(names)))
    drawn.add_trace(
        go.Bar(
            x=list(values),
            orientation="h",
            marker={"color": VALIDATION},
            customdata=[label(name) for name in names],
            hovertemplate="%{customdata}: %{x:.4g}<extra></extra>",
        )
    )
    if written:
        drawn.update_traces(texttemplate=f"%{{x:{written}}}", textposition="outside", textfont={"color": INK})
        drawn.update_traces(cliponaxis=False)
    drawn.update_layout(bargap=0.25)
    drawn.update_xaxes(title=title)
    return drawn.update_yaxes(**named(names), autorange="reversed", showgrid=False)


def residuals(true: Sequence[float], predicted: Sequence[float], target: str = "") -> go.Figure:
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
    drawn.update_xaxes(title=f"true {label(target)}")
    drawn.update_yaxes(title="predicted − true")
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


def series(examples: Sequence[Mapping[str, Any]], horizon: int = 1) -> go.Figure:
    """Series in small panels: what is known, what came next, and what the model foretold or made of it.

    Args:
        horizon: so many steps after the known the next value stands.
    """
    across = min(4, max(1, len(examples)))
    down = -(-len(examples) // across)
    titles = [_title(example) for example in examples]
    drawn = subplots.make_subplots(rows=down, cols=across, horizontal_spacing=0.04, subplot_titles=titles)
    drawn.update_annotations(font={"size": 12})
    for place, example in enumerate(examples):
        known = example["series"]
        here, later = list(range(len(known))), _later(known, example.get("ahead", ()), horizon)
        lines = {"known": (here, known, "#98a1b3")}
        if "again" in example:
            lines["model"] = (here, example["again"], TRAINING)
        else:
            lines["truth"] = (later, [known[-1], *example["ahead"]], VALIDATION)
            lines["model"] = (later, [known[-1], *example["foretold"]], TRAINING)
        for name, (places, values, colour) in lines.items():
            line = _line(name, places, values, colour, is_first=place == 0)
            drawn.add_trace(line, row=place // across + 1, col=place % across + 1)
    drawn.update_layout(figure(height=80 + 150 * down).layout)
    drawn.update_layout(showlegend=True, legend={"y": 1 + 30 / (150 * down)}, margin={"t": 40})
    drawn.update_xaxes(gridcolor=QUIET, showgrid=False, showticklabels=False, zeroline=False)
    return drawn.update_yaxes(gridcolor=QUIET, nticks=4, zeroline=False)


def _later(known: Sequence[Any], ahead: Sequence[Any], horizon: int) -> list[int]:
    """Where the last known value stands, and those that come `horizon` steps after it."""
    last = len(known) - 1
    return [last, *range(last + horizon, last + horizon + len(ahead))]


def _title(example: Mapping[str, Any]) -> str:
    """`row 12 · off by 0.53`."""
    return f"row {example['index']} · off by {example['error']:.3g}" if "index" in example else ""


def _line(name: str, places: Sequence[int], values: Sequence[Number], colour: str, *, is_first: bool) -> go.Scatter:
    return go.Scatter(
        x=list(places),
        y=list(values),
        name=name,
        legendgroup=name,
        showlegend=is_first,
        mode="lines" if name == "known" else "lines+markers",
        line={"color": colour, "width": 1.6, "dash": "dot" if name == "model" else "solid"},
        marker={"size": 5, "symbol": "x" if name == "model" else "circle"},
        hovertemplate=name + " %{y:.4g}<extra></extra>",
    )


def changed(before: Sequence[Number], after: Sequence[Number], ahead: Sequence[float], horizon: int) -> go.Figure:
    """A series as it was, as the model gets it, and what the model says comes `horizon` steps after it."""
    drawn, here = figure(height=260), list(range(len(after)))
    for name, values, colour in (("as it was", before, "#98a1b3"), ("what the model gets", after, VALIDATION)):
        drawn.add_trace(_line(name, here, values, colour, is_first=True).update(mode="lines", line={"dash": "solid"}))
    if ahead:
        places = _later(after, ahead, horizon)
        drawn.add_trace(_line("model", places, [after[-1], *ahead], TRAINING, is_first=True))
    drawn.update_xaxes(title="step", showgrid=False)
    return drawn.update_layout(showlegend=True)
