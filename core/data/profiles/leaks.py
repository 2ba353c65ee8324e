"""What gives the answer away: columns that tell the target, row numbers, and rows that stand in two parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from core.data import identifiers
from core.data.facts import Array
from core.data.raw import Raw, Target
from core.data.split import Split
from core.data.windows import Windows

TELLS = 0.99
"""A column that alone explains this share of the target in rows not used for fitting is suspicious."""
_SUSPECT = 0.8
_BINS = 64
_FEWEST_ROWS = 50
_MOST_ROWS = 10_000
_MOST_CELLS = 400_000
_SHARED = 0.01
"""Fewer rows of a part than this share, standing in the training part too, do not move a score."""


def telling(raw: Raw, frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Columns that equal the main target or all but determine it, and a sentence on each."""
    if len(frame) < _FEWEST_ROWS:
        return
    many = max(min(_MOST_ROWS, _MOST_CELLS // max(len(frame.columns), 1)), _FEWEST_ROWS)
    rows = np.random.default_rng(0).permutation(len(frame))[:many]
    target = raw.target
    for name in frame.columns:
        values = _codes(frame[name].iloc[rows])
        if _share(_binned(values, target, rows), target, rows) < _SUSPECT:  # far cheaper than a tree
            continue
        if _is_copy(frame[name], target):
            yield name, f"{name!r} says the same as the target {target.name!r}: the model would only copy it."
        elif (share := _explained(values, target, rows)) >= TELLS:
            yield (
                name,
                f"{name!r} alone tells {share:.1%} of the target {target.name!r} in rows that were kept aside. "
                "Is it known before the target is?",
            )


def _codes(values: pd.Series[Any]) -> Array:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("int64").to_numpy(np.float64)
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64, na_value=np.nan)
    return pd.factorize(values, sort=True)[0].astype(np.float64)


def _is_copy(values: pd.Series[Any], target: Target) -> bool:
    """The same numbers, or other names for the same classes."""
    if target.task == "regression":
        return pd.api.types.is_numeric_dtype(values) and bool(np.array_equal(values.to_numpy(), target.values))
    head = slice(1000)  # most columns part from the target here already
    return all(
        np.array_equal(pd.factorize(values.iloc[part])[0], pd.factorize(target.values[part])[0])
        for part in (head, slice(None))
    )


def _binned(values: Array, target: Target, rows: Array) -> Array:
    """What each row of the second half has by the rows of the first half that are near it in this column."""
    half, y = len(rows) // 2, target.values[rows]
    values = np.where(np.isnan(values), -np.inf, values)
    edges = np.unique(values[:half])
    if len(edges) > max(_BINS, 2 * (target.classes or 0)):
        edges = np.unique(np.sort(values[:half])[:: max(half // _BINS, 5)])
    places = np.searchsorted(edges, values, side="right")
    if target.task == "regression":
        counts = np.bincount(places[:half], minlength=len(edges) + 1)
        sums = np.bincount(places[:half], y[:half], minlength=len(edges) + 1)
        means: Array = np.where(counts, sums / np.maximum(counts, 1), y[:half].mean())
        return means[places[half:]]
    classes = target.classes or 2
    counts = np.bincount(places[:half] * classes + y[:half], minlength=(len(edges) + 1) * classes)
    commonest: Array = counts.reshape(-1, classes).argmax(axis=1)
    return commonest[places[half:]]


def _explained(values: Array, target: Target, rows: Array) -> float:
    """The share that a small decision tree on this column alone explains."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    half = len(rows) // 2
    x, y = values[:, None], target.values[rows]
    tree = DecisionTreeRegressor if target.task == "regression" else DecisionTreeClassifier
    fitted = tree(max_leaf_nodes=max(2, min(256, half // 10)), random_state=0).fit(x[:half], y[:half])
    return _share(fitted.predict(x[half:]), target, rows)


def _share(said: Array, target: Target, rows: Array) -> float:
    """How much better the second half is told than by the mean or the commonest class of the first: at most 1."""
    half = len(rows) // 2
    first, second = target.values[rows[:half]], target.values[rows[half:]]
    if target.task == "regression":
        guessed = float(((second - first.mean()) ** 2).sum())
        return 1 - float(((second - said) ** 2).sum()) / guessed if guessed else 0.0
    wrong = float((second != np.bincount(first).argmax()).mean())
    return 1 - float((second != said).mean()) / wrong if wrong else 0.0


def is_identifier(name: str, values: pd.Series[Any]) -> bool:
    """Whole numbers, each once, that count the rows or are called an identifier; or texts that never come again."""
    if len(values) < _FEWEST_ROWS // 2 or values.isna().any() or not values.is_unique:
        return False
    if not pd.api.types.is_numeric_dtype(values):
        return pd.api.types.is_string_dtype(values)
    if not (values % 1 == 0).all():
        return False
    return identifiers.is_called_so(name) or bool(values.max() - values.min() == len(values) - 1)


def shared(raw: Raw, split: Split) -> Iterator[tuple[str, int, int]]:
    """Parts of which rows stand in the training part too: the part, how many rows, and out of how many."""
    keys = _keys(raw.features)
    trained = keys[split.train]
    for part in ("validation", "test"):
        rows = split.parts()[part]
        seen = int(pd.Series(keys[rows]).isin(trained).sum())
        if len(rows) and seen > max(1, _SHARED * len(rows)):
            yield part, seen, len(rows)


def _keys(features: Any) -> Array:
    """A number for each row, the same for equal rows."""
    if isinstance(features, Windows):
        features = _keys(features.rows)[features.places]
    if isinstance(features, pd.DataFrame):
        return pd.util.hash_pandas_object(features, index=False).to_numpy()
    return np.fromiter((hash(row.tobytes()) for row in np.asarray(features)), np.int64, len(features))
