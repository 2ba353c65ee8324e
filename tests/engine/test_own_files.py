"""Every kind of file that a user may give is read in a jailed kernel, where no other file can be."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from PIL import Image

from core.data import Folders, find, keep, kind
from core.engine.questions import Answers
from core.errors import DataError
from core.settings import load

FRAME = pd.DataFrame({"a": range(60), "kind": list("abc") * 20, "y": [i % 2 for i in range(60)]})


def written(write):
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def pictures(file):
    with zipfile.ZipFile(file, "w") as archive:
        for i in range(20):
            picture = Image.new("RGB", (9, 9), (i, 0, 0))
            content = written(lambda one, i=i, picture=picture: picture.save(one, "JPEG" if i % 2 else "PNG"))
            archive.writestr(f"all/{i}.png", content)
        archive.writestr("labels.csv", "file,label\n" + "".join(f"{i}.png,{i % 2}\n" for i in range(20)))


FILES = {
    "csv": lambda file: FRAME.to_csv(file, index=False),
    "excel": lambda file: FRAME.to_excel(file, index=False),
    "parquet": FRAME.to_parquet,
    "json_lines": lambda file: FRAME.to_json(file, orient="records", lines=True),
    "images": pictures,
}


@pytest.mark.parametrize("source", FILES)
def test_a_kernel_reads_it(source, engine):
    settings = engine.settings
    content = written(FILES[source])
    path = keep(content, Folders(settings.uploads, settings.datasets))
    assert kind(content) == source
    data = {"source": source, "path": path, **({"target": "y"} if source != "images" else {})}
    facts = engine.ask({"ask": "describe", "data": data})
    assert facts["classes"] == 2
    assert facts["rows"] == (20 if source == "images" else 60)
    if source != "images":
        assert engine.ask({"ask": "columns", "data": data})["columns"] == ["a", "kind", "y"]


def test_a_table_is_read_once_whatever_is_asked_and_chosen(tmp_path):
    settings = load({"EAGERLY_HOME": str(tmp_path)})
    folders, kernel = Folders.of(settings), Answers(settings)
    data = {"source": "csv", "path": keep(written(FILES["csv"]), folders), "target": "y"}
    kernel.to({"ask": "columns", "data": data})
    first = kernel.to({"ask": "describe", "data": data})
    chosen = kernel.to({"ask": "describe", "data": {**data, "target": "a", "features": ["kind"]}})
    file = find(data["path"], folders)
    content = file.read_bytes()
    file.write_bytes(b"gone")
    assert kernel.to({"ask": "profile", "data": data})["profile"]["rows"] == 60
    assert chosen["target_name"] == "a"
    assert kernel.to({"ask": "describe", "data": data}) == first, "what was chosen in between changed nothing"
    with pytest.raises(DataError, match=r"gone|column"):
        Answers(settings).to({"ask": "profile", "data": {**data, "features": ["a"]}})
    other = {**data, "path": keep(content.replace(b"kind", b"sort"), folders)}
    assert "sort" in kernel.to({"ask": "columns", "data": other})["columns"]
