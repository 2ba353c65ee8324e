"""The examples as cards, by kind; one click makes a project of its own of one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import state
from core import gallery
from core.gallery import Card

COLUMNS = 3


@st.dialog("Start from an example", width="large")
def show() -> None:
    st.caption("Each is a project that trains as it is. Your present project keeps its address.")
    cards = gallery.cards()
    for group in dict.fromkeys(card.group for card in cards):
        st.markdown(f"## {group}", anchors=False)
        _cards([card for card in cards if card.group == group])


def _cards(cards: Sequence[Card]) -> None:
    with st.grid(COLUMNS, gap="small"):
        for card in cards:
            with st.container(border=True, height="stretch", gap=None, key=f"example-card-{card.name}"):
                if _opens(card):
                    state.start_project(state.example(card.name))
                    st.rerun()
                st.caption(card.description)


def _opens(card: Card) -> bool:
    return st.button(
        f"**{card.title}**",
        icon=":material/arrow_forward:",
        icon_position="right",
        type="tertiary",
        key=f"example.{card.name}",
    )
