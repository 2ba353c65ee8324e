"""The exported `.keras` takes raw rows: in a fresh process, plain Keras gives the page's predictions for them."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from core import build, data, document, edits, exporting, gallery, importing, inspect, train, validate
from core.errors import ExportError
from core.events import Failed
from core.problems import repairs

pytestmark = pytest.mark.keras

TABLE = "size,kind,when,zip,far/off,y\n" + "".join(
    f"{'' if i % 7 == 0 else i * 37 % 101 / 4},{'' if i % 6 == 0 else ('röt', 'b c', 'x/y')[i * 5 % 3]},"
    f"202{i % 4}-0{1 + i % 9}-1{i % 8},{10000 + i % 4},{1e-9 * (i % 13)},{i * 7 % 90 / 2}\n"
    for i in range(90)
)
WORDS = "review,mood\n" + "".join(
    f'"{"GOOD! so" if i % 2 else "bad, Ölig"}\u00a0as word{i % 40} (it) was",{"ud"[i % 2]}\n' for i in range(90)
)
COLUMNS = {
    "size": {"missing": "mean", "scaling": "robust"},
    "kind": {"missing": "most_frequent"},
    "when": {"kind": "date", "parts": ["year", "day_of_week", "days"], "scaling": "min_max"},
    "zip": {"kind": "category", "encoding": "ordinal"},
}
CLASSES = {"loss": "SparseCategoricalCrossentropy"}
CASES = {
    "a table": ({"source": "csv", "path": "t.csv", "target": "y", "columns": COLUMNS}, [9], 1, {}),
    "a table to two inputs": (
        {
            "source": "csv",
            "path": "t.csv",
            "target": "y",
            "columns": {"kind": {"missing": "constant", "fill": "none"}, "size": {"scaling": "none"}},
            "features": ["size", "kind", "far/off"],
            "inputs": {"rows": ["kind", "size"], "more": ["far/off"]},
        },
        [5],
        1,
        {},
    ),
    "flowers": ({"source": "iris"}, [4], 3, CLASSES),
    "pictures": ({"source": "digits"}, [64], 10, CLASSES),
    "pictures, by the training part": ({"source": "digits", "scaling": "standard"}, [8, 8], 10, CLASSES),
    "points, each axis by itself": ({"source": "spiral", "scaling": "min_max"}, [2], 2, CLASSES),
    "windows of a table": (
        {
            "source": "csv",
            "path": "t.csv",
            "target": "y",
            "columns": {"size": {"missing": "mean"}, "kind": {"missing": "most_frequent"}, "zip": COLUMNS["zip"]},
            "features": ["size", "kind", "zip", "y"],
            "windows": {"length": 6, "horizon": 2},
        },
        [6, 6],
        1,
        {},
    ),
    "embedded columns": (
        {
            "source": "csv",
            "path": "t.csv",
            "target": "y",
            "features": ["size", "kind", "zip"],
            "columns": {
                "kind": {"encoding": "embedding", "missing": "most_frequent"},
                "zip": {"kind": "category", "encoding": "embedding"},
            },
        },
        [3],
        1,
        {},
    ),
    "windows with an embedded column": (
        {
            "source": "csv",
            "path": "t.csv",
            "target": "y",
            "features": ["size", "kind"],
            "columns": {"kind": {"encoding": "embedding"}},
            "windows": {"length": 6},
        },
        [6, 2],
        1,
        {},
    ),
    "texts": (
        {
            "source": "csv",
            "path": "words.csv",
            "target": "mood",
            "text": {"column": "review", "max_tokens": 30, "output_sequence_length": 5},
        },
        [5],
        2,
        CLASSES,
    ),
    "waves as they are": ({"source": "waves", "rows": 50}, [32, 1], 4, CLASSES),
}
ALONE = """
import json, sys
import keras, numpy as np, tensorflow as tf
for path in json.load(open(sys.argv[1])):
    model = keras.models.load_model(path + ".keras")
    rows = json.load(open(path + ".json"))
    if isinstance(rows, dict):
        given = {name: np.array(values, object) for name, values in rows.items()}
        texts = [name for name in given if any(isinstance(value, str) for value in given[name].ravel())]
        given |= {name: given[name].astype("float32") for name in given if name not in texts}
        given |= {name: tf.constant(rows[name]) for name in texts if given[name].ndim > 1}
        said = model.predict(given, verbose=0)
    else:
        said = model.predict(np.array(rows, "float32"), verbose=0)
    print(json.dumps(np.asarray(said).tolist()))
"""


class Nobody:
    """A control that says nothing."""

    def poll(self):
        return None


def project(source, shape, units, compiled):
    nodes = [
        {"id": "rows", "layer": "Input", "params": {"shape": shape}},
        {"id": "flat", "layer": "Flatten", "inputs": ["rows"]},
    ]
    last = "flat"
    if "inputs" in source:
        nodes += [
            {"id": "more", "layer": "Input", "params": {"shape": [1]}},
            {"id": "both", "layer": "Concatenate", "inputs": ["flat", "more"]},
        ]
        last = "both"
    nodes.append({"id": "answer", "layer": "Dense", "params": {"units": units}, "inputs": [last]})
    return document.from_dict(
        {
            "data": source,
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": compiled,
            "training": {"epochs": 1},
        }
    )


def embedded(wanted, folders):
    """With the layers that the repairs put in for columns that are to be embedded."""
    facts = data.describe(wanted.data, folders)
    return edits.applied(wanted, repairs(wanted, lambda one: validate.problems(one, facts)))


def raw_rows(ready):
    """The rows of the file, as somebody would give them who never heard of us."""
    features = ready.raw.table
    if features is None:
        return ready.raw.features.tolist()
    found = {}
    for column in ready.facts.columns:
        values = features[column.name]
        if column.kind == "date":
            parts = {"year": values.dt.year, "day_of_week": values.dt.day_of_week}
            parts["days"] = (values - pd.Timestamp(0)).dt.days
            found |= {f"{column.name}.{part}": parts[part].tolist() for part in column.parts}
        elif column.kind == "category":
            found[column.name] = ["" if pd.isna(value) else value for value in values]
        else:
            found[column.name] = [float(value) for value in values]
    if ready.raw.kind == "text":
        return {"review": features["review"].tolist()}
    if ready.raw.kind == "sequence":
        length, many = ready.raw.features.length, len(ready.raw)
        return {name: [values[i : i + length] for i in range(many)] for name, values in found.items()}
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Each case trained, exported, and asked in one fresh process."""
    home = tmp_path_factory.mktemp("raw")
    folders = data.Folders(home / "uploads", home / "datasets", home)
    (home / "t.csv").write_text(TABLE)
    (home / "words.csv").write_text(WORDS)
    paths, page = [], {}
    for case, given in CASES.items():
        wanted, path = embedded(project(*given), folders), home / case
        events = []
        train.run(wanted, data.load(wanted, folders), path, events.append, Nobody())
        assert not isinstance(events[-1], Failed), events[-1]
        ready = data.prepared(wanted.data, folders)
        whole = data.loading.shaping.inputs(wanted, ready.preparation, ready.preparation.apply(ready.raw.features))
        page[case] = inspect.trained.predictions(wanted, path, whole)[0]
        path.with_name(f"{case}.keras").write_bytes(exporting.export(wanted, "keras", run_folder=path, folders=folders))
        path.with_name(f"{case}.json").write_text(json.dumps(raw_rows(ready)))
        paths.append(str(path))
    (home / "paths").write_text(json.dumps(paths))
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(home / "paths")], capture_output=True, text=True, cwd=home, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    return page, dict(zip(CASES, map(np.array, said), strict=True)), home


@pytest.mark.parametrize("case", CASES)
def test_raw_rows_give_the_predictions_of_the_page(case, made):
    page, alone, _ = made
    np.testing.assert_allclose(alone[case], page[case], rtol=1e-3, atol=1e-4)
    assert np.ptp(alone[case]) > 1e-3  # not the same for every row


@pytest.mark.parametrize("case", CASES)
def test_what_was_exported_comes_in_again_with_its_weights(case, made, tmp_path):
    import keras

    from core.importing import weights

    *_, home = made
    content = (home / f"{case}.keras").read_bytes()
    found = importing.find(content, name="Mine")
    wanted = embedded(project(*CASES[case]), data.Folders(home / "uploads", home / "datasets", home))
    layers = sorted(node.layer for node in wanted.model.nodes)
    assert sorted(node.layer for node in found.project.model.nodes) == layers  # nothing of what prepares the rows
    assert found.project.name == "Mine"  # not "network"
    weights.write(content, found, importing.Limits(), tmp_path / "last.weights.h5")
    model = build.model(found.project)
    model.load_weights(tmp_path / "last.weights.h5")
    network = keras.models.load_model(home / case / "model.keras")
    for ours, theirs in zip(model.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_network_alone_is_the_file_of_the_run(made):
    *_, home = made
    wanted = project(*CASES["flowers"])
    content = exporting.export(wanted, "network", run_folder=home / "flowers")
    assert content == (home / "flowers" / "model.keras").read_bytes()
    assert content != (home / "flowers.keras").read_bytes()


def test_without_its_rows_the_sentence_names_the_way_out(made):
    *_, home = made
    folders = data.Folders(home, home, home / "elsewhere")
    with pytest.raises(ExportError, match=r"no longer be read.* There is no file t.csv.* 'network' needs no data"):
        exporting.export(project(*CASES["a table"]), "keras", run_folder=home / "a table", folders=folders)


def test_an_untrained_model_is_the_network_alone():
    assert exporting.export(gallery.load("logistic_regression"), "keras").startswith(b"PK")
