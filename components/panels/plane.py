"""What a run's model says everywhere in the plane of its two features."""

from __future__ import annotations

import streamlit as st

from components import answers
from components.panels.asked import ask
from core.store import Run


def render(run: Run, weights: str) -> None:
    found = ask("boundary", run, weights=weights)
    st.caption(
        "The surer the model, the fuller the colour. Circles are rows it was trained on, diamonds it has never seen."
    )
    st.plotly_chart(answers.plane(found), key="plane")
