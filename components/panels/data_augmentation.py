"""How pictures are changed while training, and a few of them before and after."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import streamlit as st

from components import pictures, state, words
from core import spec
from core.data import DataFacts
from core.edits import Set
from core.errors import EagerlyError

IMAGE_WIDTH = 72
_FLIPS = {
    "none": "not flipped",
    "horizontal": "left and right",
    "vertical": "top and bottom",
    "horizontal_and_vertical": "both ways",
}


class _Strength(NamedTuple):
    """One slider."""

    label: str
    name: str
    high: float
    help: str


_STRENGTHS = (
    _Strength("Rotate", "rotation", 0.5, "Up to this share of a full turn, either way."),
    _Strength("Move", "translation", 0.5, "Up to this share of height and width, in every direction."),
    _Strength("Zoom", "zoom", 0.5, "In or out by up to this share."),
    _Strength(
        "Crop",
        "crop",
        0.5,
        "This share of height and width is cut away, in each picture at another place, and the rest is enlarged to the "
        "whole.",
    ),
    _Strength("Contrast", "contrast", 0.9, "Up to this share more or less."),
)


def render(facts: DataFacts | None) -> None:
    """The choices; nothing for rows that are no pictures."""
    data = state.project().data
    if not facts or (facts.kind != "image" and data.augmentation is None):
        return
    chosen = data.augmentation or spec.Augmentation()
    # arguments that never change: with others it is drawn anew, closed, and the slider inside loses the keyboard
    with st.expander("Augmentation", key="fold.augmentation", on_change="rerun"):
        st.caption("Pictures are changed at random while training, and only then.")
        _select("Flip", "flip", list(_FLIPS), chosen.flip, _FLIPS)
        for one in _STRENGTHS:
            key = state.key("data", "augmentation", one.name)
            value = float(getattr(chosen, one.name))
            st.slider(
                one.label, 0.0, one.high, value, 0.05, key=key, help=one.help, on_change=_change, args=(one.name, key)
            )
        if chosen.rotation or chosen.translation or chosen.zoom:
            _select("Beyond the edge", "fill_mode", ["reflect", "constant", "wrap", "nearest"], chosen.fill_mode, {})
        if data.augmentation is not None:
            key = state.key("data", "augmentation", "seed")
            st.number_input(
                "Seed of the changes", 0, 2**31 - 1, chosen.seed, key=key, on_change=_change, args=("seed", key)
            )
    if data.augmentation is not None:
        st.caption(f"While training: {_summary(chosen)}.")


def _summary(chosen: spec.Augmentation) -> str:
    """What is chosen, in few words; it stands below the fold, open or not."""
    flip = [] if chosen.flip == "none" else [f"flip {_FLIPS[chosen.flip]}"]
    strengths = [(one.label.lower(), getattr(chosen, one.name)) for one in _STRENGTHS]
    return ", ".join([*flip, *(f"{label} {strength:g}" for label, strength in strengths if strength)])


def _select(label: str, name: str, options: list[str], value: str, titles: dict[str, str]) -> None:
    key = state.key("data", "augmentation", name)
    st.selectbox(
        label,
        options,
        index=options.index(value),
        format_func=lambda option: titles.get(option, option),
        key=key,
        on_change=_change,
        args=(name, key),
    )


def _change(name: str, key: str) -> None:
    """Where nothing is changed any more, the project does not mention it."""
    old = state.project().data.augmentation or spec.Augmentation()
    new = spec.Augmentation.model_validate(old.model_dump() | {name: state.value(key)})
    is_idle = new.flip == "none" and not any(getattr(new, one.name) for one in _STRENGTHS)
    state.edit(Set(path="data.augmentation", value=None if is_idle else new.model_dump(mode="json")), by_field=True)


def preview() -> None:
    """Pictures of the training part in the first row, what may become of them below."""
    try:
        seen = _ask(state.project().data.model_dump_json())
    except EagerlyError as refused:
        st.caption(words.plain(str(refused)))
        return
    if not seen["before"]:
        st.caption("Nothing is changed. Choose how in Preparation, Augmentation.")
        return
    row("As they are", seen["before"])
    for number, changed in enumerate(seen["after"]):
        row("As training may see them" if number == 0 else "", changed)
    st.caption("Drawn anew in every step of the training. Validation, test and Try it see them as they are.")


@st.cache_data(max_entries=32, show_spinner="Changing a few pictures")
def _ask(data: str) -> dict[str, Any]:
    return state.services().engine.ask({"ask": "augmented", "data": json.loads(data)}, timeout=60)


def row(title: str, images: list[Any]) -> None:
    """Pictures side by side."""
    if title:
        st.markdown(f"**{title}**")
    with st.container(horizontal=True, gap="small"):
        for image in images:
            st.image(pictures.enlarged(image), width=IMAGE_WIDTH)
