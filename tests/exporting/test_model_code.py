"""The code beside the canvas: always there, always Python, each layer with its lines."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys

import pytest

from core import blocks, document, gallery
from core.exporting.python import model_code


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


def project(*nodes, outputs=(), made=()):
    return document.from_dict(
        {
            "data": {"source": "digits"},
            "model": {"nodes": list(nodes), "outputs": list(outputs), "blocks": list(made)},
        }
    )


def lines_of(code, name):
    first, last = code.lines[name]
    return "\n".join(code.text.split("\n")[first - 1 : last])


@pytest.mark.parametrize("name", gallery.names())
def test_each_layer_has_its_lines(name):
    example = gallery.load(name)
    code = model_code(example)
    ast.parse(code.text)
    assert code.text.startswith("import keras\n")
    assert "..." not in code.text
    for one in example.model.nodes:
        assert f"keras.{'' if one.layer == 'Input' else 'layers.'}{one.layer}(" in lines_of(code, one.id)
    ranges = sorted(code.lines.values())
    assert all(before[1] < after[0] for before, after in itertools.pairwise(ranges)), "no line is two layers'"


def test_it_is_the_model_section_of_the_script():
    from core.exporting.script import model

    example = gallery.load("residual")
    assert model_code(example).text == "import keras\n\n" + "\n".join(model.lines(example.model)) + "\n"


def test_what_is_not_finished_is_there_with_a_comment():
    code = model_code(
        project(
            node("input_1", "Input", shape=[64]),
            node("dense_1", "Dense", units=3),
            node("add_1", "Add", "input_1"),
            node("odd_1", "Densse", "input_1"),
            node("dense_2", "Dense", "odd_1", units=2),
            node("circle_1", "Dense", "circle_2", units=2),
            node("circle_2", "Dense", "circle_1", units=2),
            node("dense_3", "Dense", "nowhere", units="many"),
            made=[{"id": "block_1", "nodes": ["ghost", "dense_1"], "repeat": 4}],
        )
    )
    ast.parse(code.text)
    assert lines_of(code, "dense_1") == (
        "# dense_1: needs an input, and has none yet.\ndense_1 = keras.layers.Dense(3)(...)"
    )
    assert "# add_1: needs 2 inputs, and has 1 yet." in lines_of(code, "add_1")
    assert 'no layer is called "Densse"' in lines_of(code, "odd_1")
    assert "# dense_2: odd_1 cannot feed it yet." in lines_of(code, "dense_2")
    assert "nowhere cannot feed it yet" in lines_of(code, "dense_3")
    assert "# The model needs an output.\nmodel = keras.Model(input_1, ...)" in code.text
    assert model_code(project()).lines == {}


def test_nothing_that_a_file_says_breaks_out():
    hostile = node("dense_1", "x\nimport os; os.system('ls')  #", "input_1", units="1)\nimport os")
    code = model_code(project(node("input_1", "Input", shape=[4]), hostile, outputs=["dense_1"]))
    names = {one.id for one in ast.walk(ast.parse(code.text)) if isinstance(one, ast.Name)}
    assert "os" not in names


RESIDUAL = (
    node("input_1", "Input", shape=[64]),
    node("dense_1", "Dense", "input_1", units=64, activation="relu"),
    node("add_1", "Add", "input_1", "dense_1"),
    node("dense_2", "Dense", "add_1", units=10),
)


def test_a_repeated_block_is_a_loop_with_its_layers_in_it():
    made = [{"id": "block_1", "nodes": ["dense_1", "add_1"], "repeat": 3}]
    code = model_code(project(*RESIDUAL, outputs=["dense_2"], made=made))
    assert "add_1 = input_1\nfor _ in range(3):\n    dense_1 = " in code.text
    assert lines_of(code, "add_1") == "    add_1 = keras.layers.Add()([add_1, dense_1])"
    assert code.text.endswith("model = keras.Model(input_1, dense_2)\n")


def test_a_block_that_no_loop_can_be_is_written_out():
    made = [{"id": "block_1", "nodes": ["dense_1", "add_1"], "repeat": 2}]
    beside = node("dense_3", "Dense", "input_1", units=64)
    shared = {**node("dense_4", "Dense", "dense_2"), "shared_with": "dense_1"}
    several = project(*RESIDUAL, beside, outputs=["add_1", "dense_3"], made=made)
    for some in (several, project(*RESIDUAL[:3], node("dense_2", "Dense", "add_1", units=64), shared,
                                  outputs=["dense_4"], made=made)):  # fmt: skip
        code = model_code(some)
        assert "for _" not in code.text
        assert code.text.count("keras.layers.Add(") == 2
        assert "keras.layers.Add(" in lines_of(code, "add_1")
        assert len(blocks.expand(some.model).nodes) == len(some.model.nodes) + 2


def test_names_never_meet():
    nodes = (
        node("model", "Input", shape=[4]),
        node("model_", "Dense", "model", units=4),
        {**node("twin", "Dense", "model_"), "shared_with": "model_"},
        node("model__layer", "Add", "model_", "twin"),
    )
    code = model_code(project(*nodes, outputs=["model__layer"]))
    assigned = [one.targets[0].id for one in ast.walk(ast.parse(code.text)) if isinstance(one, ast.Assign)]
    assert len(assigned) == len(set(assigned)) == 6


@pytest.mark.keras
def test_names_of_outputs_are_none_that_keras_gives_others(tmp_path):
    chain = [node("input_1", "Input", shape=[4])]
    chain += [node(f"dense_{i}", "Dense", f"dense_{i - 1}" if i > 1 else "input_1", units=4) for i in range(1, 6)]
    chain.append(node("dense", "Dense", "dense_5", units=4))
    code = model_code(project(*chain, outputs=["dense_2", "dense"]))
    script = code.text + "print(model.output_names)\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "['dense_2', 'dense']", done.stderr[-500:]
