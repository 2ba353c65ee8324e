"""Every bad file gets one sentence that says what, where and what to do; it costs little memory and leaves nothing."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from core import edits
from core.build import check
from core.data import Folders, describe, load
from core.errors import DataError
from core.spec import DataSpec, Project
from tests.data.bad_files import FILES

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 300
_DATA = TypeAdapter(DataSpec)


def test_there_are_at_least_sixty():
    assert len(FILES) >= 60


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_named_in_one_sentence(name, folders):
    bad = FILES[name]
    (folders.files / "bad").write_bytes(bad.content)
    data = _DATA.validate_python({"source": bad.source, "path": "bad", "target": bad.target, **bad.fields})
    before = sorted(folders.files.rglob("*"))
    if bad.is_taken:
        facts = describe(data, folders)
        assert any(_has(bad.sentence, note) for note in facts.notes) or not bad.sentence, facts.notes
        shaped = Project.model_validate({"data": data.model_dump(), "model": _model(facts), "compile": _loss(facts)})
        assert len(load(shaped, folders).train)
    else:
        with pytest.raises(DataError, match=bad.sentence) as caught:
            describe(data, folders)
        said = str(caught.value)
        assert said.endswith((".", "]")), said
        assert not {"Traceback", "Error:", "/tmp", "0x"} & set(said.split())
        assert len(said) < 500
        _mended(caught.value, bad)
    assert sorted(folders.files.rglob("*")) == before


def _has(pattern, text):
    return re.search(pattern, text) is not None


def _mended(error, bad):
    """The button is there, and what it does is an edit that the project takes."""
    problem = check.data_problem(error)
    assert (problem.fix.label if problem.fix else None) == bad.repair
    assert problem.field.startswith("data")
    if problem.fix:
        data = {"source": bad.source, "path": "bad", "target": bad.target, **bad.fields}
        edits.applied(Project.model_validate({"data": data}), problem.fix.edits)


def _model(facts):
    nodes = [
        {"id": "rows", "layer": "Input", "params": {"shape": list(facts.feature_shape)}},
        {"id": "answer", "layer": "Dense", "params": {"units": facts.classes or 1}, "inputs": ["rows"]},
    ]
    return {"nodes": nodes, "outputs": ["answer"]}


def _loss(facts):
    return {"loss": "SparseCategoricalCrossentropy" if facts.classes else "MeanSquaredError"}


def read_all(folder):
    """In a process of its own: each file read once; says how much memory that took at the most."""
    folder = Path(folder)
    folders = Folders(folder / "uploads", folder / "datasets", folder)
    before = _peak()
    for name, bad in FILES.items():
        path = folder / name.replace("/", "_")
        data = _DATA.validate_python({"source": bad.source, "path": path.name, "target": bad.target, **bad.fields})
        with contextlib.suppress(DataError):
            describe(data, folders)
    sys.stdout.write(json.dumps(_peak() - before))


def _peak():
    """The most memory that this process ever had, in megabytes; `ru_maxrss` would count its parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000


def test_no_bad_file_takes_much_memory(tmp_path):
    for name, bad in FILES.items():
        (tmp_path / name.replace("/", "_")).write_bytes(bad.content)
    code = "import sys; from tests.data.test_bad_files import read_all; read_all(sys.argv[1])"
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) < MOST_MEGABYTES
