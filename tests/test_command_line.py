"""The command line: JSON and nothing else on stdout, exit codes that mean something, never a traceback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import document, gallery
from core.gallery import FOLDER

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "core"]


def run(*arguments, cwd=ROOT, **options):
    done = subprocess.run([*COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, timeout=300, **options)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, [json.loads(line, parse_constant=refuse) for line in done.stdout.splitlines()], done.stderr


def refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


@pytest.fixture
def environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("EAGERLY_HOME", str(tmp_path / "home"))


@pytest.fixture
def broken(tmp_path):
    whole = document.to_dict(gallery.load())
    whole["model"]["nodes"][1]["params"]["units"] = -1
    whole["compile"]["loss"] = {"name": "MeanSquaredEror", "params": {}}
    (tmp_path / "broken.json").write_text(json.dumps(whole))
    return tmp_path / "broken.json"


def test_the_catalog_is_one_list_with_everything():
    code, [found], _ = run("catalog")
    assert code == 0
    assert {"layer", "optimizer", "loss", "metric", "callback", "dataset"} <= {entry["kind"] for entry in found}
    assert all({"name", "parameters", "help"} <= set(entry) for entry in found)
    dense = next(entry for entry in found if entry["name"] == "Dense")
    assert {"name": "units", "required": True}.items() <= dense["parameters"][0].items()


def test_the_catalog_can_be_asked_for_one_kind():
    code, [found], _ = run("catalog", "datasets")
    assert code == 0
    assert {"digits", "random", "csv", "mnist"} <= {entry["name"] for entry in found}
    assert "layer" not in {entry["kind"] for entry in found}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], b"usage"),
        (["dance"], b"invalid choice"),
        (["export", "nothere.json", "--to", "python", "-o", "x.py"], b"nothere.json could not be read"),
        (["export", FOLDER / "wine.json", "--to", "exe", "-o", "x"], b"There is no format 'exe'"),
        (["export", FOLDER / "wine.json", "--to", "project", "-o", "/nothere/x"], b"/nothere/x: No such file"),
        (["import", FOLDER / "houses.csv"], b"This is no JSON"),
        (["import", "nothere"], b"nothere: No such file"),
        (["train", FOLDER / "wine.json", "--set", "training.epochs=x"], b"training.epochs: needed a valid integer"),
        (["train", FOLDER / "wine.json", "--set", "training.epochs"], b"needs a path and a value"),
        (["train", FOLDER / "houses.csv"], b"This is no JSON"),
    ],
)
def test_a_mistake_is_a_sentence_on_stderr(arguments, words, environment, tmp_path):
    code, lines, errors = run(*arguments, cwd=tmp_path)
    assert (code, lines) == (2, [])
    assert words in errors


def test_export_and_import_give_the_project_back(environment, tmp_path):
    code, [answer], _ = run("export", FOLDER / "wine.json", "--to", "project", "-o", "wine.json", cwd=tmp_path)
    content = (tmp_path / "wine.json").read_bytes()
    assert (code, answer) == (0, {"file": "wine.json", "bytes": len(content)})
    code, [printed], _ = run("import", "wine.json", "-o", "copy.json", cwd=tmp_path)
    assert code == 0
    assert document.from_dict(printed) == gallery.load("wine") == document.load((tmp_path / "copy.json").read_text())


def test_a_script_is_exported_without_keras(environment, tmp_path):
    code, [answer], _ = run("export", FOLDER / "houses.json", "--to", "python", "-o", "houses.py", cwd=tmp_path)
    text = (tmp_path / "houses.py").read_text()
    assert (code, answer["bytes"]) == (0, len(text.encode()))
    assert "pd.read_csv(" in text


def test_nobody_reads_any_more():
    running = subprocess.Popen([*COMMAND, "catalog"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.close()
    assert running.wait(60) == 1
    assert running.stderr.read() == b""


@pytest.mark.keras
def test_check_says_a_line_for_each_file_and_all_problems_at_once(environment, broken, tmp_path):
    (tmp_path / "nothing.json").write_text("{")
    houses = (FOLDER / "houses.json").read_text()
    (tmp_path / "astray.json").write_text(houses)  # its CSV file is not beside it
    files = [
        FOLDER / "houses.json",
        broken,
        tmp_path / "nothing.json",
        tmp_path / "nothere.json",
        tmp_path / "astray.json",
    ]
    code, found, _ = run("check", *files, cwd=tmp_path)
    assert code == 2
    assert [report["file"] for report in found] == [str(file) for file in files]
    assert [report["ok"] for report in found] == [True, False, False, False, False]
    good, bad, nothing, nothere, astray = found
    assert (good["parameters"], good["trainable_parameters"], good["problems"]) == (353, 353, [])
    assert good["nodes"][1]["output_shape"] == [None, 32]
    assert {("dense_1", "units"), (None, "compile.loss")} <= {(item["node"], item["field"]) for item in bad["problems"]}
    assert "This is no JSON" in nothing["problems"][0]["message"]
    assert "could not be read" in nothere["problems"][0]["message"]
    assert {(item["node"], item["field"]) for item in astray["problems"]} == {(None, "data")}
    assert "There is no file houses.csv" in astray["problems"][0]["message"]


@pytest.mark.keras
def test_train_says_events_and_leaves_a_folder_that_can_be_exported(environment, tmp_path):
    code, events, _ = run("train", FOLDER / "houses.json", "--set", "training.epochs=2", "--out", "run", cwd=tmp_path)
    assert code == 0
    assert events[0]["event"] == "started"
    losses = [loss for event in events if event["event"] == "steps" for loss in event["loss"]]
    epochs = [event for event in events if event["event"] == "epoch"]
    assert [event["epoch"] for event in epochs] == [0, 1]
    assert {"loss", "val_loss"} <= set(epochs[0]["metrics"])
    assert events[-1]["event"] == "finished"
    assert events[-1]["steps"] == len(losses) == 20
    journal = [json.loads(line) for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines()]
    assert journal == events
    for name in ("python", "keras", "network"):  # the run's folder knows where its CSV file is
        code, [answer], _ = run("export", "run", "--to", name, "-o", f"model.{name}", cwd=tmp_path)
        assert (code, answer["bytes"]) == (0, (tmp_path / f"model.{name}").stat().st_size)
    assert (tmp_path / "model.network").read_bytes() == (tmp_path / "run" / "model.keras").read_bytes()
    assert (tmp_path / "model.keras").read_bytes() != (tmp_path / "run" / "model.keras").read_bytes()  # takes raw rows


@pytest.mark.keras
def test_a_project_with_problems_is_not_trained(environment, broken, tmp_path):
    code, lines, errors = run("train", broken, "--out", tmp_path / "run")
    assert (code, lines) == (2, [])
    assert b"dense_1.units: " in errors
    assert b"compile.loss: " in errors
    assert not (tmp_path / "run").exists()


@pytest.mark.keras
def test_ctrl_c_ends_a_run_in_order(environment, tmp_path):
    file = FOLDER / "digits_dense.json"
    command = [*COMMAND, "train", str(file), "--set", "training.epochs=100000", "--out", str(tmp_path / "run")]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while json.loads(running.stdout.readline())["event"] != "epoch":
        pass
    running.send_signal(signal.SIGINT)
    out, errors = running.communicate(timeout=60)
    last = json.loads(out.splitlines()[-1])
    assert (last["event"], last["stopped"]) == ("finished", True)
    assert running.returncode == 0
    assert b"Stopping after this step" in errors
    assert b"Traceback" not in errors
    assert (tmp_path / "run" / "model.keras").is_file()
