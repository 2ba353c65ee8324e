"""Files that are made to harm are refused in a sentence, and nothing in them is run."""

from __future__ import annotations

import contextlib
import sys

import pytest

from core import importing
from core.errors import ImportRefused
from tests.importing import hostile
from tests.importing.written import packed

FILES = hostile.files()


@pytest.fixture
def canary(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / hostile.CANARY


@pytest.mark.parametrize("name", FILES)
def test_a_file_made_to_harm_is_refused_in_a_sentence(name, canary):
    content, words = FILES[name]
    loaded = {"keras", "tensorflow"} & set(sys.modules)
    with pytest.raises(ImportRefused, match=words) as refusal:
        importing.read(hostile.as_bytes(content))
    sentence = str(refusal.value)
    assert len(sentence) < 4000
    assert sentence.rstrip().endswith((".", "…"))
    assert "<img" not in sentence
    assert not canary.exists()
    assert {"keras", "tensorflow"} & set(sys.modules) == loaded


@pytest.mark.parametrize("name", [*hostile.gadgets(), *hostile.shapes()])
def test_the_same_in_a_keras_file(name, canary):
    content, words = FILES[name]
    with pytest.raises(ImportRefused, match=words) as refusal:
        importing.read(packed(content))
    assert refusal.value.path.startswith("config.json")
    assert not canary.exists()


def test_every_cut_of_a_good_file_is_refused_in_a_sentence():
    good = packed(hostile.chain(units=1))
    assert importing.read(good)
    for length in range(1, len(good), 23):
        with pytest.raises(ImportRefused):
            importing.read(good[:length])


def test_every_flipped_byte_gives_a_project_or_a_sentence():
    good = packed(hostile.chain(units=1))
    for place in range(0, len(good), 9):
        broken = bytearray(good)
        broken[place] ^= 0xFF
        with contextlib.suppress(ImportRefused):  # and nothing else
            assert importing.read(bytes(broken)).model.nodes
