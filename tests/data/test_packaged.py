"""A table that comes in a package is read as a user's own, where no file of the machine is."""

from __future__ import annotations

import pytest

from core.data import Folders, adopt, describe
from core.errors import DataError
from core.spec import CsvData


def table(path):
    return CsvData(source="csv", path=path, target="species")


@pytest.fixture
def server(tmp_path):
    """What a server reads: uploads, and no other file."""
    return Folders(tmp_path / "uploads", tmp_path / "datasets")


def test_it_is_found_without_a_folder_and_says_whose_it_is(server):
    facts = describe(table("package:penguins"), server)
    assert (facts.rows, facts.title, facts.class_names) == (344, "Penguins", ("Adelie", "Chinstrap", "Gentoo"))
    assert facts.licence.startswith("CC0")
    assert [column.kind for column in facts.columns].count("category") == 2
    assert adopt(table("package:penguins"), server).path == "package:penguins"


@pytest.mark.parametrize("path", ["package:os", "package:../../etc/passwd", "package:", "package:palmerpenguins"])
def test_nothing_else_of_a_package_is_read(server, path):
    with pytest.raises(DataError, match=r"no table that comes in a package\. Choose one of package:penguins\."):
        describe(table(path), server)
