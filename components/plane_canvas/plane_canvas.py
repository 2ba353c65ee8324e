"""The plane of a network of two inputs: fed by `/plane/{run}` while it learns, without a rerun of the script."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.charts import PALETTE

_FOLDER = Path(__file__).parent
_SCRIPTS = ("../live_chart/stream.js", "painting.js", "plane_canvas.js")

_component = st.components.v2.component(
    "plane_canvas",
    js="\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in _SCRIPTS),
    css=(_FOLDER / "plane_canvas.css").read_text(encoding="utf-8"),
)


def plane_canvas(run_id: str, *, key: str, weights: str = "last", ticket: int = 0, status: str = "") -> None:
    """Draw what the run's model says everywhere, with the rows, and what each of its units does.

    Args:
        weights: "last" (of a run in progress: those of this moment) or "best".
        ticket: the run's ticket; a new one (the run was continued) connects again.
        status: the run's status; a run that ends is drawn once more.
    """
    data = {"run": run_id, "weights": weights, "ticket": ticket, "status": status, "palette": list(PALETTE)}
    _component(key=key, data=data, height="content")
