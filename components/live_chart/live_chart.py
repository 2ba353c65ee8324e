"""The live chart of a run: mounted once, then fed by `/live/{run}` without a rerun of the script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from components.live import plotly_version, scripts_ahead

_FOLDER = Path(__file__).parent
_SCRIPTS = ("series.js", "stream.js", "leaving.js", "colours.js", "plot.js", "stats.js", "toolbar.js", "live_chart.js")
_STYLES = ("live_chart.css", "toolbar.css", "plot.css")


def _read(names: Sequence[str]) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


_component = st.components.v2.component(
    "live_chart",
    js=_read(_SCRIPTS),
    css=_read(_STYLES),
)


def live_chart(
    run_id: str | None, *, key: str, epochs: int, metrics: Sequence[str], status: str, ticket: int = 0
) -> None:
    """Draw the curves and the numbers of a run, as they come; without a run, say what to do next.

    Args:
        epochs: how many there will be; the axis before the run has begun.
        metrics: names of the metrics that are expected, for the panels before the first epoch.
        status: the run's status that this script has drawn its buttons for; another one reruns the script.
        ticket: the run's ticket; a new one (the run was continued) connects again.
    """
    data = {
        "run": run_id,
        "epochs": epochs,
        "metrics": list(metrics),
        "status": status,
        "ticket": ticket,
        "plotly": plotly_version(),
        "ahead": list(scripts_ahead()),
    }
    _component(key=key, data=data, default={"status": None}, on_status_change=_rerun, height="content")


def _rerun() -> None:
    """Nothing to do: that the script runs again is what was wanted."""
