"""The text of an exported script: plain, tidy, complete, and nothing of the project's can break out of it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest

from core import data, document, exporting, gallery
from core.errors import ExportError
from core.exporting import python

LOOPS = ("fit", "custom")
FUNNY = 'x"""\nimport os; os.system("echo out")\n"""\\' + "\u202e\x00\u2028 é"


@pytest.fixture
def folders(tmp_path):
    return data.Folders(tmp_path, tmp_path, tmp_path)


def changed(example, **sections):
    whole = document.to_dict(gallery.load(example))
    for section, values in sections.items():
        whole[section] = whole[section] | values if isinstance(values, dict) else values
    return document.from_dict(whole)


def script(project, folders):
    return python.script(project, data.describe(project.data, folders))


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("name", gallery.names())
def test_a_script_is_python_without_a_line_of_ours(name, loop, folders):
    text = script(changed(name, training={"loop": loop}), folders)
    tree = ast.parse(text)
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [module for module in modules if module.startswith(("core", "eagerly", "components"))]
    assert max(map(len, text.splitlines())) <= 100
    assert text.endswith("\n")
    assert "\n\n\n\n" not in text
    assert ("model.fit(" in text) == (loop == "fit")
    assert ("GradientTape" in text) == (loop == "custom")
    assert text.splitlines()[-1].startswith("print(json.dumps(")


@pytest.mark.parametrize("arguments", [["format", "--diff"], ["check", "--select=E,F,I,W"]], ids=["format", "lint"])
def test_scripts_are_as_a_formatter_would_write_them(arguments, folders, tmp_path):
    for name in gallery.names():
        for loop in LOOPS:
            text = script(changed(name, training={"loop": loop}), folders)
            (tmp_path / f"{name}_{loop}.py").write_text(text)
    command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--line-length=88", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_what_is_not_the_default_is_written(folders):
    text = script(gallery.load(), folders)
    assert 'keras.layers.Dense(128, activation="relu"),' in text
    assert "keras.optimizers.Adam()" in text
    assert "use_bias" not in text
    assert "run_eagerly" not in text


def test_switches_of_execution_are_written_where_keras_has_them(folders):
    switches = {"steps_per_execution": 16, "jit_compile": True}
    fit = script(changed("digits_dense", compile=switches), folders)
    loop = script(changed("digits_dense", compile=switches, training={"loop": "custom"}), folders)
    assert "steps_per_execution=16" in fit
    assert "jit_compile=True" in fit
    assert "@tf.function(jit_compile=True)\ndef train_step" in loop
    assert "range(0, len(dataset), 16)" in loop
    eager = script(changed("digits_dense", compile={"run_eagerly": True}, training={"loop": "custom"}), folders)
    assert "@tf.function" not in eager


@pytest.mark.parametrize("loop", LOOPS)
def test_a_name_cannot_break_out_of_the_docstring(loop, folders):
    text = script(changed("digits_dense", name=FUNNY[:100], description=FUNNY * 9, training={"loop": loop}), folders)
    tree = ast.parse(text)
    assert isinstance(tree.body[0], ast.Expr)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "os"]
    assert text.isprintable() or "\u202e" not in text


def test_texts_in_parameters_stay_texts(folders):
    callback = {"name": "EarlyStopping", "params": {"monitor": 'x"); import os; os.system("echo'}}
    text = script(changed("digits_dense", training={"callbacks": [callback]}), folders)
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name) and node.id == "os"]


def test_a_column_or_path_with_quotes_stays_a_text(folders):
    (folders.files / "a \"b\" 'c'.csv").write_text(
        '"x ""1""",y\n' + "".join(f"{i * 7 % 13},{i % 2}\n" for i in range(60))
    )
    table = {"source": "csv", "path": "a \"b\" 'c'.csv", "target": "y"}
    whole = document.to_dict(gallery.load("breast_cancer"))
    whole["data"] = table
    whole["model"]["nodes"][0]["params"]["shape"] = [1]
    strings = {
        node.value
        for node in ast.walk(ast.parse(script(document.from_dict(whole), folders)))
        if isinstance(node, ast.Constant)
    }
    assert {"a \"b\" 'c'.csv", 'x "1"'} <= strings


def test_formulas_of_one_name_get_names_of_their_own(folders):
    first = "def model(y_true, y_pred): return tf.reduce_mean(tf.abs(y_true - y_pred))"
    second = "def model(y_true, y_pred):\n    return ops.mean(ops.square(y_true - y_pred))  # model"
    custom = [{"name": "custom", "source": source} for source in (first, second)]
    project = changed("custom_loss", compile={"loss": custom[0], "metrics": [custom[1]]})
    text = script(project, folders)
    functions = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert functions == ["model_", "model__"]
    assert "loss=model_, metrics=[model__]" in text.replace("\n    ", " ").replace(",\n", ",")
    assert "from keras import ops" in text


def test_a_branching_model_is_written_line_by_line(folders):
    nodes = [
        {"id": "lambda", "layer": "Input", "params": {"shape": [64]}},
        {"id": "model", "layer": "Dense", "params": {"units": 64, "activation": "relu"}, "inputs": ["lambda"]},
        {"id": "again", "layer": "Dense", "params": {"units": 64}, "inputs": ["model"], "shared_with": "model"},
        {"id": "add_1", "layer": "Add", "inputs": ["lambda", "again"]},
        {"id": "dense_2", "layer": "Dense", "params": {"units": 10, "activation": "softmax"}, "inputs": ["add_1"]},
    ]
    text = script(changed("digits_dense", model={"nodes": nodes, "outputs": ["dense_2"]}), folders)
    assert 'lambda_ = keras.Input(shape=(64,), name="lambda")' in text
    assert 'model__layer = keras.layers.Dense(64, activation="relu", name="model")' in text
    assert "again = model__layer(model_)" in text
    assert "add_1 = keras.layers.Add()([lambda_, again])" in text
    assert "model = keras.Model(lambda_, dense_2)" in text


def test_an_initializer_is_written_as_an_object_so_that_seeds_are_drawn_in_the_same_order(folders):
    nodes = document.to_dict(gallery.load())["model"]["nodes"]
    nodes[1]["params"] |= {
        "kernel_initializer": "he_normal",
        "kernel_regularizer": {"name": "L2", "params": {"l2": 0.1}},
    }
    text = script(changed("digits_dense", model={"nodes": nodes}), folders)
    assert "kernel_initializer=keras.initializers.HeNormal()" in text
    assert "kernel_regularizer=keras.regularizers.L2(l2=0.1)" in text or "keras.regularizers.L2(0.1)" in text


def test_a_project_that_is_not_complete_is_a_sentence(folders):
    nodes = document.to_dict(gallery.load())["model"]["nodes"]
    nodes[1]["inputs"] = []
    with pytest.raises(ExportError, match=r"cannot be written as code yet\. dense_1: this layer has no input"):
        script(changed("digits_dense", model={"nodes": nodes}), folders)


def test_the_code_that_is_running_is_a_part_of_the_script(folders):
    project = gallery.load()
    parts = python.sections(project, data.describe(project.data, folders))
    whole = script(project, folders)
    assert parts.compile in whole
    assert parts.training in whole
    assert "model.compile(" in parts.compile
    assert "load_digits" not in parts.compile + parts.training


def test_a_notebook_is_the_script_in_cells_with_a_heading_above_each_part(folders):
    project = changed("custom_loss", name="Loss # 1")
    content = json.loads(exporting.export(project, "notebook", folders=folders))
    assert content["nbformat"] == 4
    kinds = [cell["cell_type"] for cell in content["cells"]]
    cells = ["".join(cell["source"]) for cell in content["cells"]]
    assert kinds == ["markdown", "code", *4 * ["markdown", "code"]]
    assert cells[2::2] == ["## The data", "## The model", "## What it learns by", "## The training"]
    as_script = [cells[1]]
    for heading, code in zip(cells[2::2], cells[3::2], strict=True):
        as_script += [f"# {heading.removeprefix('## ')}.", code]
    assert [line for cell in as_script for line in cell.split("\n") if line] == [
        line for line in script(project, folders).split("\n")[1:] if line
    ]


def test_formats_are_listed_and_others_refused(folders):
    assert {"python", "keras", "project"} <= set(exporting.FORMATS)
    with pytest.raises(ExportError, match=r"There is no format 'exe'\. Choose one of python"):
        exporting.export(gallery.load(), "exe")
    text = exporting.export(gallery.load(), "project")
    assert document.load(text) == gallery.load()
    with pytest.raises(ExportError, match="left no model yet"):
        exporting.export(gallery.load(), "keras", run_folder=folders.files)
