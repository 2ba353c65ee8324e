"""Figures of rows before training: profiles in, plotly figures out."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts import FULLEST, INK, VALIDATION, figure, label, named
from core.data import ColumnProfile

MOST_BARS = 40
MOST_WRITTEN = 12
"""More columns than this, and the cells are too small to carry their numbers."""


def distribution(column: ColumnProfile, *, height: int = 260) -> go.Figure:
    """How often which values come: a histogram of numbers, or a bar for each of the commonest values."""
    drawn = figure(height=height)
    if column.edges:
        _histogram(drawn, column)
    else:
        drawn.add_trace(
            go.Bar(
                y=list(column.counts),
                customdata=[label(value) for value in column.values],
                marker={"color": VALIDATION},
                hovertemplate="%{customdata}: %{y:,} rows<extra></extra>",
            )
        )
        drawn.update_xaxes(**named(column.values), showgrid=False)
    drawn.update_layout(bargap=0.06 if column.edges else 0.3)
    drawn.update_yaxes(title="rows")
    return drawn


def _histogram(drawn: go.Figure, column: ColumnProfile) -> None:
    pairs = list(zip(column.edges, column.edges[1:], strict=False))
    drawn.add_trace(
        go.Bar(
            x=[(low + high) / 2 for low, high in pairs],
            y=list(column.counts),
            width=[(high - low) * 0.94 for low, high in pairs],
            customdata=[[f"{low:.4g}", f"{high:.4g}"] for low, high in pairs],
            marker={"color": VALIDATION},
            hovertemplate="%{customdata[0]} to %{customdata[1]}: %{y:,} rows<extra></extra>",
        )
    )
    if column.kind == "date":
        drawn.update_traces(x=[1000 * (low + high) / 2 for low, high in pairs], width=None, hovertemplate=None)
        drawn.update_xaxes(type="date")


def balance(column: ColumnProfile) -> go.Figure:
    """A bar for each class with its rows and their share; the dashed line is where all would be alike."""
    counts, names = list(column.counts[:MOST_BARS]), column.values[:MOST_BARS]
    total = max(1, sum(column.counts))
    drawn = figure(height=max(180, min(760, 60 + 26 * len(names))))
    drawn.add_trace(
        go.Bar(
            x=counts,
            orientation="h",
            marker={"color": VALIDATION},
            text=[f"{count:,} · {count / total:.1%}" for count in counts],
            textposition="outside",
            textfont={"color": INK},
            cliponaxis=False,
            customdata=[label(name) for name in names],
            hovertemplate="%{customdata}: %{text}<extra></extra>",
        )
    )
    even = total / max(1, len(column.counts))
    drawn.add_vline(even, line={"color": "#98a1b3", "dash": "dash", "width": 1}, layer="below")
    drawn.update_xaxes(title="rows", range=[0, 1.15 * max(counts, default=1)])
    drawn.update_yaxes(**named(names), autorange="reversed", showgrid=False)
    drawn.update_layout(bargap=0.3)
    return drawn


def correlation(names: Sequence[str], matrix: Sequence[Sequence[float | None]]) -> go.Figure:
    """Pearson's r of each pair of columns: red together, blue against each other; written in where there is room."""
    places = list(range(len(names)))
    drawn = figure(height=max(320, min(760, 130 + 26 * len(names))))
    drawn.add_trace(
        go.Heatmap(
            z=[list(row) for row in matrix],
            x=places,
            y=places,
            zmin=-1,
            zmax=1,
            xgap=1,
            ygap=1,
            colorscale=[
                [0, f"rgba(59,111,212,{FULLEST})"],
                [0.5, "rgba(59,111,212,0)"],
                [0.5, "rgba(228,87,46,0)"],
                [1, f"rgba(228,87,46,{FULLEST})"],
            ],
            colorbar={"thickness": 8, "outlinewidth": 0, "tickvals": [-1, 0, 1]},
            customdata=[[[label(one), label(other)] for other in names] for one in names],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>r = %{z:.3f}<extra></extra>",
        )
    )
    if len(names) <= MOST_WRITTEN:
        drawn.add_trace(_written(matrix))
    drawn.update_xaxes(**named(names), showgrid=False, tickangle=-45 if len(names) > 5 else 0)
    drawn.update_yaxes(**named(names), showgrid=False, autorange="reversed")
    return drawn


def _written(matrix: Sequence[Sequence[float | None]]) -> go.Scatter:
    """Each r in its cell."""
    cells = [(row, column, r) for row, line in enumerate(matrix) for column, r in enumerate(line) if r is not None]
    return go.Scatter(
        x=[column for _, column, _ in cells],
        y=[row for row, _, _ in cells],
        mode="text",
        text=[f"{r:.2f}" for _, _, r in cells],
        textfont={"color": INK},
        hoverinfo="skip",
    )
