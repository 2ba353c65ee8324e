"""Sentences on what to look at before training, the gravest first, each with its repair where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from core.data import identifiers
from core.data.profiles import leaks, repairs
from core.data.profiles.found import ColumnProfile, Fix, Hint
from core.data.raw import Raw
from core.data.split import Split
from core.spec import DataSpec

_FAR = 10
"""So many interquartile ranges away from the quartiles a number may stand for something else."""
_UNEVEN = 10
_MISSING = 0.5


def find(data: DataSpec, raw: Raw, split: Split, columns: Sequence[ColumnProfile]) -> tuple[Hint, ...]:
    """All hints: what gives the target away first, then what is odd about the columns."""
    return (*_leaks(data, raw, columns), *_shared(raw, split), *_uneven(data, columns), *_odd(data, raw, columns))


def _leaks(data: DataSpec, raw: Raw, columns: Sequence[ColumnProfile]) -> Iterator[Hint]:
    if not isinstance(raw.features, pd.DataFrame) or raw.kind == "text":
        return
    told = dict(leaks.telling(raw, raw.features))
    for name, sentence in told.items():
        yield Hint(sentence, name, _ignore(data, raw, name))
    for column in columns:
        if column.role != "feature" or column.name in told:
            continue
        values, sentence = raw.features[column.name], ""
        if leaks.is_identifier(column.name, values):
            sentence = f"{column.name!r} is different in every row, like a row number: nothing general is in it."
        elif identifiers.names_groups(column.name, values):
            sentence = (
                f"{column.name!r} names what a row belongs to ({column.distinct:,} different numbers): their size "
                "means nothing. Split by group, or ignore it."
            )
        if sentence:
            yield Hint(sentence, column.name, _ignore(data, raw, column.name))


def _shared(raw: Raw, split: Split) -> Iterator[Hint]:
    for part, seen, rows in leaks.shared(raw, split):
        yield Hint(
            f"{seen:,} of the {rows:,} {part} rows ({seen / rows:.0%}) stand in the training part too, feature by "
            f"feature: the {part} score looks better than it is."
        )


def _uneven(data: DataSpec, columns: Sequence[ColumnProfile]) -> Iterator[Hint]:
    target = next(column for column in columns if column.role == "target")
    present = [(count, name) for count, name in zip(target.counts, target.values, strict=False) if count]
    if len(present) < 2 or max(present)[0] < _UNEVEN * min(present)[0]:
        return
    (most, often), (least, seldom) = max(present), min(present)
    total = sum(target.counts)
    yield Hint(
        f"Class {often!r} has {most:,} rows and {seldom!r} only {least:,}: always answering {often!r} is right in "
        f"{most / total:.0%} already. Watch more than the accuracy.",
        fix=repairs.balanced(data),
    )


def _odd(data: DataSpec, raw: Raw, columns: Sequence[ColumnProfile]) -> Iterator[Hint]:
    rows = len(raw if raw.table is None else raw.table)
    for column in columns:
        if column.role != "feature":
            continue
        if column.missing > _MISSING * rows:
            sentence = f"{column.name!r} is missing in {column.missing / rows:.0%} of the rows."
            yield Hint(sentence, column.name, _ignore(data, raw, column.name))
        if far := _far_end(column):
            low, _, high = column.quartiles
            yield Hint(
                f"{column.name!r} reaches {far:g}, far from the middle half of its values ({low:g} to {high:g}): "
                "does it stand for something unknown?",
                column.name,
                repairs.robust(data, column.name) if raw.table is not None else None,
            )


def _far_end(column: ColumnProfile) -> float | None:
    if column.kind != "number" or not column.quartiles or column.low is None or column.high is None:
        return None
    first, _, third = column.quartiles
    reach = _FAR * (third - first)
    if not reach:
        return None
    return column.high if column.high > third + reach else column.low if column.low < first - reach else None


def _ignore(data: DataSpec, raw: Raw, name: str) -> Fix | None:
    fields = repairs.give_role(data, raw.names, name, "ignored")
    return Fix(f"Ignore {name[: repairs.MOST_LETTERS]}", fields) if fields else None
