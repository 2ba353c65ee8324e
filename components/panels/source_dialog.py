"""All sources of rows as cards, by kind; one click takes one, with the split as it was."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import state, words
from core.data import offers
from core.data.offers import Offer
from core.edits import Set

COLUMNS = 3


@st.dialog("Choose data", width="large")
def show() -> None:
    here = offers.of(state.project().data)
    for group in dict.fromkeys(offer.group for offer in offers.OFFERS):
        st.markdown(f"## {group}", anchors=False)
        _cards([offer for offer in offers.OFFERS if offer.group == group], here)


def _cards(shown: Sequence[Offer], here: Offer) -> None:
    with st.grid(COLUMNS, gap="small"):
        for offer in shown:
            with st.container(border=True, height="stretch", gap=None, key=f"source-card-{offer.name}"):
                if _takes(offer, is_here=offer == here):
                    _take(offer)
                st.caption(words.plain(offer.help))
                if offer.rows:
                    st.caption(_size(offer))
                    st.caption(words.plain(f"First model: {offer.network} · {offer.licence}"))


def _takes(offer: Offer, is_here: bool) -> bool:
    return st.button(
        f"**{words.plain(offer.title)}**",
        icon=":material/check:" if is_here else ":material/arrow_forward:",
        icon_position="right",
        type="tertiary",
        key=f"source.{offer.name}",
    )


def _size(offer: Offer) -> str:
    """`1,797 rows of 8×8×1 · 10 classes`, or `150 rows of 4 features · 3 classes`."""
    shape = words.shape((None, *offer.shape)) if len(offer.shape) > 1 else f"{offer.shape[0]:,} features"
    return words.plain(f"{offer.rows:,} rows of {shape} · {offer.task}")


def _take(offer: Offer) -> None:
    """There is nothing to switch to before a file has come."""
    state.current().wants_csv = offer == offers.OWN
    if offer != offers.OWN:
        state.edit(Set(path="data", value=offers.starting(offer, state.project().data)))
    st.rerun()
