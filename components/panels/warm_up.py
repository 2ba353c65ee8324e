"""Says that TensorFlow is still starting, and looks again when it should be there."""

from __future__ import annotations

import streamlit as st

from components import state


def render() -> None:
    """Once warm the whole page is drawn anew, with shapes and counts."""
    if state.services().engine.is_warm:
        return
    st.fragment(_watch, run_every=1.0)()


def _watch() -> None:
    if state.services().engine.is_warm:
        st.rerun()
    st.caption(":material/hourglass_top: TensorFlow is starting. Shapes and counts follow in about 15 seconds.")
