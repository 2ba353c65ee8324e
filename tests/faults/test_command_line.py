"""Wrong files and wrong arguments on the command line: one sentence, the right exit code, little memory."""

from __future__ import annotations

import itertools
import json

import pytest

from core import document, gallery
from core.gallery import FOLDER

pytestmark = pytest.mark.keras

WINE = FOLDER / "wine.json"
SET = ("train", WINE, "--set")

ARGUMENTS = [
    ((), "usage"),
    (("dance",), "invalid choice: 'dance'"),
    (("--version",), "usage"),
    (("catalog", "dogs"), "invalid choice: 'dogs'"),
    (("check",), "required: PROJECT.json"),
    (("train",), "required: PROJECT.json"),
    (("train", "."), ". could not be read: Is a directory."),
    (("train", "nothere.json"), "nothere.json could not be read: No such file or directory."),
    ((*SET, "training.epochs"), "--set needs a path and a value"),
    ((*SET, "=3"), "--set needs a path and a value"),
    ((*SET, "..=3"), "needed a path that begins with one of name, description, data, compile, training"),
    ((*SET, "model.nodes=3"), "needed a path that begins with one of"),
    ((*SET, "training.epochs=0"), "training.epochs: needed greater than or equal to 1; got 0."),
    ((*SET, "training.epochs=NaN"), "Input should be a finite number"),
    ((*SET, "training.epochs=" + "[" * 5000), "training.epochs: needed"),
    ((*SET, "training.batch_size=9999"), "there are 124 rows to train on, got 9,999. Set it to 32 or so."),
    ((*SET, "training.epochs=1", "--out", WINE), "wine.json: File exists."),
    ((*SET, "training.epochs=1", "--out", WINE / "x"), "Not a directory."),
    (("export", WINE), "required: --to, -o/--output"),
    (("export", WINE, "--to", "exe", "-o", "x"), "There is no format 'exe'"),
    (("export", ".", "--to", "python", "-o", "x"), "project.json could not be read"),
    (("export", "nothere.json", "--to", "python", "-o", "x"), "nothere.json could not be read"),
    (("export", WINE, "--to", "project", "-o", "."), ".: Is a directory."),
    (("export", WINE, "--to", "project", "-o", "/nothere/x"), "/nothere/x: No such file or directory."),
    (("import", "nothere"), "nothere: No such file or directory."),
    (("import", "."), "This is a folder."),
    (("import", "/dev/null"), "This file is empty."),
    (("import", FOLDER / "houses.csv"), "This is no JSON"),
    (("import", WINE, "-o", "/nothere/x"), "/nothere/x: No such file or directory."),
]


@pytest.mark.parametrize(("arguments", "words"), ARGUMENTS)
def test_wrong_arguments(command, arguments, words):
    code, lines, errors = command(*arguments)
    assert (code, lines) == (2, [])
    assert words in errors


def digits(change):
    """The digits project with a change, as a file's text."""
    project = document.to_dict(gallery.load())
    change(project)
    return json.dumps(project)


def with_data(**data):
    return digits(lambda project: project.update(data=data))


def with_layer(index, **params):
    return digits(lambda project: project["model"]["nodes"][index]["params"].update(params))


def with_formula(*lines):
    source = "\n    ".join(["def loss(y_true, y_pred):", *lines])
    return digits(lambda project: project["compile"].update(loss={"name": "custom", "source": source}))


def with_training(**training):
    return digits(lambda project: project["training"].update(training))


FILES = {
    "empty": ("", "This is no JSON: expecting value at line 1, column 1."),
    "binary": (bytes(range(256)), "A project file is UTF-8 text; this file is not."),
    "list": ("[]", "A project file is a JSON object in braces; this one is"),
    "nan": ('{"version": NaN}', "NaN is no JSON number."),
    "digits": ('{"version": ' + "9" * 5000 + "}", "This JSON cannot be read"),
    "twice": ('{"name": "a", "name": "b"}', "this name stands twice in one object."),
    "deep": ("[" * 100_000, "nests at most 64 brackets deep; this one nests 100000"),
    "large": (" " * 2_000_001, "has at most 2,000,000 bytes"),
    "newer": ('{"version": 99}', "this project is of version 99, made by a newer Eagerly"),
    "unknown": (digits(lambda project: project.update(colour="red")), "Eagerly knows no such field."),
    "traversal": (with_data(source="csv", path="upload:../../etc/passwd", target="x"), "is no upload"),
    "device": (with_data(source="csv", path="/dev/zero", target="x"), "There is no file zero."),
    "nul": (with_data(source="csv", path="a\0b", target="x"), "There is no file"),
    "address": (with_data(source="csv", path="http://example.com/a.csv", target="x"), "There is no file a.csv."),
    "source": (with_data(source="dreams"), "needed one of 'digits'"),
    "rows": (with_data(source="random", shape=[10], target="real", rows=10**15), "less than or equal to 1000000"),
    "memory": (
        with_data(source="random", shape=[1000, 1000], target="real", rows=10**6),
        "1,000,000,000,000 values; at most 100,000,000 are possible. Ask for 100 rows or fewer.",
    ),
    "shape": (with_layer(0, shape=[100_000, 100_000]), "one row would have 10,000,000,000 values"),
    "units": (with_layer(1, units=200_000_000), "needed at most 10,000,000, got 200,000,000. No memory would hold"),
    "negative": (with_layer(1, units=-1), "needed a whole number of at least 1, got -1."),
    "parameter": (with_layer(1, colour=3), "Dense has no parameter `colour`."),
    "layer": (digits(lambda project: project["model"]["nodes"][1].update(layer="Dens")), 'Did you mean "Dense"?'),
    "lambda": (
        digits(lambda project: project["model"]["nodes"][1].update(layer="Lambda", params={})),
        "Lambda cannot be used here. It runs code",
    ),
    "cycle": (digits(lambda project: project["model"]["nodes"][1].update(inputs=["dense_2"])), "in a circle"),
    "no layers": (digits(lambda project: project["model"].update(nodes=[], outputs=[])), "The model has no layers."),
    "name": (digits(lambda project: project["model"]["nodes"][1].update(id="<b>")), "should match pattern"),
    "loss": (digits(lambda project: project["compile"].update(loss="mse")), "MeanSquaredError compares numbers"),
    "import": (with_formula("return __import__('os').system('x')"), "line 2, column 12: Only functions of `tf`"),
    "power": (with_formula("return 9**9**9**9"), "line 2, column 21: An exponent is a number from -8 to 8."),
    "batch": (with_training(batch_size=10**6), "there are 1,438 rows to train on, got 1,000,000."),
    "epochs": (with_training(epochs=10**9), "needed less than or equal to 1000000; got 1000000000."),
    "checkpoint": (
        with_training(callbacks=[{"name": "ModelCheckpoint", "params": {"filepath": "/etc/x"}}]),
        "ModelCheckpoint cannot be used here. It writes files",
    ),
}
TABLES = {
    "empty": (b"", "empty.csv is empty."),
    "header": (b"a,b,y\n", "has column names but no rows below them."),
    "ragged": (b"a,b,y\n1,2,3\n1,2\n", "line 3 has 2 values, but the header names 3 columns"),
    "binary": (bytes(range(256)) * 100, "has a NUL byte in line 1: it is damaged"),
    "wide": (b",".join(b"c%d" % one for one in range(30_000)) + b"\n1\n", "columns; at most 2,000 are read."),
    "one class": (b"a,y\n" + b"1,cat\n" * 30, "has the same value ('cat') in all 30 rows"),
    "names": (b"a,y\n" + b"".join(b"1,n%d\n" % one for one in range(500)), "too many to be classes."),
    "no target": (b"a,b\n1,2\n3,4\n", "There is no column 'y' to be the target. The columns are 'a', 'b'."),
}


@pytest.fixture(scope="module")
def checked(command):
    """All wrong files, checked by one command, as a user with a folder of them would."""
    files = {command.folder / f"{name}.json": words for name, (_, words) in FILES.items()}
    for name, (content, _) in FILES.items():
        raw = content.encode() if isinstance(content, str) else content
        (command.folder / f"{name}.json").write_bytes(raw)
    for name, (content, words) in TABLES.items():
        (command.folder / f"{name}.csv").write_bytes(content)
        file = command.folder / f"table {name}.json"
        file.write_text(with_data(source="csv", path=f"{name}.csv", target="y"))
        files[file] = words
    code, reports, _ = command("check", *files)
    return files, code, reports, command.last


def test_every_wrong_file_is_one_line_with_its_reason(checked):
    files, code, reports, _ = checked
    assert code == 2
    assert [report["file"] for report in reports] == [str(file) for file in files]
    for report, words in zip(reports, files.values(), strict=True):
        assert not report["ok"], report["file"]
        said = [problem["message"] for problem in report["problems"]]
        assert any(words in message for message in said), (report["file"], words, said)
        assert not any("pydantic" in message or "Error:" in message for message in said)


def test_wrong_files_cost_no_memory(checked):
    *_, last = checked
    assert last["megabytes"] < 1000


def test_a_model_of_3000_layers_is_counted(command):
    def change(project):
        names = ["input_1", *(f"layer_{number}" for number in range(3000)), "dense_2"]
        layers = [
            {"id": name, "layer": "Dense", "params": {"units": 4}, "inputs": [before]}
            for before, name in itertools.pairwise(names[:-1])
        ]
        first, *_, last = project["model"]["nodes"]
        project["model"]["nodes"] = [first, *layers, {**last, "inputs": [names[-2]]}]

    (command.folder / "many.json").write_text(digits(change))
    code, [report], _ = command("check", "many.json")
    assert code == 0
    assert report["parameters"] == 64 * 4 + 4 + 2999 * 20 + 50


def test_the_keys_are_those_that_are_promised(command):
    _, [good], _ = command("check", WINE)
    (command.folder / "bad.json").write_text(with_layer(1, units=-1))
    _, [bad], _ = command("check", "bad.json")
    _, [unread], _ = command("check", "nothere.json")
    keys = {"file", "ok", "parameters", "trainable_parameters", "flops", "nodes", "problems"}
    assert set(good) == set(bad) == set(unread) == keys
    counts = {"parameters", "trainable_parameters", "flops"}
    assert {frozenset(node) for node in good["nodes"]} == {frozenset({"id", "output_shape", "dtype", *counts})}
    problems = [*bad["problems"], *unread["problems"]]
    assert {frozenset(problem) for problem in problems} == {frozenset({"node", "field", "message", "fix"})}
    assert good["nodes"][-1]["output_shape"] == [None, 3]


def test_the_events_of_a_run_have_their_keys(command):
    code, events, _ = command("train", WINE, "--set", "training.epochs=2")
    assert code == 0
    by_kind = {event["event"]: event for event in events}
    assert list(by_kind) == ["started", "steps", "epoch", "finished"]
    assert set(by_kind["steps"]) == {"event", "first", "loss"}
    assert {"event", "epoch", "metrics"} <= set(by_kind["epoch"])
    assert {"event", "metrics", "steps", "steps_per_second", "execution"} <= set(by_kind["finished"])
    losses = [loss for event in events if event["event"] == "steps" for loss in event["loss"]]
    firsts = [event["first"] for event in events if event["event"] == "steps"]
    assert len(losses) == by_kind["finished"]["steps"]
    assert firsts[0] == 0
    assert firsts == sorted(firsts)


def test_a_learning_rate_of_a_billion_ends_in_a_sentence(command):
    optimizer = {"name": "SGD", "params": {"learning_rate": 1e9}}
    code, events, _ = command("train", WINE, "--set", f"compile.optimizer={json.dumps(optimizer)}")
    assert code == 1
    assert events[-1]["event"] == "failed"
    assert "The loss became" in events[-1]["message"]
    assert "Try a lower learning rate (now 1e+09)." in events[-1]["message"]


def test_html_in_a_name_stays_text(command):
    name = '<img src=x onerror="alert(1)">'
    (command.folder / "html.json").write_text(digits(lambda project: project.update(name=name)))
    code, [project], _ = command("import", "html.json")
    assert (code, project["name"]) == (0, name)
    code, [answer], _ = command("export", "html.json", "--to", "python", "-o", "html.py")
    assert code == 0
    compile((command.folder / answer["file"]).read_text(), "html.py", "exec")
