"""How much the training rows count: by a column of weights, by their class, or by repeating rare classes."""

from __future__ import annotations

import numpy as np

from core.data.facts import Array
from core.data.raw import Raw
from core.errors import DataError
from core.spec import Source


def check(raw: Raw, data: Source) -> None:
    """Raise a DataError if something is asked for that needs classes, and the target is a number."""
    for field, asked, back in (
        ("class_weight", data.class_weight == "balanced", "none"),
        ("oversample", data.oversample, False),
    ):
        if asked and raw.target.task == "regression":
            raise DataError(
                f"Classes are to be balanced ({field}), but the target {raw.target.name!r} is a number.",
                f"data.{field}",
                ("Do not balance", {f"data.{field}": back}),
            )


def weights(raw: Raw, rows: Array, data: Source, is_training: bool) -> Array | None:
    """The weight of each of the rows; None if all count alike.

    `class_weight` is scikit-learn's "balanced": rows / (classes x rows of the class), in training only, as Keras has
    it; the column of weights counts in validation too.
    """
    found: Array | None = raw.weights[rows] if raw.weights is not None else None
    if not is_training or data.class_weight == "none":
        return found
    from sklearn.utils.class_weight import compute_sample_weight

    balanced: Array = compute_sample_weight("balanced", raw.target.values[rows]).astype(np.float32)
    return balanced if found is None else balanced * found


def oversampled(raw: Raw, train: Array, data: Source) -> Array:
    """The training rows, with some of each rarer class repeated so that all are as many as the most frequent."""
    if not data.oversample:
        return train
    labels = raw.target.values[train]
    counts = np.bincount(labels)
    generator = np.random.default_rng(data.seed)
    more = [
        generator.choice(np.flatnonzero(labels == label), counts.max() - count)
        for label, count in enumerate(counts)
        if count
    ]
    chosen: Array = train[np.concatenate([np.arange(len(train)), *more])]
    return chosen
