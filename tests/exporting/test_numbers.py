"""An exported script, run alone by a fresh Python, gives the numbers of the page."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from core import data, document, gallery
from core.events import Failed, Finished
from core.exporting import python

pytestmark = pytest.mark.keras

NAMED = ("dense_network", "custom_loss", "custom_loop")
CHANGES = {
    **{f"{name} {loop}": (name, {"loop": loop}, {}) for name in NAMED for loop in ("fit", "custom")},
    "several steps a call, fit": ("digits_dense", {}, {"steps_per_execution": 7}),
    "several steps a call, custom": ("digits_dense", {"loop": "custom"}, {"steps_per_execution": 7}),
    "XLA": ("digits_dense", {"loop": "custom"}, {"jit_compile": True}),
    "eager": ("custom_loop", {}, {"run_eagerly": True}),
    "a CSV file and a schedule": ("houses", {}, {}),
    "a penalty and a callback": ("diabetes", {"loop": "custom"}, {}),
    "a picture": ("digits_cnn", {}, {}),
    "points": ("spiral", {}, {}),
    "two metrics": ("breast_cancer", {"loop": "custom", "shuffle": False}, {}),
    "a part for testing, no dropout": ("wine", {}, {}),
}

RUNNER = """
import contextlib, io, json, runpy, sys
for path in sys.argv[1:]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(path, run_name="__main__")
    print(path, out.getvalue().strip().splitlines()[-1])
"""


class Nobody:
    """A control that says nothing."""

    def poll(self):
        return None

    def wait(self):
        raise AssertionError("nothing asked for a pause")


def changed(name, training, compiling):
    document_ = document.to_dict(gallery.load(name))
    document_["training"] |= {"epochs": 3, **training}
    document_["compile"] |= compiling
    if "rows" in document_["data"]:
        document_["data"]["rows"] = 300
    document_["model"]["nodes"] = [node for node in document_["model"]["nodes"] if node["layer"] != "Dropout"]
    known = {node["id"] for node in document_["model"]["nodes"]}
    for before, node in zip(document_["model"]["nodes"], document_["model"]["nodes"][1:], strict=False):
        node["inputs"] = node["inputs"] if set(node["inputs"]) <= known else [before["id"]]
    return document.from_dict(document_)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return data.Folders(home / "uploads", home / "datasets", home)


@pytest.fixture(scope="module")
def printed(folders, tmp_path_factory):
    """What the scripts of all cases print last; one process for all, for the import of TensorFlow is slow."""
    folder = tmp_path_factory.mktemp("scripts")
    paths = {}
    for case, change in CHANGES.items():
        project = changed(*change)
        paths[case] = folder / f"{case.replace(' ', '_').replace(',', '')}.py"
        paths[case].write_text(python.script(project, data.describe(project.data, folders)))
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *map(str, paths.values())], capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = dict(line.split(" ", 1) for line in done.stdout.strip().splitlines())
    return {case: json.loads(found[str(path)]) for case, path in paths.items()}


@pytest.mark.parametrize("case", CHANGES)
def test_the_script_gives_the_numbers_of_the_run(case, printed, folders, tmp_path):
    from core import train

    project = changed(*CHANGES[case])
    events = []
    train.run(project, data.load(project, folders), tmp_path, events.append, Nobody())
    last = events[-1]
    assert isinstance(last, Finished), last.details if isinstance(last, Failed) else last
    assert printed[case] == pytest.approx(last.metrics, rel=1e-3)
    assert printed[case]["loss"] > 0
