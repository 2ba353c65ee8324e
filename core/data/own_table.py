"""A user's own table: from a path of the project file, or one that the page took in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data import cutting, packaged, roles, tables, texts, uploads
from core.data.dates import looks_like_dates
from core.data.facts import Array, FileLimits, Folders
from core.data.raw import Raw
from core.data.tables import Table
from core.data.windows import Windows
from core.errors import DataError
from core.spec import ColumnChoice, DataSpec, ExcelData, TableData, TextChoice


def read(data: TableData, folders: Folders, table: Table | None = None) -> Raw:
    """Read the table, unless it was read before, and decide what each column is for.

    Raises:
        DataError: if the file is no table, or its target cannot be learned.
    """
    path, name = uploads.located(data.path, folders)
    table = table or _table(data, path, name, folders.limits)
    target_names = _target_names(data)
    roles.check_columns(table.frame, target_names[:1], "target", "data.target")
    roles.check_columns(table.frame, target_names, "target")
    _refuse_left_out(table, target_names)
    used, frame, windows, notes = _rows(table.frame, data, target_names)
    targets = tuple(
        roles.target(item, frame[item], data.task if item == data.target.strip() else "auto") for item in target_names
    )
    features, more = (used[[data.text.column]], []) if data.text else _features(table, used, data, target_names)
    return Raw(
        title=_title(data, name),
        kind="sequence" if windows else "text" if data.text else "table",
        features=replace(windows, rows=features) if windows else features.reset_index(drop=True),
        targets=targets,
        help=_help(data, len(used), len(features.columns)),
        licence=known.licence if (known := packaged.known(data.path)) else "Your own file.",
        notes=(*table.notes, *notes, *more),
        scaled=True,
        left_out=used.drop(columns=[name for name in used.columns if name in target_names or name in features]),
        header=tuple(table.frame.columns),
        split_by=_split_by(frame, data),
        weights=_weights(frame, data),
        reading=table.reading,
    )


def _rows(
    frame: pd.DataFrame, data: TableData, targets: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame, Windows | None, list[str]]:
    """The rows to learn from, those that hold the targets, and how the first are cut if they are a series."""
    if data.windows is None:
        frame, fewer = _rows_with_words(frame, data.text, targets) if data.text else (frame, [])
        known, notes = _known_targets(frame, targets)
        notes += fewer
        return frame[known], frame[known], None, notes
    windows, notes = cutting.cut(frame, data, data.windows)
    answers = windows.rows.iloc[windows.answers]
    known, lost = _known_targets(answers, targets)
    return windows.rows, answers[known], windows.taken(known), [*notes, *lost]


def _rows_with_words(frame: pd.DataFrame, choice: TextChoice, targets: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The rows that have some text.

    Raises:
        DataError: if the column is none of texts, or is the target.
    """
    name = choice.column
    roles.check_columns(frame, [name], "text", "data.text.column")
    other = ("Read the columns as they are", {"data.text": None})
    if name in targets:
        raise DataError(f"The column {name!r} is the target, so it cannot be the text.", "data.text.column", other)
    values = frame[name]
    if not values.notna().any() or not pd.api.types.is_string_dtype(values.dropna()):
        raise DataError(f"The column {name!r} holds no texts. Choose another column.", "data.text.column", other)
    has_words = values.map(lambda text: bool(texts.words(text)), na_action="ignore").eq(True)
    if not has_words.any():
        raise DataError(f"The column {name!r} has no word in any row. Choose another.", "data.text.column", other)
    lost = int((~has_words).sum())
    return frame[has_words], [f"{lost} row{'s' if lost > 1 else ''} without a word left out."] if lost else []


def _title(data: TableData, name: str) -> str:
    known = packaged.known(data.path)
    return known.title if known else "Uploaded table" if data.path.startswith(uploads.PREFIX) else name


def _help(data: TableData, rows: int, columns: int) -> str:
    if (known := packaged.known(data.path)) and data.windows is None and data.text is None:
        return known.help
    about = f"Your own data: {rows:,} rows, {columns} column{'s' if columns > 1 else ''} to learn from."
    if data.text is not None:
        return f"Your own data: {rows:,} texts. Which {data.target!r} belongs to the words of each?"
    if data.windows is None:
        return about
    later = "next" if data.windows.horizon == 1 else f"{data.windows.horizon} rows later"
    return f"{about} Each window has {data.windows.length} rows in order. Which {data.target!r} comes {later}?"


def _split_by(frame: pd.DataFrame, data: TableData) -> pd.Series[Any] | None:
    """The column that decides how the rows are split."""
    if data.split_by is None or data.split not in ("time", "group", "column"):
        return None
    roles.check_columns(frame, [data.split_by], "column to split by", "data.split_by")
    return frame[data.split_by]


def _weights(frame: pd.DataFrame, data: TableData) -> Array | None:
    """How much each row counts.

    Raises:
        DataError: if the column holds what is no weight.
    """
    name = data.sample_weight
    if name is None:
        return None
    roles.check_columns(frame, [name], "weight of the rows", "data.sample_weight")
    weights = pd.to_numeric(frame[name], errors="coerce").astype("float64")
    wrong = ~((weights >= 0) & (weights <= roles.LARGEST))
    if wrong.any() or not weights.any():
        row = int(np.flatnonzero(wrong)[0]) if wrong.any() else 0
        raise DataError(
            f"The column {name!r} is to weigh the rows, but row {frame.index[row] + 1} has "
            f"{str(frame[name].iloc[row])[:40]!r}; needed are numbers from 0, and not all 0.",
            "data.sample_weight",
            ("Weigh all rows alike", {"data.sample_weight": None}),
        )
    found: Array = weights.to_numpy(np.float32)
    return found


def _table(data: TableData, path: Path, name: str, limits: FileLimits) -> Table:
    """The file as a table; one of another kind than the project says is refused with that as the repair."""
    try:
        return tables.read(data, path, name, limits)
    except DataError as error:
        found = tables.kind_of(path)
        if error.repair or found not in _KINDS or found == data.source:
            raise
        fields = data.model_dump(mode="json", exclude_none=True, exclude={"sheet"}) | {"source": found}
        raise DataError(str(error), "data.source", (f"Read it as {_KINDS[found]}", {"data": fields})) from error


_KINDS = {"csv": "CSV", "excel": "Excel", "parquet": "Parquet", "json_lines": "JSON lines"}


@dataclass(frozen=True)
class Header:
    """The names of a table's columns in order, those that hold dates or longer texts, and the sheets of a workbook.

    `target` is the column that is most likely to be predicted.
    """

    columns: tuple[str, ...]
    dates: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    target: str = ""


def open_table(data: DataSpec, folders: Folders) -> Table:
    """The rows and columns of the file, before anything is chosen.

    Raises:
        DataError: if the file is no table.
    """
    if not isinstance(data, TableData):
        raise DataError("Only a table of your own has columns to choose from.")
    path, name = uploads.located(data.path, folders)
    return tables.read(data, path, name, folders.limits)


def header(data: DataSpec, folders: Folders, table: Table | None = None) -> Header:
    """What a form needs to know of a table before anything is chosen; `table` is what `open_table` gave before.

    Raises:
        DataError: if the file is no table.
    """
    frame = (table or open_table(data, folders)).frame
    where = uploads.located(data.path, folders) if isinstance(data, ExcelData) else None
    sheets = tables.sheets(*where, folders.limits) if where else []
    dates = [column for column in frame.columns if looks_like_dates(frame[column])]
    texts = tuple(_longer_texts(frame))
    return Header(tuple(frame.columns), tuple(dates), tuple(sheets), texts, _likely_target(frame))


_TARGETS = ("target", "label", "class", "outcome", "survived")


def _likely_target(frame: pd.DataFrame) -> str:
    """The column that is called so; else the last one that is known in at least half of the rows."""
    names = [str(name) for name in frame.columns]
    called = [name for name in names if name.strip().lower() in _TARGETS]
    known = [name for name in names if frame[name].notna().mean() >= 0.5]
    return [*names, *known, *called][-1]


def _longer_texts(frame: pd.DataFrame) -> list[str]:
    """Columns of more than a few words."""
    heads = {str(name): frame[name].dropna().head(1000) for name in frame.columns}
    found = {name: head for name, head in heads.items() if len(head) and pd.api.types.is_string_dtype(head)}
    return [name for name, head in found.items() if head.map(lambda text: len(text.split())).mean() > _FEW_WORDS]


_FEW_WORDS = 3


def _target_names(data: TableData) -> list[str]:
    """The main target first, then those that other outputs are trained on."""
    more = [name for names in (data.targets or {}).values() for name in names if name != "features"]
    return list(dict.fromkeys([data.target.strip(), *more]))


def _known_targets(frame: pd.DataFrame, names: list[str]) -> tuple[Array, list[str]]:
    """Which rows have known targets; infinite numbers are not."""
    known = pd.Series(True, index=frame.index)
    for name in names:
        column = frame[name]
        if pd.api.types.is_float_dtype(column):
            column = column.where(column.abs() <= roles.LARGEST)
        if column.isna().all():
            raise DataError(f"The target column {name!r} has no value in any row. Choose another target.")
        known &= column.notna()
    lost = int((~known).sum())
    if not lost:
        return known.to_numpy(), []
    if lost == len(frame):
        raise DataError("No row has a value in every target column: " + ", ".join(map(repr, names)) + ".")
    return known.to_numpy(), [f"{lost} row{'s' if lost > 1 else ''} without a usable target left out."]


def _refuse_left_out(table: Table, targets: list[str]) -> None:
    for name in targets:
        if name in table.left_out:
            raise DataError(f"The target column {name!r} {table.left_out[name]}. Choose another target.", "data.target")


def _features(table: Table, frame: pd.DataFrame, data: TableData, targets: list[str]) -> tuple[pd.DataFrame, list[str]]:
    taken = {data.sample_weight, *([data.split_by] if data.split in ("group", "column") else [])}
    taken |= {data.windows.order_by, data.windows.group_by} if data.windows else {*targets}
    chosen = data.features if data.features is not None else [name for name in frame.columns if name not in taken]
    choices = data.columns or {}
    roles.check_columns(frame, chosen, "feature")
    both = [name for name in chosen if name in targets and data.windows is None]
    if both:
        left = [name for name in chosen if name not in targets]
        raise DataError(
            f"The column {both[0]!r} is the target and cannot be a feature as well. Remove it from one.",
            "data.features",
            (f"Do not learn from {both[0]}", {"data.features": left or None}),
        )
    columns: dict[str, pd.Series[Any]] = {}
    notes: list[str] = []
    for name in dict.fromkeys(chosen):
        if name in table.left_out:
            notes.append(f"Column {name!r} {table.left_out[name]}, so it is left out.")
            continue
        column, more = roles.feature(
            name, frame[name], data.features is not None or name in choices, choices.get(name, ColumnChoice())
        )
        notes += more
        if column is not None:
            columns[name] = column
    if not columns:
        why = " ".join(notes) or "There is no column beside the target."
        raise DataError(f"No column is left to learn from. {why}")
    return pd.DataFrame(columns), notes
