"""Where the scripts of these tests find their files."""

from __future__ import annotations

import pytest

from core import data, gallery


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.chdir(gallery.FOLDER)
    return data.Folders(tmp_path, tmp_path, gallery.FOLDER)
