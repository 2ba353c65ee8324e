"""How to read a picture, and where that comes from."""

from __future__ import annotations

import streamlit as st


def explain(text: str) -> None:
    """One quiet sentence in Markdown; a caption would make its link too pale to be read."""
    st.markdown(f":small[:gray[{text}]]")
