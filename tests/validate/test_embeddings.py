"""A column that is to be embedded gets an Input and an Embedding by one repair, and its numbers are learned."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from core import data, document, edits, validate
from core.exporting import python

ROWS = "size,kind,place,y\n" + "".join(
    f"{i % 7},{'abc'[i % 3]},{'' if i % 9 == 0 else 'pq'[i % 2]},{(i * 2) % 3 + i % 7 / 9}\n" for i in range(120)
)
BOTH = {"kind": {"encoding": "embedding"}, "place": {"encoding": "embedding", "missing": "most_frequent"}}


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "t.csv").write_text(ROWS)
    return data.Folders(tmp_path / "uploads", tmp_path / "datasets", tmp_path)


def project(columns, shape, features=None, **training):
    rows = {"source": "csv", "path": "t.csv", "target": "y", "columns": columns, "features": features}
    nodes = [
        {"id": "rows", "layer": "Input", "params": {"shape": [shape]}},
        {"id": "hidden", "layer": "Dense", "params": {"units": 8, "activation": "relu"}, "inputs": ["rows"]},
        {"id": "answer", "layer": "Dense", "params": {"units": 1}, "inputs": ["hidden"]},
    ]
    return document.from_dict(
        {"data": rows, "model": {"nodes": nodes, "outputs": ["answer"]}, "training": {"epochs": 2, **training}}
    )


def problems(wanted, folders):
    return validate.problems(wanted, data.describe(wanted.data, folders))


def repaired(wanted, folders):
    return validate.with_embeddings(wanted, data.describe(wanted.data, folders))


def layers(wanted):
    return [(node.layer, node.params, len(node.inputs)) for node in wanted.model.nodes]


def test_a_button_for_each_column_puts_its_layers_in(folders):
    wanted = project(BOTH, 3)
    assert [one.field for one in problems(wanted, folders)] == [
        "data.columns.kind.encoding",
        "data.columns.place.encoding",
    ]
    done = repaired(wanted, folders)
    assert not problems(done, folders)
    assert done.data.inputs == {"rows": ["size"], "input_1": ["kind"], "input_2": ["place"]}
    nodes = {node.id: node for node in done.model.nodes}
    assert nodes["rows"].params["shape"] == [1]
    assert nodes["embedding_1"].params == {"input_dim": 4, "output_dim": 2}  # a, b, c and none of them
    assert [node.layer for node in done.model.nodes].count("Concatenate") == 1, "both columns join in one place"
    assert nodes["concatenate_1"].inputs == ("rows", "flatten_1", "flatten_2")
    assert nodes["hidden"].inputs == ("concatenate_1",)
    assert not problems(project({"kind": {"encoding": "ordinal"}}, 4), folders)


def test_a_column_that_stands_alone_keeps_its_input(folders):
    done = repaired(project({"kind": BOTH["kind"]}, 1, ["kind"]), folders)
    assert [node.layer for node in done.model.nodes] == ["Input", "Embedding", "Flatten", "Dense", "Dense"]
    assert done.data.inputs is None


def test_an_embedding_of_too_few_codes_is_made_larger(folders):
    done = repaired(project(BOTH, 3), folders)
    small = edits.apply(done, edits.SetParam(node="embedding_1", name="input_dim", value=3))
    found = problems(small, folders)
    assert [(one.node, one.field) for one in found] == [("embedding_1", "input_dim")]
    assert "'kind' has codes from 0 to 3" in found[0].message
    assert edits.applied(small, found[0].fix.edits) == done


@pytest.mark.parametrize("columns", [BOTH, {"kind": BOTH["kind"]}])
def test_a_column_that_is_embedded_no_more_has_a_button_that_takes_its_layers_out(columns, folders):
    """As it was before, whatever else is embedded; the shape of its Input is not called the fault."""
    done = repaired(project(columns, 3), folders)
    others = {name: choice for name, choice in columns.items() if name != "kind"}
    back = edits.apply(done, edits.Set(path="data.columns", value=others or None))
    (found,) = problems(back, folders)
    assert (found.node, found.field) == ("embedding_1", "data.columns.kind.encoding")
    assert "is encoded as one_hot, which is 3 numbers" in found.message
    assert edits.applied(back, found.others[0].edits) == done
    out = edits.applied(back, found.fix.edits)
    assert not problems(out, folders)
    never = repaired(project(others or None, 6 - len(others)), folders)
    assert layers(out) == layers(never)
    assert list((out.data.inputs or {}).values()) == list((never.data.inputs or {}).values())
    ordinal = edits.apply(done, edits.Set(path="data.columns", value={**others, "kind": {"encoding": "ordinal"}}))
    assert not problems(ordinal, folders), "an Embedding takes any codes"


def test_where_the_layers_were_changed_only_the_embedding_goes(folders):
    alone = repaired(project({"kind": BOTH["kind"]}, 1, ["kind"]), folders)
    own = edits.apply(
        repaired(project({"kind": BOTH["kind"]}, 3), folders), edits.Add(layer="Dense", after="flatten_1")
    )
    for wanted in (alone, own):
        wanted = edits.apply(wanted, edits.Set(path="data.columns", value=None))
        found = [one for one in problems(wanted, folders) if one.node and one.field == "data.columns.kind.encoding"]
        out = edits.applied(wanted, found[0].fix.edits)
        assert not problems(out, folders)
        assert not {"Embedding", "Flatten"} & {node.layer for node in out.model.nodes}
        assert [3] in [node.params.get("shape") for node in out.model.nodes]


@pytest.mark.keras
def test_its_script_gives_the_numbers_of_the_page(folders, tmp_path):
    from core import train
    from core.events import Finished

    class Nobody:
        def poll(self):
            return None

    wanted = repaired(project(BOTH, 3), folders)
    events = []
    train.run(wanted, data.load(wanted, folders), tmp_path / "run", events.append, Nobody())
    assert isinstance(events[-1], Finished), events[-1]
    (tmp_path / "script.py").write_text(python.script(wanted, data.describe(wanted.data, folders)))
    done = subprocess.run([sys.executable, "script.py"], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    numbers = json.loads(done.stdout.strip().splitlines()[-1])
    assert numbers["val_loss"] == pytest.approx(events[-1].metrics["val_loss"], rel=1e-4)
    import h5py

    with h5py.File(tmp_path / "run" / "last.weights.h5") as file:
        learned = np.array(file["layers/embedding/vars/0"])
    assert (learned.shape, np.ptp(learned[1:]) > 0.01) == ((4, 2), True)


def test_dates_and_windows_may_share_their_columns_among_inputs(folders, tmp_path):
    lines = ROWS.splitlines()
    dated = "\n".join([f"when,{lines[0]}", *(f"2026-01-{1 + i % 28:02},{line}" for i, line in enumerate(lines[1:]))])
    (tmp_path / "t.csv").write_text(dated)
    wanted = project({"kind": BOTH["kind"], "when": {"kind": "date"}}, 5, ["when", "kind"])
    done = repaired(wanted, folders)
    assert not problems(done, folders), "the parts of a date belong to its column"
    assert done.model.nodes[0].params["shape"] == [4]
    windows = project({"kind": BOTH["kind"]}, 2, ["size", "kind"])
    windows = edits.apply(windows, edits.Set(path="data.windows", value={"length": 6}))
    windows = edits.apply(windows, edits.SetParam(node="rows", name="shape", value=[6, 2]))
    done = repaired(windows, folders)
    assert not problems(done, folders)
    assert {node.id: node.params.get("shape") for node in done.model.nodes if node.layer == "Input"} == {
        "rows": [6, 1],
        "input_1": [6, 1],
    }
