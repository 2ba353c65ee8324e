"""A user's table in a CSV file: from a path of the project file, or one that the page took in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.data import roles, table, textfile, uploads
from core.data.facts import Folders
from core.data.raw import Raw
from core.errors import DataError
from core.spec import CsvData

MOST_BYTES = 50_000_000


def read(data: CsvData, folders: Folders) -> Raw:
    """Read the table and decide what each column is for.

    Raises:
        DataError: if the file is no table, or its target cannot be learned.
    """
    path, name = _path(data, folders)
    read_table = table.read(textfile.read(path, name, MOST_BYTES), name)
    frame = read_table.frame
    target_names = _target_names(data)
    roles.check_columns(frame, target_names, "target")
    frame, notes = _rows_with_targets(frame, target_names)
    targets = tuple(
        roles.target(item, frame[item], data.task if item == data.target.strip() else "auto") for item in target_names
    )
    features, more = _features(frame, data, target_names)
    return Raw(
        title=name if not data.path.startswith(uploads.PREFIX) else "Uploaded table",
        kind="table",
        features=features.reset_index(drop=True),
        targets=targets,
        help=f"Your own table: {len(frame):,} rows, {len(features.columns)} columns to learn from.",
        licence="Your own file.",
        notes=(*read_table.notes, *notes, *more),
        scaled=True,
        left_out=frame.drop(columns=[*features.columns, *target_names]),
    )


def columns(path: str, folders: Folders) -> list[str]:
    """The names in a table's header, in order.

    Raises:
        DataError: if the file is no table.
    """
    found, name = _path(CsvData(source="csv", path=path, target=""), folders)
    return [str(column) for column in table.read(textfile.read(found, name, MOST_BYTES), name).frame.columns]


def adopt(data: CsvData, folders: Folders) -> CsvData:
    """The same table, kept among the uploads: for a jailed process that can read no other file.

    Raises:
        DataError: if the file is missing or too large.
    """
    if data.path.startswith(uploads.PREFIX):
        return data
    path, name = _path(data, folders)
    kept = uploads.keep(textfile.content(path, name, MOST_BYTES), folders)
    return data.model_copy(update={"path": kept})


def stamp(data: CsvData, folders: Folders) -> object:
    """Changes when the file was changed."""
    try:
        found = _path(data, folders)[0].stat()
    except (OSError, ValueError, DataError):
        return None
    return found.st_mtime_ns, found.st_size


def _path(data: CsvData, folders: Folders) -> tuple[Path, str]:
    """The file, and how to call it in a sentence."""
    if data.path.startswith(uploads.PREFIX):
        return uploads.find(data.path, folders), "The uploaded file"
    if folders.files is None:
        raise DataError(
            f"The file {data.path!r} is not read here: only uploaded files are. Upload it on the Data page."
        )
    return folders.files / data.path, Path(data.path).name


def _target_names(data: CsvData) -> list[str]:
    """The main target first, then those that other outputs are trained on."""
    more = [name for names in (data.targets or {}).values() for name in names if name != "features"]
    return list(dict.fromkeys([data.target.strip(), *more]))


def _rows_with_targets(frame: pd.DataFrame, names: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The rows whose targets are known; infinite numbers are not."""
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
        return frame, []
    if lost == len(frame):
        raise DataError("No row has a value in every target column: " + ", ".join(map(repr, names)) + ".")
    return frame[known], [f"{lost} row{'s' if lost > 1 else ''} without a usable target left out."]


def _features(frame: pd.DataFrame, data: CsvData, targets: list[str]) -> tuple[pd.DataFrame, list[str]]:
    chosen = data.features if data.features is not None else [name for name in frame.columns if name not in targets]
    roles.check_columns(frame, chosen, "feature")
    both = [name for name in chosen if name in targets]
    if both:
        raise DataError(f"The column {both[0]!r} is the target and cannot be a feature as well. Remove it from one.")
    columns, notes = {}, []
    for name in dict.fromkeys(chosen):
        column, more = roles.feature(name, frame[name], chosen=data.features is not None)
        notes += more
        if column is not None:
            columns[name] = column
    if not columns:
        why = " ".join(notes) or "There is no column beside the target."
        raise DataError(f"No column is left to learn from. {why}")
    return pd.DataFrame(columns), notes
