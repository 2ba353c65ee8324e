"""Figures of what is finished: numbers in, plotly figures out; no state, no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from streamlit.elements.lib.streamlit_plotly_theme import GRAY_90

TRAINING = "#e4572e"
VALIDATION = "#3b6fd4"
PALETTE = (TRAINING, VALIDATION, "#0f8f7c", "#8a63d2", "#c08427", "#b0447b", "#667085")
QUIET = "rgba(128,136,152,0.22)"
MOST_NAMED = 24
"""More classes than this, and the cells are too small to carry their numbers."""
MOST_TICKS = 50
MOST_LETTERS = 24
INK = GRAY_90
"""The page's own text, dark on a light page and light on a dark one; the browser puts it in."""
FULLEST = 0.8
"""So full of colour is the fullest cell: a number in ink can be read on it on both pages."""

Number = float | None


def confusion(matrix: Sequence[Sequence[int]], class_names: Sequence[str] = (), *, rates: bool = False) -> go.Figure:
    """How often each true class (rows) was predicted as each class (columns); colour is the share of the row.

    A cell stands at the places of its classes, counted from 0.

    Args:
        rates: write the share of the row into each cell, not the count.
    """
    names = [str(name) for name in class_names] or [str(place) for place in range(len(matrix))]
    shares = [[count / max(1, sum(row)) for count in row] for row in matrix]
    height = max(360, min(760, 90 + 34 * len(names)))
    drawn = figure(height=height)
    drawn.add_trace(_colours(shares))
    if len(names) <= MOST_NAMED:
        drawn.add_trace(_numbers(matrix, shares, rates=rates))
    drawn.add_trace(_cells(matrix, shares, names, side=(height - 90) / max(1, len(names))))
    ends = [-0.5, len(names) - 0.5]  # left to itself, the axis makes room for what a click chooses
    quiet: dict[str, Any] = {**named(names), "showgrid": False, "ticks": "", "constrain": "domain"}
    drawn.update_xaxes(title="predicted", range=ends, **quiet)
    drawn.update_yaxes(title="true", range=ends[::-1], scaleanchor="x", **quiet)
    return drawn


def named(names: Sequence[str]) -> dict[str, Any]:
    """An axis with a name at each place from 0 on; of very many names some."""
    places = list(range(0, len(names), -(-len(names) // MOST_TICKS) or 1))
    return {"tickmode": "array", "tickvals": places, "ticktext": [label(names[place]) for place in places]}


def label(name: str) -> str:
    """A user's words as plotly shows them as they are, which takes some signs for tags; long ones are cut."""
    cut = name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;")


def _colours(shares: Sequence[Sequence[float]]) -> go.Heatmap:
    gap = 2 if len(shares) <= MOST_NAMED else 1 if len(shares) <= 2 * MOST_NAMED else 0
    return go.Heatmap(
        z=shares,
        hoverinfo="skip",
        zmin=0,
        zmax=1,
        xgap=gap,
        ygap=gap,
        colorscale=[[0, "rgba(228,87,46,0.05)"], [1, f"rgba(228,87,46,{FULLEST if len(shares) <= MOST_NAMED else 1})"]],
        showscale=False,
    )


def _numbers(matrix: Sequence[Sequence[int]], shares: Sequence[Sequence[float]], *, rates: bool) -> go.Scatter:
    """What stands in the cells; a click elsewhere does not make it fade."""
    colour = {"textfont": {"color": INK}}
    shown = {
        (true, said): f"{shares[true][said]:.0%}" if rates else str(count)
        for true, row in enumerate(matrix)
        for said, count in enumerate(row)
        if count
    }
    return go.Scatter(
        x=[said for _, said in shown],
        y=[true for true, _ in shown],
        text=list(shown.values()),
        mode="text",
        hoverinfo="skip",
        selected=colour,
        unselected=colour,
        **colour,
    )


def _cells(
    matrix: Sequence[Sequence[int]], shares: Sequence[Sequence[float]], names: Sequence[str], side: float
) -> go.Scatter:
    """Over each cell of the heat map something that a click can choose; of very many cells over those with rows."""
    places = range(len(names))
    cells = [(row, said) for row in places for said in places if matrix[row][said] or len(names) <= MOST_NAMED]
    shown = [label(name) for name in names]
    hover = "true %{customdata[2]}<br>predicted %{customdata[3]}<br>rows: %{customdata[0]:,} "
    return go.Scatter(
        x=[said for _, said in cells],
        y=[row for row, _ in cells],
        customdata=[[matrix[row][said], shares[row][said], shown[row], shown[said]] for row, said in cells],
        hovertemplate=hover + "(%{customdata[1]:.1%} of %{customdata[2]})<extra></extra>",
        mode="markers",
        marker={"symbol": "square", "size": max(5, side - 3), "color": VALIDATION, "opacity": 0},
        selected={"marker": {"opacity": 0.3}},
        unselected={"marker": {"opacity": 0}},
    )


def predicted_against_true(true: Sequence[Number], predicted: Sequence[Number], target: str = "") -> go.Figure:
    """Each row as a point; on the dashed line the prediction is exact. `target` is what is predicted."""
    known = [value for value in (*true, *predicted) if value is not None]
    ends = [min(known), max(known)] if known else [0.0, 1.0]
    drawn = figure(height=440)
    drawn.add_trace(
        go.Scatter(
            x=ends, y=ends, mode="lines", line={"color": "#98a1b3", "dash": "dash", "width": 1}, hoverinfo="skip"
        )
    )
    drawn.add_trace(
        go.Scatter(
            x=list(true),
            y=list(predicted),
            mode="markers",
            marker={"color": VALIDATION, "size": 6, "opacity": 0.8},
            hovertemplate="true %{x:.4g}<br>predicted %{y:.4g}<extra></extra>",
        )
    )
    drawn.update_xaxes(title=f"true {label(target)}")
    drawn.update_yaxes(title=f"predicted {label(target)}")
    return drawn


def points(
    rows: Sequence[Sequence[float]], class_names: Sequence[str] = (), axes: Sequence[str] = ("x1", "x2", "")
) -> go.Figure:
    """Points of a plane `(x, y, label)`: one colour a class, or a scale of colours where the label is a number.

    Args:
        axes: the names of x, y and the label.
    """
    drawn = figure(height=460)
    if class_names:
        for place, name in enumerate(class_names):
            chosen = [row for row in rows if int(row[2]) == place]
            drawn.add_trace(_points(chosen, color=PALETTE[place % len(PALETTE)], name=str(name)))
        drawn.update_layout(showlegend=True)
    else:
        scale = [[0, VALIDATION], [0.5, "#98a1b3"], [1, TRAINING]]
        marker = {
            "colorscale": scale,
            "showscale": True,
            "colorbar": {"thickness": 8, "outlinewidth": 0, "title": {"text": label(axes[2])}},
        }
        drawn.add_trace(_points(list(rows), color=[row[2] for row in rows], name="", **marker))
    drawn.update_yaxes(scaleanchor="x", zeroline=False, title=label(axes[1]))
    drawn.update_xaxes(zeroline=False, title=label(axes[0]))
    return drawn


def _points(rows: Sequence[Sequence[float]], *, name: str, **marker: Any) -> go.Scatter:
    return go.Scatter(
        x=[row[0] for row in rows],
        y=[row[1] for row in rows],
        name=name,
        mode="markers",
        marker={"size": 6, "opacity": 0.8, **marker},
        hovertemplate="%{x:.3g}, %{y:.3g}",
    )


def comparison(runs: Mapping[str, Mapping[int, Mapping[str, Number]]], metric: str = "val_loss") -> go.Figure:
    """One curve a run of one metric over the epochs; a run that does not have the metric is left out.

    Args:
        runs: by name, the metrics by epoch, which counts from 1.
    """
    drawn = figure(height=360)
    for place, (name, history) in enumerate(runs.items()):
        values = [metrics.get(metric) for metrics in history.values()]
        if any(value is not None for value in values):
            drawn.add_trace(
                go.Scatter(
                    x=list(history),
                    y=values,
                    name=name,
                    mode="lines+markers",
                    line={"color": PALETTE[place % len(PALETTE)], "width": 2},
                    marker={"size": 5},
                    hovertemplate="epoch %{x}: %{y:.4g}",
                )
            )
    drawn.update_layout(showlegend=True, hovermode="closest")
    drawn.update_xaxes(title="epoch", showgrid=False)
    drawn.update_yaxes(title=metric)
    return drawn


def figure(*, height: int) -> go.Figure:
    """An empty figure in the page's manner."""
    drawn = go.Figure()
    drawn.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    drawn.update_xaxes(gridcolor=QUIET, zeroline=False, automargin=True)
    drawn.update_yaxes(gridcolor=QUIET, zeroline=False, automargin=True)
    return drawn
