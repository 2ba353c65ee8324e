"""Writes how a table's columns become numbers: medians for gaps, one-hot categories, scales; by the training part."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from core.exporting.script.writing import Items, Value, assign, call, listed, text

if TYPE_CHECKING:
    from core.data.facts import Column, DataFacts


def groups(facts: DataFacts) -> dict[str, tuple[int, ...]]:
    """Which encoded columns belong to a column of the user's."""
    found: dict[str, tuple[int, ...]] = {}
    begin = 0
    for column in facts.columns:
        width = len(column.categories) if column.kind == "category" else 1
        found[column.name] = tuple(range(begin, begin + width))
        begin += width
    return found


def prepare(facts: DataFacts, scaling: str) -> tuple[list[str], set[str]]:
    """The lines of a scikit-learn ColumnTransformer that keeps the columns' order, and what they import."""
    scaler = {"standard": "StandardScaler", "min_max": "MinMaxScaler"}.get(scaling)
    kinds = {column.kind for column in facts.columns}
    found, needs = [], {"from sklearn.compose import ColumnTransformer"}
    if "number" in kinds:
        needs.add("from sklearn.impute import SimpleImputer")
        imputer = call("SimpleImputer", strategy='"median"')
        found.append(assign("fill", imputer))
        if scaler:
            needs |= {"from sklearn.pipeline import make_pipeline", f"from sklearn.preprocessing import {scaler}"}
            found[-1] = assign("fill", call("make_pipeline", imputer, call(scaler)))
    if "category" in kinds:
        needs.add("from sklearn.preprocessing import OneHotEncoder")
    runs = [(kind, list(columns)) for kind, columns in groupby(facts.columns, key=lambda column: column.kind)]
    steps = [_step(place, kind, columns) for place, (kind, columns) in enumerate(runs, start=1)]
    found.append(assign("encoder", call("ColumnTransformer", listed(steps), sparse_threshold="0")))
    found.append("encoder.fit(x_train)")
    return [*found, '\n\ndef prepare(x):\n    return encoder.transform(x).astype("float32")\n\n'], needs


def _step(place: int, kind: str, columns: list[Column]) -> Value:
    names = listed([text(column.name) for column in columns])
    if kind == "number":
        return Items("()", (text(f"numbers {place}"), "fill", names))
    categories = listed([listed([text(item) for item in column.categories]) for column in columns])
    encoder = call("OneHotEncoder", categories=categories, handle_unknown='"ignore"')
    return Items("()", (text(f"words {place}"), encoder, names))
