"""A small project of three layers, and what is known of its data: where the tests of the checks begin."""

from __future__ import annotations

from core import document, edits
from core.data.facts import DataFacts
from core.validate import problems


def facts(task="classification", classes=10, shape=(64,), names=(), targets=(), **parts):
    return DataFacts(
        source="digits",
        title="Digits",
        rows=1000,
        task=task,
        feature_shape=shape,
        feature_names=names,
        classes=None if task == "regression" else classes,
        class_names=(),
        kind="image",
        target_name="digit",
        parts={"train": 800, "validation": 200, "test": 0, **parts},
        targets=targets,
    )


def node(name, layer, *inputs, **params):
    return {"id": name, "layer": layer, "params": params, "inputs": list(inputs)}


NODES = (
    node("x", "Input", shape=[64]),
    node("hidden", "Dense", "x", units=32, activation="relu"),
    node("out", "Dense", "hidden", units=10, activation="softmax"),
)


def project(*nodes, outputs=("out",), data=None, training=None, **compile_):
    return document.from_dict(
        {
            "data": data or {"source": "digits"},
            "model": {"nodes": list(nodes or NODES), "outputs": list(outputs)},
            "compile": {"loss": "sparse_categorical_crossentropy", **compile_},
            "training": training or {},
        }
    )


def ending(units, activation=None):
    return (NODES[0], NODES[1], node("out", "Dense", "hidden", units=units, activation=activation or "linear"))


def only(wrong, known=None):
    found = problems(wrong, known)
    assert len(found) == 1, [problem.message for problem in found]
    return found[0]


def pressed(wrong, known=None, times=1):
    """The project after its first fix was pressed."""
    for _ in range(times):
        fix = problems(wrong, known)[0].fix
        assert fix is not None
        wrong = edits.applied(wrong, fix.edits)
    return wrong
