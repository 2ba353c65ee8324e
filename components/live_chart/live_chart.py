"""The live chart of a run: mounted once, then fed by `/live/{run}` without a rerun of the script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import streamlit as st

from components.live import plotly_version, scripts_ahead

_FOLDER = Path(__file__).parent
_SCRIPTS = ("series.js", "stream.js", "leaving.js", "colours.js", "plot.js", "stats.js", "toolbar.js", "live_chart.js")
_STYLES = ("live_chart.css", "toolbar.css", "plot.css")


class Previous(TypedDict):
    """Another run's metrics by epoch, drawn as dotted lines to compare with."""

    name: str
    history: Sequence[Mapping[str, float | None]]


def _read(names: Sequence[str]) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


_component = st.components.v2.component(
    "live_chart",
    js=_read(_SCRIPTS),
    css=_read(_STYLES),
)


def live_chart(
    run_id: str | None,
    *,
    key: str,
    height: int = 520,
    epochs: int = 0,
    metrics: Sequence[str] = (),
    status: str = "",
    ticket: int = 0,
    previous: Previous | None = None,
) -> str:
    """Draw the curves and the numbers of a run, as they come; without a run, say what to do next.

    Args:
        height: of the curves, in pixels; more metrics may make it larger.
        epochs: how many there will be; the axis before the run has begun.
        metrics: names of the metrics that are expected, for the panels before the first epoch.
        status: the run's status that this script has drawn its buttons for; another one reruns the script.
        ticket: the run's ticket; a new one (the run was continued) connects again.

    Returns:
        The status of the run: `status` where it is given, else what the browser said last.
    """
    data: dict[str, Any] = {
        "run": run_id,
        "height": height,
        "epochs": epochs,
        "metrics": list(metrics),
        "status": status,
        "ticket": ticket,
        "previous": previous,
        "plotly": plotly_version(),
        "ahead": list(scripts_ahead()),
    }
    result = _component(key=key, data=data, default={"status": None}, on_status_change=_rerun, height="content")
    told = getattr(result, "status", None)
    if not status and isinstance(told, Mapping) and told.get("run") == run_id:
        return str(told["status"])
    return status


def _rerun() -> None:
    """Nothing to do: that the script runs again is what was wanted."""
