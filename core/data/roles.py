"""Decides what each column of a user's table is for: target, number, category, or left out with a reason."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from core.data import dates, identifiers, raw
from core.data.dates import looks_like_dates
from core.data.raw import Target
from core.errors import DataError
from core.spec import ColumnChoice

MOST_CATEGORIES = 50
MOST_INTEGER_CLASSES = 20
MOST_CLASSES = 1000
_MOSTLY = 0.9
LARGEST = float(np.finfo(np.float32).max)

Series = pd.Series


def check_columns(frame: pd.DataFrame, asked: Iterable[str], role: str, field: str = "data") -> None:
    """Raise a DataError that names what is near if a column is not there; `field` is the one that names it."""
    for name in asked:
        if name in frame.columns:
            continue
        near = difflib.get_close_matches(name.lower(), [str(column).lower() for column in frame.columns], n=1)
        meant = next((str(column) for column in frame.columns if near == [column.lower()]), None)
        hint = f" Did you mean {meant!r}?" if meant else ""
        listed = ", ".join(repr(column) for column in frame.columns[:20])
        more = f" and {len(frame.columns) - 20} more" if len(frame.columns) > 20 else ""
        raise DataError(
            f"There is no column {name!r} to be the {role}.{hint} The columns are {listed}{more}.",
            field,
            (f"Use {meant}", {field: meant}) if meant and field != "data" else None,
        )


def feature(name: str, values: Series[Any], chosen: bool, choice: ColumnChoice) -> tuple[Series[Any] | None, list[str]]:
    """The column as numbers (float64), dates or text, or None if it is of no use; and what to tell the user.

    `chosen` is True when the user asked for this very column.

    Raises:
        DataError: if the user says that it holds numbers or dates, and it does not.
    """
    if values.isna().all():
        return None, [f"Column {name!r} is empty, so it is left out."]
    if choice.kind == "category":
        return _category(name, as_words(values), most=MOST_CLASSES)
    if choice.kind == "date" or (choice.kind == "auto" and pd.api.types.is_datetime64_any_dtype(values)):
        return dates.read(name, values, choice.date_format)
    numeric, notes = as_numbers(name, values)
    if numeric is None and choice.kind == "number":
        raise DataError(*_no_numbers(name, values))
    if numeric is None:
        found, more = _category(name, values.astype("str").where(values.notna()))
        return found, [*more, *_perhaps_dates(name, values)]
    if numeric.nunique() <= 1 and not numeric.isna().any():
        return None, [*notes, f"Column {name!r} has the same value in every row, so it is left out."]
    if not chosen and identifiers.is_row_number(name, numeric):
        return None, [f"Column {name!r} only numbers the rows, so it is left out."]
    return numeric, notes


def as_numbers(name: str, values: Series[Any]) -> tuple[Series[Any] | None, list[str]]:
    """The values as float64 with NaN for what is missing or infinite; None if they are text."""
    known = values.dropna()
    notes = []
    if pd.api.types.is_numeric_dtype(values) or _are_flags(known):
        numeric = values.astype("float64")
    else:
        numeric = pd.to_numeric(values, errors="coerce").astype("float64")
        good = int(numeric.notna().sum())
        if good < _MOSTLY * len(known) or good == 0:
            return None, []
        if good < len(known):
            row = int(np.flatnonzero(numeric.isna() & values.notna())[0])
            notes = [
                f"Column {name!r}: {len(known) - good} of {len(known)} values are no numbers "
                f"(row {values.index[row] + 1}: {str(values.iloc[row])[:40]!r}) and count as missing."
            ]
    endless = numeric.abs() > LARGEST
    if endless.any():
        notes.append(f"Column {name!r}: {int(endless.sum())} infinite or too large value(s) count as missing.")
    return numeric.mask(endless), notes


def _are_flags(known: Series[Any]) -> bool:
    """True and False with gaps between them come as objects."""
    return bool(known.dtype == object and known.map(lambda value: isinstance(value, bool)).all())


def as_words(values: Series[Any]) -> Series[Any]:
    """Each value as a text; whole numbers without a point."""
    known = values.dropna()
    if pd.api.types.is_float_dtype(values) and (known % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("str").where(values.notna())


def _no_numbers(name: str, values: Series[Any]) -> tuple[str, str, tuple[str, dict[str, Any]] | None]:
    wrong = pd.to_numeric(values, errors="coerce").isna() & values.notna()
    row = int(np.flatnonzero(wrong)[0])
    came = f"row {values.index[row] + 1} has {str(values.iloc[row])[:40]!r}"
    return (
        f"The column {name!r} is said to hold numbers, but {came}. Correct it, or let the column be a category.",
        f"data.columns.{name}.kind",
        ("Make it a category", {f"data.columns.{name}.kind": "category"}) if "." not in name else None,
    )


def _perhaps_dates(name: str, values: Series[Any]) -> list[str]:
    return [f"Column {name!r} looks like dates: choose the kind 'date' to learn from their parts."] * looks_like_dates(
        values
    )


def _category(name: str, values: Series[Any], most: int = MOST_CATEGORIES) -> tuple[Series[Any] | None, list[str]]:
    count = values.nunique()
    if count > most:
        return None, [
            f"Column {name!r} has {count} different texts (more than {most}), so it is left out: "
            "it looks like a name or an identifier."
        ]
    if count <= 1 and not values.isna().any():
        return None, [f"Column {name!r} has the same value in every row, so it is left out."]
    return values, []


def target(name: str, values: Series[Any], task: str) -> Target:
    """The target of the rows that have one.

    Raises:
        DataError: if it cannot be learned, or is no number where one was asked for.
    """
    if not pd.api.types.is_numeric_dtype(values):
        values = _whole_numbers(values)
    if task == "regression" or (task == "auto" and _is_number(name, values)):
        return raw.numbers(name, _numbers(name, values))
    return _classes(name, values, asked=task == "classification")


def _whole_numbers(values: Series[Any]) -> Series[Any]:
    """Numbers too long for 64 bits come as text: all of them as float64, or the values as they were."""
    numeric = pd.to_numeric(values, errors="coerce")
    whole = not _are_flags(values) and numeric.notna().all() and (numeric.abs() <= LARGEST).all()
    return numeric.astype("float64") if whole else values


def _is_number(name: str, values: Series[Any]) -> bool:
    """Fractions, or whole numbers that are many or seldom come again; never text or yes and no."""
    if pd.api.types.is_bool_dtype(values):
        return False
    if not pd.api.types.is_numeric_dtype(values):
        _refuse_nearly_numbers(name, values)
        return False
    whole = bool((values % 1 == 0).all())
    different = values.nunique()
    return not whole or different > MOST_INTEGER_CLASSES or different > 2 + len(values) / 3


def _refuse_nearly_numbers(name: str, values: Series[Any]) -> None:
    numeric = pd.to_numeric(values, errors="coerce")
    good = int(numeric.notna().sum())
    if _MOSTLY * len(values) <= good < len(values) and numeric.nunique() > MOST_INTEGER_CLASSES:
        raise DataError(_no_number(name, values, numeric))


def _numbers(name: str, values: Series[Any]) -> Any:
    numeric = pd.to_numeric(values, errors="coerce").astype("float64")
    numeric = numeric.mask(numeric.abs() > LARGEST)
    if numeric.isna().any():
        raise DataError(
            _no_number(name, values, numeric), "data.task", ("Predict classes", {"data.task": "classification"})
        )
    if numeric.nunique() == 1:
        raise DataError(_one_value(name, values))
    return numeric.to_numpy()


def _no_number(name: str, values: Series[Any], numeric: Series[Any]) -> str:
    place = int(np.flatnonzero(numeric.isna())[0])
    return (
        f"The target column {name!r} needs numbers to regress, but row {values.index[place] + 1} has "
        f"{str(values.iloc[place])[:40]!r}. Correct it, or choose the task 'classification'."
    )


def _one_value(name: str, values: Series[Any]) -> str:
    return (
        f"The target column {name!r} has the same value ({str(values.iloc[0])[:40]!r}) in all {len(values)} rows, "
        "so there is nothing to learn. Choose another target."
    )


def _classes(name: str, values: Series[Any], asked: bool) -> Target:
    found = sorted(values.unique())
    if len(found) == 1:
        raise DataError(_one_value(name, values))
    if len(found) > MOST_CLASSES or (len(found) > MOST_CATEGORIES and len(found) > len(values) / 2):
        better = " or the task 'regression'" if pd.api.types.is_numeric_dtype(values) else ""
        raise DataError(
            f"The target column {name!r} has {len(found):,} different values in {len(values):,} rows: "
            f"too many to be classes. Choose another target{better}.",
            "data.target",
            ("Predict it as a number", {"data.task": "regression"}) if better else None,
        )
    numbers = pd.Categorical(values, categories=found).codes
    return raw.classes(name, np.asarray(numbers), tuple(_class_name(item) for item in found))


def _class_name(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
