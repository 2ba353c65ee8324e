"""The layers that can be added, by category, with a search."""

from __future__ import annotations

import streamlit as st

from components import state, words
from core import catalog
from core.catalog import Entry
from core.edits import Add


def render() -> None:
    sought = st.text_input(
        "Search layers",
        placeholder="Search layers",
        icon=":material/search:",
        label_visibility="collapsed",
        key="palette.search",
    )
    everything = st.toggle("Show all layers", key="palette.all")
    entries = _matching(catalog.entries("layer"), sought, everything)
    if not entries:
        st.caption("No layer has this in its name or purpose.")
    for category in dict.fromkeys(entry.category for entry in entries):
        st.caption(category.capitalize())
        with st.container(gap=None):
            for entry in entries:
                if entry.category == category:
                    _button(entry)


def _matching(entries: tuple[Entry, ...], sought: str, everything: bool) -> list[Entry]:
    words_sought = sought.lower().split()
    shown = [entry for entry in entries if entry.taught or everything or words_sought]
    return [entry for entry in shown if all(word in f"{entry.name} {entry.summary}".lower() for word in words_sought)]


def _button(entry: Entry) -> None:
    colour = words.COLOURS.get(entry.category, "gray")
    st.button(
        f":{colour}[■] {entry.name}",
        key=f"add.{entry.name}",
        type="tertiary",
        help=entry.summary,
        on_click=_add,
        args=(entry.name,),
    )


def _add(layer: str) -> None:
    """Behind the selected layer, or at the end."""
    ids = [node.id for node in state.project().model.nodes]
    after = next(iter(state.selected()[-1:]), None)
    if state.edit(Add(layer=layer, params={}, after=after)):
        state.select([node.id for node in state.project().model.nodes if node.id not in ids])
