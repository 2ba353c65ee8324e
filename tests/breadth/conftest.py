"""What both walks through the catalog need: Keras once, and the exported code run in this process."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def keras():
    import keras

    return keras


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    from core.data import Folders

    folder = tmp_path_factory.mktemp("data")
    return Folders(folder, folder)


@pytest.fixture(scope="session")
def exported(folders):
    """The model that the project's script makes and compiles; its rows are not read, its training does not begin."""
    from core import data
    from core.exporting import python

    def run(project):
        code = python.sections(project, data.describe(project.data, folders))
        namespace = {}
        exec(f"{code.imports}\n{code.model}\n{code.compile}", namespace)
        return namespace["model"]

    return run
