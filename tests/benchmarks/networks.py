"""The networks that are measured, as projects."""

from __future__ import annotations

from core.spec import Project


def project(layers, shape, target, loss, *, rows=8192, batch_size=32, data=None):
    """A project of layers in a row, or of full nodes where the graph branches; no validation rows."""
    nodes = [{"id": "input", "layer": "Input", "params": {"shape": shape}}]
    for place, (layer, params, *inputs) in enumerate(layers):
        nodes.append({"id": f"n{place}", "layer": layer, "params": params, "inputs": inputs or [nodes[-1]["id"]]})
    source = data or {"source": "random", "shape": shape, "target": target, "rows": rows}
    return Project.model_validate(
        {
            "name": "Benchmark",
            "data": {**source, "validation_fraction": 0.0, "seed": 1},
            "model": {"nodes": nodes, "outputs": [nodes[-1]["id"]]},
            "compile": {"optimizer": "Adam", "loss": loss},
            "training": {"loop": "fit", "epochs": 1_000_000, "batch_size": batch_size, "seed": 1},
        }
    )


def dense(units, activation=None):
    return "Dense", {"units": units, **({"activation": activation} if activation else {})}


def regression(batch_size=32, rows=8192, units=32):
    return project([dense(units, "relu"), dense(1)], [10], "real", "MeanSquaredError", rows=rows, batch_size=batch_size)


def plane(batch_size=10):
    circle = {"source": "circle", "rows": 250}
    layers = [dense(4, "tanh"), dense(2, "tanh"), dense(1, "sigmoid")]
    return project(layers, [2], "", "BinaryCrossentropy", batch_size=batch_size, data=circle)


def digits(batch_size=32):
    layers = [dense(128, "relu"), dense(10, "softmax")]
    return project(layers, [784], "one_hot", "CategoricalCrossentropy", batch_size=batch_size)


def recurrent(batch_size=32):
    layers = [("LSTM", {"units": 32}), dense(1)]
    return project(layers, [20, 8], "real", "MeanSquaredError", batch_size=batch_size)


def convolution(filters, **more):
    return "Conv2D", {"filters": filters, "kernel_size": 3, "padding": "same", **more}


def small_cnn(batch_size=32):
    relu = {"activation": "relu"}
    layers = [convolution(16, **relu), ("MaxPooling2D", {}), convolution(32, **relu), ("MaxPooling2D", {})]
    layers += [("Flatten", {}), dense(10, "softmax")]
    return project(layers, [28, 28, 1], "integer", "SparseCategoricalCrossentropy", rows=2048, batch_size=batch_size)


def residual_cnn(batch_size=32):
    layers = [convolution(16, activation="relu")]
    for first in (1, 6):  # the places of the blocks' first nodes
        layers += [(*convolution(16, activation="relu"), f"n{first - 1}"), ("BatchNormalization", {})]
        layers += [
            convolution(16),
            ("Add", {}, f"n{first - 1}", f"n{first + 2}"),
            ("Activation", {"activation": "relu"}),
        ]
    layers += [("GlobalAveragePooling2D", {}), dense(10, "softmax")]
    return project(layers, [16, 16, 8], "integer", "SparseCategoricalCrossentropy", rows=2048, batch_size=batch_size)


def transformer(batch_size=32):
    layers = [
        ("MultiHeadAttention", {"num_heads": 4, "key_dim": 8}, "input", "input"),
        ("Add", {}, "input", "n0"),
        ("LayerNormalization", {}),
        dense(64, "relu"),
        dense(32),
        ("Add", {}, "n2", "n4"),
        ("LayerNormalization", {}),
        ("GlobalAveragePooling1D", {}),
        dense(10, "softmax"),
    ]
    return project(layers, [32, 32], "integer", "SparseCategoricalCrossentropy", rows=2048, batch_size=batch_size)


NETWORKS = {
    "Dense 10-32-1": (regression, (32, 256)),
    "Dense 2-4-2-1, 250 points": (plane, (10,)),
    "Dense 784-128-10": (digits, (32, 256)),
    "LSTM 20x8-32-1": (recurrent, (32, 256)),
    "small CNN": (small_cnn, (32, 256)),
    "residual CNN": (residual_cnn, (32, 256)),
    "small transformer": (transformer, (32, 256)),
}
