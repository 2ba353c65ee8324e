"""The rows that were asked about last stay; others take their place, and a file that was written anew is read anew."""

from __future__ import annotations

import os

from core.data import Folders, find, keep, recent
from core.spec import Augmentation, BundledData, CsvData, Project


def test_a_question_about_the_same_rows_finds_them_read(tmp_path):
    folders = Folders(tmp_path, tmp_path)
    data = BundledData(source="digits")
    first = recent.prepared(data, folders)
    changed = data.model_copy(update={"augmentation": Augmentation(rotation=0.1)})
    assert recent.prepared(changed, folders) is first, "augmentation changes pictures while training, not the rows"
    other = recent.prepared(data.model_copy(update={"seed": 7}), folders)
    assert list(other.split.train[:9]) != list(first.split.train[:9])
    assert recent.prepared(data, folders) is not first, "only the last rows are kept"


def test_a_file_that_was_written_anew_is_read_anew(tmp_path):
    folders = Folders(tmp_path / "uploads", tmp_path / "datasets")
    path = keep(b"a,y\n" + b"1,2\n3,4\n" * 20, folders)
    project = Project(data=CsvData(source="csv", path=path, target="y"))
    assert recent.prepared(project.data, folders).raw.features["a"].max() == 3
    file = find(path, folders)
    file.write_bytes(b"a,y\n" + b"5,2\n6,4\n" * 20)
    os.utime(file, ns=(1, 1))
    assert recent.prepared(project.data, folders).raw.features["a"].max() == 6
