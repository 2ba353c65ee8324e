"""One row on its way through a model: what each layer makes of it, and which of its numbers mattered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.data import Dataset, Folders, recent
from core.data.facts import Array
from core.data.raw import Target
from core.errors import DataError
from core.inspect import attention, explain, trained
from core.inspect.inside import picture
from core.inspect.outputs import channels, question, shown
from core.spec import Project

MOST_MAPS = 16
MOST_NUMBERS = 256


def through(project: Project, run_folder: Path, folders: Folders, row: int, weights: str = "last") -> dict[str, Any]:
    """What the layers of a run's model make of one row.

    Args:
        row: its number in the source, from 0, as `examine` gives it with each example. A row that is set aside for
            the final test is not looked at: the next one that is not is taken, or the last.

    Returns:
        `row`: which one it is; `layers`: for each `{"layer", "class", "shape", "maps" (pictures, for images),
        "values" (up to 256 numbers), "dead" (share of exact zeros), "attention" (for each head where it looks, else
        empty)}`; `image`, `series` or `features`: the row as the user knows it, and `channels` as
        `core.inspect.outputs.channels` gives them; `why` as
        `core.inspect.explain.why` gives it, and the name of the output that it speaks of, `strongest`.

    Raises:
        DataError: if there is no such row.
        RunError: if the run has no such weights.
    """
    ready = recent.prepared(project.data, folders)
    taken, x = _row(recent.dataset(project, folders), row)
    model = trained.loaded(project, run_folder, weights)
    target = question(project, ready, None).target
    pixels = ready.facts.feature_shape if ready.facts.kind == "image" and target is not None else ()
    reasons = explain.why(model, x, pixels)
    if target is not None and reasons["strongest"] is not None:
        reasons["strongest"] = _name(target, reasons["strongest"])
    itself = {**shown(ready, taken), "channels": channels(ready, taken)}
    return {"row": taken, "layers": _layers(model, x), **itself, **reasons}


def _name(target: Target, place: int) -> str:
    """What an output stands for; one alone stands for the target."""
    names = target.class_names
    return names[place] if place < len(names) and len(names) > 2 else target.name


def _row(dataset: Dataset, row: int) -> tuple[int, list[Array]]:
    """The row's number and its arrays."""
    parts = [part for part in (dataset.train, dataset.validation) if part is not None]
    if dataset.test is not None and row in dataset.test.rows:
        seen = np.sort(np.concatenate([part.rows for part in parts]))
        row = int(seen[min(int(np.searchsorted(seen, row)), len(seen) - 1)])
    for part in parts:
        found = np.flatnonzero(part.rows == row)
        if len(found):
            return row, [values[found[0]][np.newaxis] for values in part.x]
    raise DataError(f"There is no row {row} in this data. Rows are counted from 0.")


def _layers(model: Any, row: list[Array]) -> list[dict[str, Any]]:
    import keras

    shown = trained.shown(model)
    seen = keras.Model(model.inputs, [layer.output for layer in shown])
    found = seen(row if len(row) > 1 else row[0], training=False)
    results = found if isinstance(found, list | tuple) else [found]
    return [
        {**_layer(layer, np.asarray(values)[0]), "attention": attention.maps(model, layer, row)}
        for layer, values in zip(shown, results, strict=True)
    ]


def _layer(layer: Any, values: Array) -> dict[str, Any]:
    maps = (
        [picture(values[..., place]) for place in range(min(values.shape[-1], MOST_MAPS))] if values.ndim == 3 else []
    )
    return {
        "layer": layer.name,
        "class": type(layer).__name__,
        "shape": list(values.shape),
        "maps": maps,
        "values": [] if maps else values.astype(np.float64).ravel()[:MOST_NUMBERS].tolist(),
        "dead": float((values == 0).mean()),
    }
