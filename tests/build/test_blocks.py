"""A repeated block is the same as its layers written out: shapes, counts, problems, weights and losses."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from core import blocks, data, document, edits, problems
from core.errors import BuildError
from core.exporting import python
from core.spec import ModelSpec

pytestmark = pytest.mark.keras


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


NODES = (
    node("rows", "Input", shape=[64]),
    node("first", "Dense", "rows", units=24, activation="relu", kernel_initializer="he_normal"),
    node("mid", "Dense", "first", units=24, activation="relu", kernel_initializer="he_normal"),
    node("drop_1", "Dropout", "mid", rate=0.1),
    node("sum", "Add", "first", "drop_1"),
    node("norm", "BatchNormalization", "sum"),
    node("out", "Dense", "norm", units=10, activation="softmax"),
)
REPEATED = {"id": "block_1", "nodes": ["mid", "drop_1", "sum", "norm"], "repeat": 3}


def project(*nodes, made=(REPEATED,), loop="fit"):
    return document.from_dict(
        {
            "data": {"source": "digits"},
            "model": {"nodes": list(nodes or NODES), "outputs": ["out"], "blocks": list(made)},
            "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
            "training": {"epochs": 2, "batch_size": 128, "loop": loop},
        }
    )


def written_out(repeated):
    return repeated.model_copy(update={"model": blocks.expand(repeated.model)})


@pytest.fixture(scope="module")
def check(keras):
    from core.build.check import check

    return check


@pytest.fixture(scope="module")
def facts(folders):
    return data.describe(project().data, folders)


def test_nodes_are_the_user_s_and_count_all_copies(check, facts):
    report, whole = check(project(), facts), check(written_out(project()), facts)
    assert report.problems == ()
    assert [one.id for one in report.nodes] == [one["id"] for one in NODES]
    assert (report.parameters, report.trainable_parameters, report.flops) == (
        whole.parameters,
        whole.trainable_parameters,
        whole.flops,
    )
    mid = next(one for one in report.nodes if one.id == "mid")
    assert mid.parameters == 3 * (24 * 24 + 24)
    assert mid.output_shape == [None, 24]
    assert report.memory == whole.memory


def test_what_fails_in_a_copy_is_said_of_the_original_and_repaired(check):
    shrinking = project(
        node("rows", "Input", shape=[8, 8, 1]),
        node("conv", "Conv2D", "rows", filters=4, kernel_size=3),
        node("pool", "MaxPooling2D", "conv", pool_size=2),
        node("flat", "Flatten", "pool"),
        node("out", "Dense", "flat", units=10, activation="softmax"),
        made=[{"id": "block_1", "nodes": ["conv", "pool"], "repeat": 3}],
    )
    report = check(shrinking)
    (problem,) = report.problems
    assert problem.node in ("conv", "pool")
    assert problem.message.startswith(f"{problem.node}, in repeat 2: ")
    assert "_1" not in problem.message.replace("block_1", ""), "a copy's name is nowhere to be seen on the page"
    assert problem.fix.label == "Set repeat of block_1 to 1"
    for fix in problem.fixes[:2]:
        assert len(check(edits.applied(shrinking, fix.edits)).problems) <= 1, fix.label
    assert check(edits.applied(shrinking, problem.fix.edits)).is_ok


def test_a_fault_of_every_copy_is_said_once(check):
    wrong = project(*(NODES[:2]), node("mid", "Dense", "first", units=0), *NODES[3:])
    assert [(one.node, one.field) for one in check(wrong).problems] == [("mid", "units")]
    refused = project(*(NODES[:2]), node("mid", "Conv1D", "first", filters=2, kernel_size=3), *NODES[3:])
    assert [one.node for one in check(refused).problems] == ["mid"]


def test_a_model_is_built_with_a_layer_for_each_copy(keras):
    from core import build

    names = [layer.name for layer in build.model(project()).layers]
    assert names == ["rows", "first", *(f"{name}{copy}" for copy in ("_1", "_2", "")
                                        for name in ("mid", "drop_1", "sum", "norm")), "out"]  # fmt: skip
    with pytest.raises(BuildError, match=r"^block_1: to be repeated it needs one result"):
        build.model(project(*NODES[:6], node("out", "Add", "norm", "sum")))
    broken = project(*(NODES[:2]), node("mid", "Conv1D", "first", filters=2, kernel_size=3), *NODES[3:])
    with pytest.raises(BuildError, match=r"^mid: Keras refuses this Conv1D") as refusal:
        build.model(broken)
    assert refusal.value.path == "mid"


RUNNER = """
import contextlib, io, json, runpy, sys
for path in sys.argv[1:]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(path, run_name="__main__")
    print(out.getvalue().strip().splitlines()[-1])
"""


def test_it_trains_as_its_layers_written_out_and_so_does_its_script(keras, folders, facts, tmp_path):
    from core import build

    rows = data.load(project().data and project(), folders).train
    x, y = rows.x[0], rows.y[0]

    def losses(some):
        keras.utils.set_random_seed(1)
        model = build.compiled(some)
        return model.fit(x, y, batch_size=128, epochs=2, shuffle=False, verbose=0).history["loss"]

    assert losses(project()) == losses(written_out(project()))
    scripts = [project(), written_out(project()), project(loop="custom")]
    texts = [python.script(some, facts) for some in scripts]
    assert "for _ in range(3):\n    mid = keras.layers.Dense(" in texts[0]
    assert texts[0].count("BatchNormalization") == 1
    assert "for _" not in texts[1]
    paths = []
    for place, text in enumerate(texts):
        paths.append(tmp_path / f"{place}.py")
        paths[-1].write_text(text)
    done = subprocess.run([sys.executable, "-c", RUNNER, *map(str, paths)], capture_output=True, text=True, check=True)
    looped, plain, by_hand = map(json.loads, done.stdout.splitlines())
    assert looped == plain
    assert by_hand["loss"] == pytest.approx(looped["loss"], rel=1e-4)


def test_repair_all_leaves_no_problem_or_fewer(check, facts):
    wrecked = document.from_dict(
        {
            "data": {"source": "digits"},
            "model": {
                "nodes": [
                    node("rows", "Input", shape=[64]),
                    node("conv", "Conv2D", "rows", filters=0, kernel_size=3, fliters=4),
                    node("lstm", "LSTM", "conv", units=4),
                    node("again", "LSTM", "lstm", units=4),
                    node("sum", "Add", "again", "nowhere"),
                    node("typo", "Densse", "sum"),
                    node("alone", "Dense", units=3),
                    node("out", "Dense", "typo", units=7, activation="relu"),
                ],
                "outputs": ["out"],
                "blocks": [{"id": "block_1", "nodes": ["conv", "ghost"], "repeat": 2}],
            },
            "compile": {"loss": "mse", "optimizer": "Adamm", "metrics": ["mae"]},
            "training": {"batch_size": 100_000, "callbacks": [{"name": "EarlyStopping", "params": {"monitor": "x"}}]},
        }
    )
    cases = {
        "wrecked": wrecked,
        "a picture into Dense": project(
            node("rows", "Input", shape=[8, 8, 1]), node("out", "Dense", "rows", units=3), made=()
        ),
        "no links at all": project(*({**one, "inputs": []} for one in NODES), made=()),
        "an empty model": project(made=()).model_copy(update={"model": ModelSpec()}),
        "repeated too often": project(made=[{**REPEATED, "nodes": ["rows", "first"]}]),
    }
    for name, wrong in cases.items():
        before = check(wrong, facts).problems
        done = problems.repairs(wrong, lambda some: check(some, facts).problems)
        after = check(edits.applied(wrong, done), facts).problems
        assert len(after) < len(before), (name, [one.message for one in after])
        if name != "an empty model":
            assert not after, (name, [one.message for one in after])


def test_a_picture_can_be_flattened_or_pooled(check, facts):
    flat = project(node("rows", "Input", shape=[8, 8, 1]), node("pool", "MaxPooling2D", "rows"),
                   node("out", "Dense", "pool", units=10, activation="softmax"), made=())  # fmt: skip
    (problem,) = check(flat, facts).problems
    assert [fix.label for fix in problem.fixes] == [
        "Insert Flatten before out",
        "Insert GlobalAveragePooling2D before out",
    ]
    for fix in problem.fixes:
        assert check(edits.applied(flat, fix.edits), facts).is_ok
    said = problem.to_dict()
    assert said["fix"] == said["fixes"][0]


def test_weights_of_copies_differ(keras):
    from core import build

    keras.utils.set_random_seed(1)
    model = build.model(project())
    first, second = (np.asarray(model.get_layer(name).kernel) for name in ("mid_1", "mid_2"))
    assert not np.array_equal(first, second)
