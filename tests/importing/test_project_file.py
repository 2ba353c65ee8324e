"""Project files from outside: taken whole, or refused with the place of the fault."""

from __future__ import annotations

import pytest

from core import document, gallery, importing
from core.errors import ImportRefused


@pytest.mark.parametrize("name", gallery.names())
def test_what_was_exported_comes_back_the_same(name):
    project = gallery.load(name)
    assert importing.read(document.dump(project).encode()) == project


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"PK\x03\x04rest", "This archive is cut off"),
        (b"\x89HDF\r\n", "This is an HDF5 file"),
        (b"\x80\x04\x95.", "a pickle"),
        (b"{", "This is no JSON"),
        (b"[]", "JSON object in braces"),
        (b"\xff\xfe{", "UTF-8"),
        (b"[" * 100_000, "nests at most"),
        (b'{"version": 99}', "made by a newer Eagerly"),
        (b'{"version": 1, "data": {"source": "digits"}, "extra": 1}', "extra: Eagerly knows no such field"),
        (b'{"version": 1, "data": {"source": "digits", "seed": NaN}}', "NaN is no JSON number"),
    ],
)
def test_a_file_that_is_no_project_is_refused_in_a_sentence(content, words):
    with pytest.raises(ImportRefused, match=words):
        importing.read(content)
