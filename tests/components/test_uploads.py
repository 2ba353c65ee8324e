"""A file that came in, as the Data page takes it: into the project, or refused with its reason."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.data import Folders, keep

SCRIPT = """
from components import state
from components.panels import data_form
import streamlit as st
if state.open_project():
    st.text(data_form.take(st.query_params.get("file", "")))
"""


@pytest.fixture
def taking(service, chain, opened):
    """Takes a file for a project; gives what is said, and the project afterwards."""

    def take(reference):
        page = opened(chain)
        at = AppTest.from_string(SCRIPT, default_timeout=20)
        at.query_params.update({"project": page.id, "file": reference})
        at.run()
        assert not at.exception
        return at.text[0].value, page.project

    return take


def test_what_is_no_file_of_ours_is_refused_and_the_project_stays(taking):
    for reference, why in (("upload:" + "0" * 64, "no longer on this server"), ("/etc/passwd", "is no upload")):
        said, project = taking(reference)
        assert why in said
        assert project.data.source == "random"


def test_the_same_file_again_changes_nothing(taking, chain, service):
    chain["data"] = {"source": "csv", "path": keep(b"a,y\n1,2\n3,4\n", Folders.of(service.settings)), "target": "a"}
    said, project = taking(chain["data"]["path"])
    assert said == ""
    assert project.data.target == "a", "what was chosen for it stays"
