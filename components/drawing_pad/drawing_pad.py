"""A pad to draw a small grey picture on, for models that read one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent

_component = st.components.v2.component(
    "drawing_pad",
    js=(_FOLDER / "drawing_pad.js").read_text(encoding="utf-8"),
    css=(_FOLDER / "drawing_pad.css").read_text(encoding="utf-8"),
)


def drawing_pad(rows: int, columns: int, *, key: str) -> list[list[float]] | None:
    """What is drawn: pixels from 0 (background) to 1 (ink), `rows` × `columns`; None while the pad is blank."""
    result = _component(
        key=key,
        data={"rows": rows, "columns": columns},
        default={"pixels": None},
        on_pixels_change=_rerun,
        height="content",
    )
    flat = getattr(result, "pixels", None)
    if not isinstance(flat, list) or len(flat) != rows * columns:
        return None
    return [[float(value) for value in flat[row * columns : (row + 1) * columns]] for row in range(rows)]


def _rerun() -> None:
    """Nothing to do: that the script runs again is what was wanted."""
