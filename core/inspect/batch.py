"""One training step on one real batch, in eager execution, with all that is seen on the way: nothing is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core import build
from core.build import augmented, network
from core.data import Folders, Part, recent
from core.data.facts import Array
from core.errors import DataError
from core.inspect import trained
from core.spec import Project

BINS = 30
MOST_ROWS = 32
MOST_UNITS = 48
MOST_VALUES = 6


def batch(
    project: Project, run_folder: Path, folders: Folders, number: int = 0, weights: str = "last"
) -> dict[str, Any]:
    """What a training step from the run's weights does with one batch of the training part.

    Args:
        project: the project as it was when the run began.
        run_folder: where the run left its weights and the optimizer's state.
        folders: where data is read from.
        number: which batch, from 0, in the order of the data.
        weights: "last" or "best".

    Returns:
        JSON data. `first` (its place among the rows), `rows` (in the batch), `batches`, `weighed` (do rows count
        differently in the loss?); `pictures`: where augmentation changes the batch, the first ones `{"before",
        "after"}`; `forward`: for each layer, in the order in which they run, `{"layer", "class", "inputs" (names of the
        layers before), "shape", "values", "heat" (rows × units, or empty),
        "signal" (norm of the loss's gradient by this output, None where nothing flows back)}`; `loss`;
        `gradients`: for each trainable weight, in the order in which they are found, `{"layer", "weight", "shape",
        "norm", "values"}`; `update`: `{"layer", "weight", "norm", "change" (norm), "before", "gradient", "after"
        (the first values of each)}`; `optimizer`, `learning_rate`; `loss_after`: of the same batch, after the step.
        `values` are `{"mean", "std", "low", "high", "zeros", "edges", "counts"}`.

    Raises:
        DataError: if there is no such batch.
        RunError: if the run has no such weights, or they belong to another model.
    """
    dataset = recent.dataset(project, folders)
    taken, y, weigh, count = _rows(dataset.train, project.training.batch_size, number)
    changed = augmented.batch(project, dataset.facts, taken)
    x = network.one_or_all(changed)
    model = build.compiled(project)
    model.optimizer.build(model.trainable_variables)
    trained.load(model, run_folder, weights)
    layers = trained.shown(model)
    outputs, loss, signals, slopes = _walked(model, layers, x, y, weigh)
    seen = zip(layers, outputs, signals, strict=True)
    forward = [_layer(layer, np.asarray(values), signal) for layer, values, signal in seen]
    return {
        "first": number * project.training.batch_size,
        "rows": len(taken[0]),
        "batches": count,
        "weighed": weigh is not None,
        "pictures": augmented.shown(dataset.facts, taken[0], changed[0]) if changed is not taken else None,
        "forward": forward,
        "loss": float(loss),
        **_stepped(model, slopes),
        "loss_after": float(model.compute_loss(x, y, model(x, training=True), sample_weight=weigh, training=True)),
    }


def _rows(part: Part, size: int, number: int) -> tuple[list[Array], Any, Array | None, int]:
    """Features, targets and weights of a batch, and how many batches there are."""
    count = -(-len(part) // size)
    if not 0 <= number < count:
        raise DataError(f"There is no batch {number}: the training part has {count} of {size} rows, counted from 0.")
    span = slice(number * size, (number + 1) * size)
    x, y = ([values[span] for values in arrays] for arrays in (part.x, part.y))
    weigh = None if part.weights is None else part.weights[span]
    return x, network.one_or_all(y), weigh, count


def _walked(
    model: Any, layers: Sequence[Any], x: Any, y: Any, weigh: Array | None
) -> tuple[list[Any], Any, list[float | None], list[Any]]:
    """Forward and back: each layer's output, the loss, its slope by each output (as a norm) and by each weight."""
    import keras
    import tensorflow as tf

    seen = keras.Model(model.inputs, [[layer.output for layer in layers], model.outputs])
    given = tf.nest.map_structure(tf.convert_to_tensor, x)
    with tf.GradientTape() as tape:
        for tensor in tf.nest.flatten(given):
            if tensor.dtype.is_floating:
                tape.watch(tensor)
        outputs, answers = seen(given, training=True)
        said = answers if len(answers) > 1 else answers[0]
        loss = model.compute_loss(given, y, said, sample_weight=weigh, training=True)
    slopes = tape.gradient(loss, [list(outputs), list(model.trainable_weights)])
    signals = [None if slope is None else float(tf.norm(tf.convert_to_tensor(slope))) for slope in slopes[0]]
    return list(outputs), loss, signals, [None if slope is None else tf.convert_to_tensor(slope) for slope in slopes[1]]


def _stepped(model: Any, slopes: Sequence[Any]) -> dict[str, Any]:
    """Let the optimizer move the weights, and tell what was asked of it and what it did."""
    owners = {weight.path: layer.name for layer in model.layers for weight in layer.weights}
    moved = [(to, slope) for to, slope in zip(model.trainable_weights, slopes, strict=True) if slope is not None]
    before, rate = [weight.numpy() for weight, _ in moved], float(model.optimizer.learning_rate)
    model.optimizer.apply([slope for _, slope in moved], [weight for weight, _ in moved])
    return {
        "gradients": [_gradient(owners, weight, np.asarray(slope)) for weight, slope in reversed(moved)],
        "update": [_update(owners, *pair, old) for pair, old in zip(moved, before, strict=True)],
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": rate,
    }


def _layer(layer: Any, values: Array, signal: float | None) -> dict[str, Any]:
    before = layer._inbound_nodes[0].parent_nodes if layer._inbound_nodes else []
    heat = values[:MOST_ROWS, :MOST_UNITS].astype(np.float64) if values.ndim == 2 else np.zeros((0, 0))
    return {
        "layer": layer.name,
        "class": type(layer).__name__,
        "inputs": [node.operation.name for node in before],
        "shape": list(values.shape),
        "values": spread(values),
        "heat": np.nan_to_num(heat).round(5).tolist(),
        "signal": signal,
    }


def _gradient(owners: dict[str, str], weight: Any, slope: Array) -> dict[str, Any]:
    return {
        "layer": owners[weight.path],
        "weight": weight.name,
        "shape": list(slope.shape),
        "norm": float(np.linalg.norm(slope)),
        "values": spread(slope),
    }


def _update(owners: dict[str, str], weight: Any, slope: Any, old: Array) -> dict[str, Any]:
    new = weight.numpy()
    before, gradient, after = (np.ravel(values)[:MOST_VALUES].astype(float).tolist() for values in (old, slope, new))
    return {
        "layer": owners[weight.path],
        "weight": weight.name,
        "norm": float(np.linalg.norm(old)),
        "change": float(np.linalg.norm(new - old)),
        "before": before,
        "gradient": gradient,
        "after": after,
    }


def spread(values: Array) -> dict[str, Any]:
    """How values lie: what is not finite is left out."""
    known = values[np.isfinite(values)].astype(np.float64).ravel()
    known = known if known.size else np.zeros(1)
    counts, edges = np.histogram(known, bins=BINS)
    return {
        "mean": float(known.mean()),
        "std": float(known.std()),
        "low": float(known.min()),
        "high": float(known.max()),
        "zeros": float((known == 0).mean()),
        "edges": edges.tolist(),
        "counts": counts.tolist(),
    }
