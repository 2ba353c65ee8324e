"""Figures of what is inside a model: numbers in, plotly figures out; no state, no files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import plotly.graph_objects as go

from components.charts import INK, PALETTE, TRAINING, VALIDATION, figure, label

MOST_WRITTEN = 12
LEAST_BARS = 24
"""Fewer bars than this are as wide as if there were so many."""


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
    """What the units of a layer say to one row, one bar each; a few are written out too."""
    drawn = figure(height=110 if len(values) > MOST_WRITTEN else 130)
    width = min(0.85, len(values) / LEAST_BARS)
    bars = go.Bar(
        y=list(values), width=width, marker={"color": VALIDATION}, hovertemplate="%{x}: %{y:.4g}<extra></extra>"
    )
    drawn.add_trace(bars)
    drawn.update_xaxes(showgrid=False, range=[-0.5, len(values) - 0.5], tick0=0, dtick=_spacing(len(values)))
    if len(values) > MOST_WRITTEN:
        return drawn.update_yaxes(nticks=3)
    largest = max((abs(value) for value in values), default=0.0)
    places = max(0, 2 - math.floor(math.log10(largest))) if largest > 0 else 0  # three digits of the largest
    written = [f"{value:.{places}f}" for value in values]
    drawn.update_traces(text=written, textposition="outside", textfont={"color": INK}, textangle=0, cliponaxis=False)
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.35 * (high - low)
    return drawn.update_yaxes(nticks=3, range=[low - room * (low < 0), high + room * (high > 0)] if room else None)


def _spacing(count: int) -> int:
    """Of the ticks of so many numbered bars: whole and round, at most ten."""
    return next((step for step in (1, 2, 5, 10, 20, 50, 100) if count <= 10 * step), 200)


def line(values: Sequence[float]) -> go.Figure:
    """One series in time."""
    drawn = figure(height=150)
    colour = {"color": VALIDATION, "width": 1.6}
    drawn.add_trace(go.Scatter(y=list(values), mode="lines", line=colour, hovertemplate="%{y:.4g}<extra></extra>"))
    return drawn.update_xaxes(title="step", showgrid=False)


def heat(values: Sequence[Sequence[float]], across: str, down: str, *, highest: int = 460) -> go.Figure:
    """A table of numbers as colours: orange above zero, blue below."""
    largest = max((abs(value) for row in values for value in row), default=0.0) or 1.0
    drawn = figure(height=max(200, min(highest, 90 + 12 * len(values))))
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
                name=label(name),
                mode="lines+markers",
                line={"color": PALETTE[place % len(PALETTE)], "width": 2},
                marker={"size": 4},
                hovertemplate=f"{label(name)}, after epoch %{{x}}: %{{y:.3g}}<extra></extra>",
            )
        )
    drawn.update_layout(showlegend=True)
    drawn.update_xaxes(title="epoch", showgrid=False)
    if not log:
        return drawn.update_yaxes(title=title, range=[-0.02, 1.02], tickformat=".0%")
    spacing = _log_spacing(lines)
    few = {"tickformat": ".1~g"} if spacing == "D2" else {"exponentformat": "power"}  # else a lone 2 or 5 is written
    return drawn.update_yaxes(title=title, type="log", dtick=spacing, **few)


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
