"""Writes how a table's columns become numbers: gaps, scales, categories; learned from the training part."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from core.data.facts import places
from core.exporting.script.writing import Call, Items, Value, assign, call, listed, literal, text

if TYPE_CHECKING:
    from core.data.facts import Column, DataFacts

SCALERS = {"standard": "StandardScaler", "min_max": "MinMaxScaler", "robust": "RobustScaler"}


class _Way(NamedTuple):
    """What columns that are treated alike have in common."""

    kind: str
    missing: str
    fill: float | str | None
    scaling: str
    encoding: str


class _Unit(NamedTuple):
    """One column of the script's table `x`; a date has one for each part."""

    name: str
    way: _Way
    categories: tuple[str, ...]


def prepare(facts: DataFacts, is_windows: bool = False) -> tuple[list[str], set[str]]:
    """The lines of a scikit-learn ColumnTransformer that keeps the columns' order, and what they import.

    With `is_windows` it learns from the `rows` in the training part's windows.
    """
    units = [unit for column in facts.columns for unit in _units(column)]
    ways = list(dict.fromkeys(unit.way for unit in units if unit.way.kind == "number"))
    shared = ways[0] if len(ways) == 1 else None
    found, needs = [], {"from sklearn.compose import ColumnTransformer"}
    if shared:
        found.append(assign("fill", _number(shared)))
    steps: list[Value] = []
    for place, (way, run) in enumerate(groupby(units, key=lambda unit: unit.way), start=1):
        needs |= _imports(way)
        steps.append(_step(place, way, list(run), "fill" if shared else _number(way)))
    found.append(assign("encoder", call("ColumnTransformer", listed(steps), sparse_threshold="0")))
    found.append(f"encoder.fit({'rows.iloc[np.unique(x_train)]' if is_windows else 'x_train'})")
    return [*found, _function(facts, is_windows)], needs


def _units(column: Column) -> list[_Unit]:
    constant = column.fill if column.missing == "constant" else None
    kind = "category" if column.kind == "category" else "number"
    way = _Way(kind, column.missing, constant, column.scaling, column.encoding if kind == "category" else "")
    return [_Unit(name, way, column.categories) for name in (column.encoded if column.parts else (column.name,))]


def _function(facts: DataFacts, is_windows: bool) -> str:
    given, taken = ("rows", "[x]") if is_windows else ("x", "")
    ordinal = [
        place
        for column in facts.columns
        if column.kind == "category" and column.encoding != "one_hot"
        for place in places(facts.columns)[column.name]
    ]
    if not ordinal:
        return f'\n\ndef prepare(x):\n    return encoder.transform({given}).astype("float32"){taken}\n\n'
    return (
        f"\n\ndef prepare(x):\n    encoded = encoder.transform({given})\n"
        f"    encoded[:, {ordinal}] += 1  # 0 is none of the categories\n"
        f'    return encoded.astype("float32"){taken}\n\n'
    )


def _imputer(way: _Way) -> Call:
    return call(
        "SimpleImputer", strategy=text(way.missing), fill_value=literal(way.fill) if way.fill is not None else None
    )


def _number(way: _Way) -> Value:
    scaler = SCALERS.get(way.scaling)
    return call("make_pipeline", _imputer(way), call(scaler)) if scaler else _imputer(way)


def _imports(way: _Way) -> set[str]:
    found = set()
    if way.missing != "none":
        found.add("from sklearn.impute import SimpleImputer")
    if way.kind == "number" and way.scaling in SCALERS:
        found |= {
            "from sklearn.pipeline import make_pipeline",
            f"from sklearn.preprocessing import {SCALERS[way.scaling]}",
        }
    if way.kind == "category":
        found.add(f"from sklearn.preprocessing import {_ENCODERS[way.encoding]}")
        if way.missing != "none":
            found.add("from sklearn.pipeline import make_pipeline")
    return found


_ENCODERS = {"one_hot": "OneHotEncoder", "ordinal": "OrdinalEncoder", "embedding": "OrdinalEncoder"}


def _step(place: int, way: _Way, units: list[_Unit], number: Value) -> Value:
    names = listed([text(unit.name) for unit in units])
    if way.kind == "number":
        return Items("()", (text(f"numbers {place}"), number, names))
    categories = listed([listed([text(item) for item in unit.categories]) for unit in units])
    unknown = {"handle_unknown": '"ignore"'}
    if way.encoding != "one_hot":
        unknown = {"handle_unknown": '"use_encoded_value"', "unknown_value": "-1"}
    encoder: Value = call(_ENCODERS[way.encoding], categories=categories, **unknown)
    if way.missing != "none":
        encoder = call("make_pipeline", _imputer(way), encoder)
    return Items("()", (text(f"words {place}"), encoder, names))
