"""A file that came in, as the forms of the page take it: into the project, or refused with its reason."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core import document
from core.data import Folders, keep

SCRIPT = """
from components import state
from components.panels import data_form, import_file
import streamlit as st
if state.open_project():
    said = {form}(st.query_params.get("file", ""), "a.csv")
    st.text(said if isinstance(said, str) else said.project.name)
"""


@pytest.fixture
def taking(service, chain, opened, sent):
    """Has a form take a file for a project; gives what is said, and the project afterwards."""

    def take(reference, form="data_form.take"):
        page = opened(chain)
        if reference in sent.references:
            service.given.came(page.id, reference, is_new=True)
        at = AppTest.from_string(SCRIPT.format(form=form), default_timeout=20)
        at.query_params.update({"project": page.id, "file": reference})
        at.run()
        assert not at.exception
        return at.text[0].value, page.project

    return take


@pytest.fixture
def sent(service):
    """Sends a content; gives what it is called."""

    def send(content):
        send.references.append(keep(content, Folders.of(service.settings)))
        return send.references[-1]

    send.references = []
    return send


def test_what_is_no_file_of_ours_is_refused_and_the_project_stays(taking):
    for reference, why in (("upload:" + "0" * 64, "no longer on this server"), ("/etc/passwd", "is no upload")):
        said, project = taking(reference)
        assert why in said
        assert said.startswith("“a.csv” was not taken.")
        assert project.data.source == "random"


def test_the_same_file_again_changes_nothing(taking, chain, sent):
    chain["data"] = {"source": "csv", "path": sent(b"a,y\n1,2\n3,4\n"), "target": "a"}
    said, project = taking(chain["data"]["path"])
    assert said == ""
    assert project.data.target == "a", "what was chosen for it stays"


def test_a_file_that_is_no_model_is_refused_with_the_reason_and_goes(taking, sent, service):
    said, project = taking(sent(b"\x80\x04pickle"), "import_file.read")
    assert "This file is not taken." in said
    assert "pickle" in said
    assert project.name == "Chain"
    assert list(service.settings.uploads.iterdir()) == []


def test_a_project_file_is_read_and_not_kept(taking, sent, chain, opened, service):
    text = document.dump(opened({**chain, "name": "Theirs"}).project).encode()
    said, project = taking(sent(text), "import_file.read")
    assert said == "Theirs"
    assert project.name == "Chain", "nothing changes before the user says so"
    assert list(service.settings.uploads.iterdir()) == []
