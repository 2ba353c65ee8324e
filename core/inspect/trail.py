"""What happened inside a run over its epochs: how its weights spread, how its gradients flowed, which units died."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core import build, document
from core.data import Folders, Prepared, recent
from core.data.facts import Array
from core.inspect import trained
from core.inspect.outputs import question
from core.spec import Project
from core.train.trail import FOLDER, kept_in

BINS = 40
MOST_ROWS = 128
MOST_KNOWN = 256
Measured = tuple[list[float], list[float]]
"""By layer: the root mean square of the gradient, and the share of units that say nothing."""
_SILENT = ("relu", "relu6", "ReLU")


def trail(project: Project, run_folder: Path, folders: Folders, *, latest: bool = False) -> dict[str, Any]:
    """The layers of a run after each of the epochs whose weights it kept.

    Args:
        project: the project as it was when the run began.
        run_folder: where the run left its snapshots.
        folders: where data is read from; gradients are those of one batch, the first rows of the training part.
        latest: only the first snapshot and the last.

    Returns:
        JSON data: `epochs` (how many were trained when); `balance`: the share of each class in the training part by
        name, in the order of the classes, else empty; `target`: the mean and the standard deviation of a number that is
        predicted, in the training part, else None; `layers`: for each with trainable weights, in the order in
        which they run, `{"layer", "class", "gradients" (root mean square of the gradient, by snapshot), "dead" (share
        of units that are 0 for all rows, by snapshot; empty for layers that cannot die so), "weights"}`; a weight is
        `{"name", "shape", "edges", "counts" (by snapshot), "means", "stds"}`.

    Raises:
        DataError: if the data cannot be read.
    """
    kept = _read(run_folder, latest=latest)
    scene = _scene(document.dump(project), folders)
    values, slopes, dead = [], [], []
    for content in kept.values():
        trained.assign(scene.model, content) if content else trained.load(scene.model, run_folder, "last")
        values.append([[variable.numpy() for variable in layer.trainable_weights] for layer in scene.layers])
        gradients, silent = _measured(scene, content)
        slopes.append(gradients)
        dead.append(silent)
    layers = [
        {
            "layer": layer.name,
            "class": type(layer).__name__,
            "gradients": [_number(taken[place]) for taken in slopes],
            "dead": [_number(taken[place]) for taken in dead] if scene.can_die[place] else [],
            "weights": [] if latest else _weights(layer, [taken[place] for taken in values]),
        }
        for place, layer in enumerate(scene.layers)
    ]
    return {"epochs": list(kept), "balance": scene.balance, "target": scene.target, "layers": layers}


def _read(run_folder: Path, *, latest: bool) -> dict[int, bytes | None]:
    """The snapshots, the first one first, then None for the checkpoint if it is newer.

    A run in progress may take a snapshot away at any moment.
    """
    kept, here = kept_in(run_folder), _checkpoint(run_folder)
    if here is not None and kept and here > kept[-1]:
        kept.append(here)
    found: dict[int, bytes | None] = {}
    for epochs in kept[:1] + kept[-1:] if latest and len(kept) > 2 else kept:
        with suppress(FileNotFoundError):
            found[epochs] = None if epochs == here else (run_folder / FOLDER / f"{epochs}.weights").read_bytes()
    return found


def _checkpoint(run_folder: Path) -> int | None:
    """After how many epochs the run's last weights were written."""
    try:
        return int(json.loads((run_folder / "state.json").read_text())["epoch"])
    except (OSError, ValueError, KeyError):
        return None


@dataclass(frozen=True)
class _Scene:
    """What stays the same while the weights change."""

    model: Any
    layers: list[Any]
    can_die: list[bool]
    measured: Callable[[], tuple[list[Any], list[Any]]]
    balance: dict[str, float]
    target: tuple[float, float] | None
    known: dict[bytes, Measured]


def _spread(project: Project, ready: Prepared) -> tuple[float, float] | None:
    """Of the number that the first output predicts."""
    asked = question(project, ready, None).target
    known = asked.facts(ready.split.train) if asked else None
    return None if known is None or known.mean is None or known.deviation is None else (known.mean, known.deviation)


def _measured(scene: _Scene, content: bytes | None) -> Measured:
    """Each snapshot is measured once: the page of a run in progress asks again every few seconds."""
    if content is None:
        return _plain(scene.measured())
    key = hashlib.sha256(content).digest()
    if key not in scene.known:
        if len(scene.known) >= MOST_KNOWN:
            scene.known.clear()
        scene.known[key] = _plain(scene.measured())
    return scene.known[key]


def _plain(found: tuple[list[Any], list[Any]]) -> Measured:
    slopes, dead = ([float(value) for value in values] for values in found)
    return slopes, dead


@lru_cache(maxsize=6)
def _scene(text: str, folders: Folders) -> _Scene:
    project = document.load(text)
    ready = recent.prepared(project.data, folders)
    part = recent.dataset(project, folders).train
    model = build.compiled(project)
    layers = [layer for layer in trained.shown(model) if layer.trainable_weights]
    x, y = ([values[:MOST_ROWS] for values in arrays] for arrays in (part.x, part.y))
    weigh = None if part.weights is None else part.weights[:MOST_ROWS]
    target = ready.raw.target
    classes = target.values[part.rows] if target.classes else np.zeros(0, np.int64)
    return _Scene(
        model,
        layers,
        [_can_die(layer) for layer in layers],
        _measure(model, layers, x, y, weigh),
        _shares(classes, target.class_names),
        _spread(project, ready),
        {},
    )


def _measure(
    model: Any, layers: Sequence[Any], x: Any, y: Any, weigh: Array | None
) -> Callable[[], tuple[list[Any], list[Any]]]:
    """A function for the root mean square of each layer's gradient, and the share of its units that say nothing."""
    import keras
    import tensorflow as tf

    seen = keras.Model(model.inputs, [[layer.output for layer in layers], model.outputs])
    given, asked = ([tf.convert_to_tensor(values) for values in arrays] for arrays in (x, y))
    weights = [list(layer.trainable_weights) for layer in layers]

    def measured() -> tuple[list[Any], list[Any]]:
        with tf.GradientTape() as tape:
            outputs, answers = seen(given if len(given) > 1 else given[0], training=True)
            wanted, said = (values if len(values) > 1 else values[0] for values in (asked, answers))
            loss = model.compute_loss(given, wanted, said, sample_weight=weigh, training=True)
        slopes = tape.gradient(loss, weights, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        flows = [_root_mean_square(tf.nest.flatten(taken)) for taken in slopes]
        return flows, [_silent(output) for output in outputs]

    return tf.function(measured, autograph=False)  # type: ignore[no-any-return]


def _root_mean_square(slopes: Sequence[Any]) -> Any:
    import tensorflow as tf

    flat = [tf.reshape(tf.convert_to_tensor(slope), [-1]) for slope in slopes]
    return tf.sqrt(tf.reduce_mean(tf.square(tf.concat(flat, axis=0))))


def _silent(output: Any) -> Any:
    """The share of units (channels) that are 0 for every row and every place."""
    import tensorflow as tf

    axes = list(range(len(output.shape) - 1))
    return tf.reduce_mean(tf.cast(tf.reduce_all(tf.equal(output, 0), axis=axes), tf.float32))


def _can_die(layer: Any) -> bool:
    activation = getattr(layer, "activation", None)
    return getattr(activation, "__name__", "") in _SILENT or type(layer).__name__ in _SILENT


def _shares(classes: Array, names: Sequence[str]) -> dict[str, float]:
    if not classes.size:
        return {}
    counts = np.bincount(classes.astype(int), minlength=len(names)) / classes.size
    return {name: float(share) for name, share in zip(names, counts, strict=True)}


def _weights(layer: Any, taken: Sequence[Sequence[Array]]) -> list[dict[str, Any]]:
    return [
        _weight(variable, [values[place] for values in taken]) for place, variable in enumerate(layer.trainable_weights)
    ]


def _weight(variable: Any, taken: Sequence[Array]) -> dict[str, Any]:
    """All snapshots are counted in the same bins, so that they can stand beside each other."""
    known = [values[np.isfinite(values)] for values in taken]
    ends = [float(value) for values in known if values.size for value in (values.min(), values.max())] or [0.0, 1.0]
    edges = np.linspace(min(ends), max(ends) if max(ends) > min(ends) else min(ends) + 1, BINS + 1)
    return {
        "name": variable.name,
        "shape": list(variable.shape),
        "edges": edges.tolist(),
        "counts": [np.histogram(values, edges)[0].tolist() for values in known],
        "means": [_number(values.mean()) for values in taken],
        "stds": [_number(values.std()) for values in taken],
    }


def _number(value: Any) -> float | None:
    """JSON has no NaN."""
    return float(value) if np.isfinite(value) else None
