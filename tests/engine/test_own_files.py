"""Every kind of file that a user may give is read in a jailed kernel, where no other file can be."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from PIL import Image

from core.data import Folders, forget, keep, kind
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


def test_the_rows_are_read_once_for_their_facts_and_their_profile(tmp_path):
    settings = load({"EAGERLY_HOME": str(tmp_path)})
    folders, kernel = Folders.of(settings), Answers(settings)
    data = {"source": "csv", "path": keep(written(FILES["csv"]), folders), "target": "y"}
    kernel.to({"ask": "describe", "data": data})
    forget(data["path"], folders)
    assert kernel.to({"ask": "profile", "data": data})["profile"]["rows"] == 60
    with pytest.raises(DataError, match="no longer on this server"):
        kernel.to({"ask": "profile", "data": {**data, "seed": 2}})
