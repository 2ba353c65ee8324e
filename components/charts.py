"""Figures of what is finished: numbers in, plotly figures out; no state, no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

TRAINING = "#e4572e"
VALIDATION = "#3b6fd4"
PALETTE = (TRAINING, VALIDATION, "#0f8f7c", "#8a63d2", "#c08427", "#b0447b", "#667085")
QUIET = "rgba(128,136,152,0.22)"
MOST_NAMED = 24
"""More classes than this, and the cells are too small to carry their numbers."""

Number = float | None


def confusion(matrix: Sequence[Sequence[int]], class_names: Sequence[str] = ()) -> go.Figure:
    """How often each true class (rows) was predicted as each class (columns); colour is the share of the row."""
    names = [str(name) for name in class_names] or [str(place) for place in range(len(matrix))]
    shares = [[count / max(1, sum(row)) for count in row] for row in matrix]
    hover = "true %{y}<br>predicted %{x}<br>%{customdata:,} rows (%{z:.1%} of %{y})<extra></extra>"
    heat = go.Heatmap(
        z=shares,
        x=names,
        y=names,
        customdata=matrix,
        hovertemplate=hover,
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        colorscale=[[0, "rgba(228,87,46,0.05)"], [1, TRAINING]],
        showscale=False,
    )
    if len(names) <= MOST_NAMED:
        heat.update(text=[[str(count) if count else "" for count in row] for row in matrix], texttemplate="%{text}")
    figure = _figure(height=max(360, min(760, 90 + 34 * len(names))))
    figure.add_trace(heat)
    figure.update_xaxes(title="predicted", type="category", showgrid=False, constrain="domain")
    figure.update_yaxes(title="true", type="category", autorange="reversed", showgrid=False, scaleanchor="x")
    return figure


def predicted_against_true(true: Sequence[Number], predicted: Sequence[Number]) -> go.Figure:
    """Each row as a point; on the dashed line the prediction is exact."""
    known = [value for value in (*true, *predicted) if value is not None]
    ends = [min(known), max(known)] if known else [0.0, 1.0]
    figure = _figure(height=440)
    figure.add_trace(
        go.Scatter(
            x=ends, y=ends, mode="lines", line={"color": "#98a1b3", "dash": "dash", "width": 1}, hoverinfo="skip"
        )
    )
    figure.add_trace(
        go.Scatter(
            x=list(true),
            y=list(predicted),
            mode="markers",
            marker={"color": VALIDATION, "size": 6, "opacity": 0.55},
            hovertemplate="true %{x:.4g}<br>predicted %{y:.4g}<extra></extra>",
        )
    )
    figure.update_xaxes(title="true")
    figure.update_yaxes(title="predicted")
    return figure


def points(rows: Sequence[Sequence[float]], class_names: Sequence[str] = ()) -> go.Figure:
    """Points of a plane `(x, y, label)`: one colour a class, or a scale of colours where the label is a number."""
    figure = _figure(height=460)
    if class_names:
        for place, name in enumerate(class_names):
            chosen = [row for row in rows if int(row[2]) == place]
            figure.add_trace(_points(chosen, color=PALETTE[place % len(PALETTE)], name=str(name)))
        figure.update_layout(showlegend=True)
    else:
        scale = [[0, VALIDATION], [0.5, "#d9dce3"], [1, TRAINING]]
        marker = {"colorscale": scale, "showscale": True, "colorbar": {"thickness": 8, "outlinewidth": 0}}
        figure.add_trace(_points(list(rows), color=[row[2] for row in rows], name="", **marker))
    figure.update_yaxes(scaleanchor="x", zeroline=False)
    figure.update_xaxes(zeroline=False)
    return figure


def _points(rows: Sequence[Sequence[float]], *, name: str, **marker: Any) -> go.Scatter:
    return go.Scatter(
        x=[row[0] for row in rows],
        y=[row[1] for row in rows],
        name=name,
        mode="markers",
        marker={"size": 6, "opacity": 0.8, **marker},
        hovertemplate="%{x:.3g}, %{y:.3g}",
    )


def comparison(runs: Mapping[str, Sequence[Mapping[str, Number]]], metric: str = "val_loss") -> go.Figure:
    """One curve a run of one metric over the epochs; a run that does not have the metric is left out.

    Args:
        runs: by name, the metrics of each epoch.
    """
    figure = _figure(height=360)
    for place, (name, history) in enumerate(runs.items()):
        values = [epoch.get(metric) for epoch in history]
        if any(value is not None for value in values):
            figure.add_trace(
                go.Scatter(
                    x=list(range(1, len(values) + 1)),
                    y=values,
                    name=name,
                    mode="lines+markers",
                    line={"color": PALETTE[place % len(PALETTE)], "width": 2},
                    marker={"size": 5},
                    hovertemplate="epoch %{x}: %{y:.4g}",
                )
            )
    figure.update_layout(showlegend=True, hovermode="closest")
    figure.update_xaxes(title="epoch", showgrid=False)
    figure.update_yaxes(title=metric)
    return figure


def _figure(*, height: int) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(gridcolor=QUIET, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=QUIET, zeroline=False, automargin=True)
    return figure
