"""Puts the rows of a table in order and cuts them into windows, one series at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.data import dates, roles
from core.data.facts import Array
from core.data.windows import Windows
from core.errors import DataError
from core.spec import TableData, WindowsChoice


def cut(frame: pd.DataFrame, data: TableData, choice: WindowsChoice) -> tuple[Windows, list[str]]:
    """All windows of the table, still with all its columns; and what to tell the user.

    Raises:
        DataError: if the order is unknown, or no series is long enough.
    """
    _check(data, choice)
    frame, series, notes = _in_order(frame, data, choice)
    counts = np.bincount(series)
    firsts = np.cumsum(counts) - counts
    most = counts - (choice.length + choice.horizon) + 1
    if most.max() < 1:
        raise DataError(*_too_short(int(counts.max()), data, choice))
    starts = np.concatenate(
        [first + np.arange(0, count, choice.stride) for first, count in zip(firsts, most, strict=True)]
    )
    short = int((most < 1).sum())
    if short:
        notes.append(f"{short} of {len(most)} series are too short for a window, so they are left out.")
    return Windows(frame, starts, choice.length, choice.horizon, series), notes


def _check(data: TableData, choice: WindowsChoice) -> None:
    """Windows share rows, so only whole series can go to different parts, or stretches of time."""
    in_time = ("Split in time", {"data.split": "auto", "data.split_by": None})
    if data.split == "column":
        raise DataError("Windows of a series cannot be split as a column says: they share rows.", "data.split", in_time)
    if data.split == "group" and (choice.group_by is None or data.split_by != choice.group_by):
        given = choice.group_by
        raise DataError(
            "Windows can be split by group only if each group is a series of its own: "
            f"split_by is {data.split_by!r}, but the series are told apart by {given!r}.",
            "data.split_by",
            (f"Split by {given}", {"data.split_by": given}) if given else in_time,
        )
    if data.split == "time" and data.split_by not in (None, choice.order_by):
        raise DataError(
            f"The windows are in order of {choice.order_by or 'the rows of the file'}, so they cannot be split by the "
            f"time in column {data.split_by!r}.",
            "data.split_by",
            in_time,
        )


def _in_order(frame: pd.DataFrame, data: TableData, choice: WindowsChoice) -> tuple[pd.DataFrame, Array, list[str]]:
    """The rows by series (in order of their first rows) and time, and the number of each row's series."""
    series, times, notes = np.zeros(len(frame), np.int64), np.arange(len(frame)), []
    if choice.group_by is not None:
        roles.check_columns(frame, [choice.group_by], "column that tells series apart", "data.windows.group_by")
        series = pd.factorize(frame[choice.group_by].astype("str").fillna(""))[0]
    if choice.order_by is not None:
        times = _times(frame, data, choice.order_by)
    order = np.lexsort((times, series))
    series, times = series[order], times[order]
    again = int(((times[1:] == times[:-1]) & (series[1:] == series[:-1])).sum())
    if again:
        notes.append(
            f"Column {choice.order_by!r}: {again} row{'s have' if again > 1 else ' has'} the same value as the row "
            "before. Does another column tell several series apart?"
        )
    return frame.iloc[order], series, notes


def _times(frame: pd.DataFrame, data: TableData, name: str) -> Array:
    """Numbers or dates that can be sorted."""
    roles.check_columns(frame, [name], "order of the rows", "data.windows.order_by")
    values: pd.Series[Any] = frame[name]
    found = values
    if not pd.api.types.is_numeric_dtype(values):
        choice = (data.columns or {}).get(name)
        found = dates.parsed(values, choice.date_format if choice else None)
    if found.isna().any():
        row = int(np.flatnonzero(found.isna())[0])
        raise DataError(
            f"The rows are to be a series in order of {name!r}, but row {values.index[row] + 1} has "
            f"{'none' if pd.isna(values.iloc[row]) else repr(str(values.iloc[row])[:40])}. "
            "Needed is a number or a date such as '2026-11-28' in every row.",
            "data.windows.order_by",
            ("Take the order of the file", {"data.windows.order_by": None}),
        )
    return found.to_numpy()


def _too_short(
    longest: int, data: TableData, choice: WindowsChoice
) -> tuple[str, str, tuple[str, dict[str, Any]] | None]:
    """The repair leaves a window to the smallest part."""
    fractions = [data.validation_fraction, data.test_fraction, 1 - data.validation_fraction - data.test_fraction]
    need = choice.length + choice.horizon
    fits = int(longest * min(filter(None, fractions))) - choice.horizon
    return (
        f"A window of {choice.length} rows and its target {choice.horizon} later need {need} rows in order, but the "
        f"longest series has {longest}. Use a shorter length or horizon.",
        "data.windows.length",
        (f"Use a length of {fits}", {"data.windows.length": fits}) if fits > 0 else None,
    )
