"""Every offered layer, from its default parameters to one training step and to the code that it is exported as."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from core import catalog, document

pytestmark = pytest.mark.keras

ROWS = 4
LAYERS = catalog.entries("layer")
BY_RANK = {1: [12, 4], 2: [8, 8, 3], 3: [6, 6, 6, 2]}
BY_CATEGORY = {"preprocessing": [28, 28, 3], "recurrent": [6, 4], "wrapper": [6, 4], "attention": [6, 8]}
BY_NAME = {
    "ConvLSTM1D": [3, 8, 2],
    "ConvLSTM2D": [3, 8, 8, 2],
    "ConvLSTM3D": [2, 6, 6, 6, 1],
    "Masking": [6, 4],
    "Permute": [6, 4],
    "Embedding": [6],
    "ReversibleEmbedding": [6],
    "CategoryEncoding": [6],
    "Discretization": [6],
    "MelSpectrogram": [4096],
    "STFTSpectrogram": [1024, 1],
}
WHOLE_NUMBERS = ("Embedding", "ReversibleEmbedding", "CategoryEncoding")


def shape_of(entry):
    """The smallest sensible shape of a row for the layer."""
    rank = re.search(r"([123])D", entry.name)
    by_rank = BY_RANK[int(rank[1])] if rank else None
    return BY_NAME.get(entry.name) or by_rank or BY_CATEGORY.get(entry.category, [8])


def project_with(entry):
    """Inputs, the layer with what is written when a user adds it, and one Dense unit over all it gives."""
    shape, dtype = shape_of(entry), {"dtype": "int32"} if entry.name in WHOLE_NUMBERS else {}
    inputs = [f"input_{place + 1}" for place in range(max(entry.fewest, 1))]
    nodes = [{"id": name, "layer": "Input", "params": {"shape": shape, **dtype}} for name in inputs]
    if entry.arity != "none":
        nodes.append({"id": "layer_1", "layer": entry.name, "params": entry.starting_params(), "inputs": inputs})
    nodes.append({"id": "flatten_1", "layer": "Flatten", "inputs": [nodes[-1]["id"]]})
    nodes.append({"id": "dense_1", "layer": "Dense", "params": {"units": 1}, "inputs": ["flatten_1"]})
    return document.from_dict(
        {
            "data": {
                "source": "random",
                "shape": [math.prod(shape)],
                "target": "real",
                "rows": ROWS,
                "validation_fraction": 0,
            },
            "model": {"nodes": nodes, "outputs": ["dense_1"]},
            "compile": {"optimizer": {"name": "SGD", "params": {"learning_rate": 0.01}}, "loss": "mse"},
            "training": {"batch_size": ROWS},
        }
    )


def rows_for(entry):
    random = np.random.default_rng(0)
    size = (ROWS, *shape_of(entry))
    if entry.name in WHOLE_NUMBERS:
        x = random.integers(0, 10, size).astype("int32")
    elif entry.category == "preprocessing":
        x = random.uniform(0, 1, size).astype("float32")
    else:
        x = random.normal(size=size).astype("float32")
    return [x] * max(entry.fewest, 1), random.normal(size=(ROWS, 1)).astype("float32")


def layers_of(keras, model):
    """What each layer is, gives, and weighs."""
    made = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    return [(type(layer).__name__, tuple(layer.output.shape), layer.count_params()) for layer in made]


@pytest.mark.parametrize("entry", LAYERS, ids=lambda entry: entry.name)
def test_a_layer_is_checked_built_trained_and_exported(entry, keras, folders, exported):
    from core import build, data
    from core.build.check import check

    project = project_with(entry)
    report = check(project, data.describe(project.data, folders))
    assert [problem.message for problem in report.problems] == []

    model = build.compiled(project)
    built = layers_of(keras, model)
    said = {node.id: node for node in report.nodes if node.id not in {place.name for place in model.inputs}}
    assert [(node.output_shape, node.parameters) for node in said.values()] == [
        (list(shape), parameters) for _, shape, parameters in built
    ]

    x, y = rows_for(entry)
    before = [weight.numpy() for weight in model.trainable_weights]
    loss = float(np.squeeze(model.train_on_batch(x if len(x) > 1 else x[0], y)))
    assert math.isfinite(loss)
    after = [weight.numpy() for weight in model.trainable_weights]
    moved = [not np.array_equal(old, new) for old, new in zip(before, after, strict=True)]
    assert any(moved), "nothing was learned"
    if entry.arity != "none" and model.get_layer("layer_1").trainable_weights:
        own = {weight.path for weight in model.get_layer("layer_1").trainable_weights}
        assert any(
            changed for changed, weight in zip(moved, model.trainable_weights, strict=True) if weight.path in own
        ), "the layer's own weights got no gradient"

    again = exported(project)
    assert layers_of(keras, again) == built
    assert again.output_shape == model.output_shape
    keras.backend.clear_session(free_memory=False)


def test_the_walk_leaves_nothing_out():
    assert len(LAYERS) >= 121
    assert all(entry.reason for entry in catalog.entries("layer", offered_only=False) if not entry.offered)
