"""Names the pages. Streamlit runs this file for every visit and every click."""

from __future__ import annotations

import streamlit as st

from components import state, words
from components.pages import data, export, inspect, model, runs, train

PAGES = (data, model, train, inspect, runs, export)


def render() -> None:
    st.set_page_config(page_title="Eagerly", page_icon=":material/show_chart:", layout="wide")
    st.logo("components/logo.svg", size="medium")
    pages = {
        module: st.Page(module.render, title=module.TITLE, url_path=module.TITLE.lower(), default=module is train)
        for module in PAGES
    }
    state.name_pages({module.TITLE: page for module, page in pages.items()})
    page = st.navigation(list(pages.values()), position="top")
    if state.open_project():
        if trouble := state.services().disk_trouble:
            st.warning(words.plain(trouble), icon=":material/hard_drive:")
        page.run()


render()
