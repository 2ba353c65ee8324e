"""Questions are answered, whatever becomes of the process that answers."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core import data, document
from core.engine import Engine
from core.errors import DataError, EngineError, SpecError
from core.settings import load

pytestmark = pytest.mark.keras
ROOT = Path(__file__).parents[2]


def check(project):
    return {"ask": "check", "project": document.to_dict(project)}


def kernels(engine):
    """The kernels that are free, which is all of them between two questions."""
    pool = engine._kernels
    with pool._changed:
        assert pool._changed.wait_for(lambda: len(pool._free) == 2, 30)
        return list(pool._free)


def test_a_check_counts_what_keras_counts(engine, digits):
    answer = engine.ask(check(digits))
    assert answer["parameters"] == 64 * 128 + 128 + 128 * 10 + 10
    assert answer["problems"] == []
    assert answer["nodes"][-1]["output_shape"] == [None, 10]
    assert answer["facts"]["rows"] == 1797


def test_questions_of_several_pages_at_once_are_all_answered(engine, digits):
    answers = []
    askers = [threading.Thread(target=lambda: answers.append(engine.ask(check(digits), 60))) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)


def test_a_run_is_asked_about_where_it_is_known(engine, digits):
    """The kernel that read a run's rows answers about it again, though another one was busy last."""
    first, second = kernels(engine)
    first.about, second.about = "runs/a", "runs/b"
    pool = engine._kernels
    taken = [pool._take(0, 0, "runs/a"), pool._take(0, 0, "runs/a")]
    assert taken == [first, second]  # the other one, when it is not free
    for kernel in taken:
        pool._give_back(kernel)
    engine.ask(check(digits))
    assert {kernel.about for kernel in kernels(engine)} != {"runs/a", "runs/b"}  # a check is about no run


def test_data_is_shown(engine):
    answer = engine.ask({"ask": "preview", "data": {"source": "iris"}, "rows": 3})
    assert len(answer["preview"]["rows"]) == 3
    assert answer["facts"]["classes"] == 3


def test_the_columns_of_an_uploaded_table(engine):
    settings = engine.settings
    path = data.keep(b"height,weight\n1,2\n3,4\n", data.Folders(settings.uploads, settings.datasets))
    wanted = {"source": "csv", "path": path, "target": ""}
    assert engine.ask({"ask": "columns", "data": wanted}) == {
        "columns": ["height", "weight"],
        "sheets": [],
        "dates": [],
        "texts": [],
        "target": "weight",
    }


def test_the_project_as_python_is_the_one_that_exporting_writes(engine, digits):
    answer = engine.ask({**check(digits), "ask": "export", "format": "python"})
    script = base64.b64decode(answer["base64"]).decode()
    compile(script, "script.py", "exec")
    assert "keras" in script


def test_what_is_wrong_comes_back_as_the_same_error(engine):
    with pytest.raises(DataError, match="upload"):
        engine.ask({"ask": "describe", "data": {"source": "csv", "path": "upload:0", "target": "y"}})
    with pytest.raises(SpecError, match=r"data: .*source"):
        engine.ask({"ask": "describe", "data": {"source": "nonsense"}})
    with pytest.raises(EngineError, match="does not know 'riddle'"):
        engine.ask({"ask": "riddle"})


def test_another_folder_than_a_run_s_is_not_looked_into(engine, digits):
    with pytest.raises(EngineError, match="no run in this folder"):
        engine.ask({**check(digits), "ask": "examine", "folder": str(engine.settings.home / "runs" / ".." / "..")})


def test_a_kernel_that_hangs_is_given_up_and_replaced(engine, digits):
    stuck = [kernel.pid for kernel in kernels(engine)]
    for pid in stuck:
        os.kill(pid, signal.SIGSTOP)
    for _ in stuck:
        with pytest.raises(EngineError, match="worked on this for 1 s without an end"):
            engine.ask(check(digits), timeout=1)
    assert engine.ask(check(digits), 60)["parameters"] > 0
    assert not {kernel.pid for kernel in kernels(engine)} & set(stuck)


def test_a_kernel_that_dies_of_a_question_is_a_sentence(engine, digits):
    asked = kernels(engine)[-1]  # the pool takes the one that came back last
    os.kill(asked.pid, signal.SIGSTOP)
    killer = threading.Timer(0.5, os.kill, (asked.pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(EngineError, match="died, probably for lack of memory"):
        engine.ask(check(digits), 60)
    killer.join()
    assert engine.ask(check(digits), 60)["parameters"] > 0


def test_a_kernel_that_died_idle_is_not_noticed(engine, digits):
    for kernel in kernels(engine):
        os.kill(kernel.pid, signal.SIGKILL)
        while kernel.is_there:
            pass
    assert engine.ask(check(digits), 60)["parameters"] > 0


def test_a_model_too_large_for_any_computer_is_checked_all_the_same(engine, digits):
    nodes = tuple(
        node.model_copy(update={"params": {**node.params, "units": 10**6}}) if node.id == "dense_1" else node
        for node in digits.model.nodes
    )
    huge = digits.model_copy(update={"model": digits.model.model_copy(update={"nodes": nodes})})
    assert engine.ask(check(huge))["parameters"] == 65 * 10**6 + 10**7 + 10


def test_before_it_is_warm_the_engine_says_so(tmp_path, digits):
    engine = Engine(load({"EAGERLY_HOME": str(tmp_path)}))
    assert not engine.is_warm
    assert engine.expected_seconds > 0
    with pytest.raises(EngineError, match="still starting"):
        engine.ask(check(digits), timeout=0.1)


def test_an_engine_that_cannot_start_says_why(tmp_path, digits, monkeypatch):
    (tmp_path / "tensorflow.py").write_text("raise ImportError('libcuda is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    engine = Engine(load({"EAGERLY_HOME": str(tmp_path)}))
    engine.start()
    with pytest.raises(EngineError, match="could not be started: ImportError: libcuda is broken"):
        engine.wait_warm(60)
    with pytest.raises(EngineError, match="libcuda is broken"):
        engine.launch("a run")
    engine.stop()


def test_the_server_s_modules_do_not_load_keras():
    code = (
        "import sys, core.engine, core.runner.local, core.progress, core.store\n"
        "print(sorted({'keras', 'tensorflow', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
