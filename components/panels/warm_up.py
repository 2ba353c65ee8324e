"""Says that TensorFlow is still starting, and looks again when it should be there."""

from __future__ import annotations

import streamlit as st

from components import state, words
from core.runner.checking import Checked


def render(checked: Checked) -> None:
    """Once warm the whole page is drawn anew, with shapes and counts.

    `checked` decides, not the engine: that may have become warm since it was asked, and the page is still without.
    """
    if not checked.complete and not checked.trouble:
        st.fragment(_watch, run_every=1.0)()


def _watch() -> None:
    engine = state.services().engine
    if engine.is_warm:
        st.rerun()
    if engine.error:
        st.error(words.plain(engine.error), icon=":material/error:")
        return
    seconds = engine.seconds_left
    when = f"in about {seconds:.0f} seconds" if seconds >= 1 else "in a moment"
    st.caption(f":material/hourglass_top: TensorFlow is starting. Shapes and counts follow {when}.")
