"""An exported script, run alone by a fresh Python, gives the numbers of the page."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from core import data, document, gallery
from core.events import Failed, Finished
from core.exporting import python

pytestmark = pytest.mark.keras

NAMED = ("dense_network", "custom_loss", "custom_loop")
TWO_OUTPUTS = {
    "data": {"source": "digits", "targets": {"rebuilt": ["features"]}},
    "model": {
        "nodes": [
            {"id": "pixels", "layer": "Input", "params": {"shape": [64]}},
            {
                "id": "code",
                "layer": "Dense",
                "params": {"units": 8, "kernel_initializer": "he_normal"},
                "inputs": ["pixels"],
            },
            {"id": "again", "layer": "Dense", "params": {"units": 8, "activation": "tanh"}, "inputs": ["code"]},
            {"id": "twice", "layer": "Dense", "shared_with": "again", "inputs": ["again"]},
            {"id": "add_1", "layer": "Add", "inputs": ["code", "twice"]},
            {"id": "drop_1", "layer": "Dropout", "params": {"rate": 0.2}, "inputs": ["add_1"]},
            {"id": "digit", "layer": "Dense", "params": {"units": 10, "activation": "softmax"}, "inputs": ["drop_1"]},
            {"id": "rebuilt", "layer": "Dense", "params": {"units": 64}, "inputs": ["add_1"]},
        ],
        "outputs": ["digit", "rebuilt"],
    },
    "compile": {
        "loss": {"digit": {"name": "CategoricalCrossentropy"}, "rebuilt": {"name": "MeanAbsoluteError"}},
        "loss_weights": {"rebuilt": 3.0},
        "metrics": {"digit": [{"name": "CategoricalAccuracy"}]},
    },
}
CHANGES = {
    **{f"{name} {loop}": (name, {"training": {"loop": loop}}) for name in NAMED for loop in ("fit", "custom")},
    "several steps a call, fit": ("digits_dense", {"compile": {"steps_per_execution": 7}}),
    "several steps a call, custom": (
        "digits_dense",
        {"training": {"loop": "custom"}, "compile": {"steps_per_execution": 7, "jit_compile": True}},
    ),
    "eager, in order": ("custom_loop", {"training": {"shuffle": False}, "compile": {"run_eagerly": True}}),
    "a CSV file and a schedule": ("houses", {}),
    "a table out of a package": (
        "wine",
        {
            "data": {"source": "csv", "path": "package:penguins", "target": "species"},
            "model": {
                "nodes": [
                    {"id": "rows", "layer": "Input", "params": {"shape": [10]}},
                    {
                        "id": "kind",
                        "layer": "Dense",
                        "params": {"units": 3, "activation": "softmax"},
                        "inputs": ["rows"],
                    },
                ],
                "outputs": ["kind"],
            },
        },
    ),
    "a penalty and a callback": ("diabetes", {"training": {"loop": "custom"}}),
    "dropout and a part for testing": ("wine", {}),
    **{
        f"weights of rows and classes, {loop}": (
            "wine",
            {"training": {"loop": loop}, "data": {"class_weight": "balanced", "scaling": "robust", "split": "time"}},
        )
        for loop in ("fit", "custom")
    },
    "two outputs, fit": ("digits_dense", TWO_OUTPUTS),
    "two outputs, custom": ("digits_dense", {**TWO_OUTPUTS, "training": {"loop": "custom"}}),
}
IMPORTED = {
    "imported weights": ("digits_dense", {"training": {"initial_weights": 64 * "0"}}),
    "imported weights, two outputs": ("digits_dense", {**TWO_OUTPUTS, "training": {"initial_weights": 64 * "0"}}),
}
CHANGES |= IMPORTED

RUNNER = """
import contextlib, io, json, os, pathlib, runpy, sys
for path in sys.argv[1:]:
    os.chdir(pathlib.Path(path).parent)
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


def changed(name, sections):
    whole = document.to_dict(gallery.load(name))
    whole["training"]["epochs"] = 3
    for section, values in sections.items():
        whole[section] = whole[section] | values
    if "rows" in whole["data"]:
        whole["data"]["rows"] = 300
    return document.from_dict(whole)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return data.Folders(home / "uploads", home / "datasets", home)


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Of each case that begins with imported weights, the file with them: not those that its seed gives."""
    import keras

    from core import build

    files = {}
    for case in IMPORTED:
        keras.utils.set_random_seed(77)
        files[case] = tmp_path_factory.mktemp("weights") / python.INITIAL_WEIGHTS
        build.model(changed(*CHANGES[case])).save_weights(files[case])
    return files


@pytest.fixture(scope="module")
def printed(folders, begun, tmp_path_factory):
    """What the scripts of all cases print last; one process for all, for the import of TensorFlow is slow."""
    paths = {}
    for case, change in CHANGES.items():
        project = changed(*change)
        paths[case] = tmp_path_factory.mktemp("script") / "script.py"
        if case in begun:
            shutil.copy(begun[case], paths[case].parent)
        paths[case].write_text(python.script(project, data.describe(project.data, folders)))
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *map(str, paths.values())], capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = dict(line.split(" ", 1) for line in done.stdout.strip().splitlines())
    return {case: json.loads(found[str(path)]) for case, path in paths.items()}


@pytest.mark.parametrize("case", CHANGES)
def test_the_script_gives_the_numbers_of_the_run(case, printed, begun, folders, tmp_path):
    from core import train

    project = changed(*CHANGES[case])
    if case in begun:
        shutil.copy(begun[case], tmp_path)
    events = []
    train.run(project, data.load(project, folders), tmp_path, events.append, Nobody())
    last = events[-1]
    assert isinstance(last, Finished), last.details if isinstance(last, Failed) else last
    assert {"loss", "val_loss"} <= set(printed[case])
    assert printed[case] == pytest.approx({name: last.metrics[name] for name in printed[case]}, rel=1e-3)
    if project.training.loop == "fit":
        assert set(printed[case]) == set(last.metrics)


def test_imported_weights_are_those_that_the_script_begins_with(printed):
    assert printed["imported weights, two outputs"] != printed["two outputs, fit"]
