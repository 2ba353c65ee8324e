"""A user's own pictures: a ZIP file with a folder for each class, or with a table of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from core.data import raw, roles, uploads
from core.data.facts import Array, Folders
from core.data.pictures.archive import Archive, opened
from core.data.pictures.decoding import decoded
from core.data.raw import MOST_VALUES, Raw
from core.data.tables import csv
from core.data.tables.textfile import checked_size
from core.errors import DataError
from core.spec import ImagesData

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
_MOST_BROKEN = 0.1


def read(data: ImagesData, folders: Folders) -> Raw:
    """Read every picture, in the order of the files' names.

    Raises:
        DataError: if the file is no archive that can be trusted, or its pictures have no classes.
    """
    path, name = uploads.located(data.path, folders)
    checked_size(path, name, folders.limits.size)
    with opened(path, name) as archive:
        table, *other_tables = [*(file for file in archive.names if file.lower().endswith(".csv")), None]
        labels = _labels(archive, table, name, folders.limits.rows)
        pictures = _pictures(archive, labels, data, name)
    found = sorted(set(pictures.labels))
    if len(found) < 2:
        raise DataError(
            f"{name}: all pictures are of one class, {found[0]!r}. Put those of each class into a folder of its own."
        )
    codes = np.array([found.index(label) for label in pictures.labels])
    return Raw(
        title=name if not data.path.startswith(uploads.PREFIX) else "Uploaded pictures",
        kind="image",
        features=pictures.pixels,
        targets=(raw.classes("class", codes, tuple(found)),),
        help=f"Your own pictures: {len(codes):,} in {len(found)} classes, resized to {data.width} × {data.height}.",
        licence="Your own file.",
        white=255.0,
        notes=(*_not_read(table, other_tables), *pictures.notes),
        reading={"left_out": list(pictures.left_out), "labels": table, "sixteen_bits": pictures.deep},
    )


@dataclass(frozen=True)
class _Pictures:
    pixels: Array
    labels: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    deep: bool


def _not_read(table: str | None, others: Sequence[str | None]) -> tuple[str, ...]:
    """What is said of several tables, of which one has the labels."""
    left = [file for file in others if file]
    return (f"The labels come from {table!r}; not read: {', '.join(map(repr, left[:5]))}.",) if left else ()


def _labels(archive: Archive, table: str | None, name: str, most_rows: int) -> dict[str, str]:
    """The class of each picture by its name: from the first table in the archive, else from its folder."""
    pictures = [file for file in archive.names if file.lower().endswith(SUFFIXES)]
    if not pictures:
        raise DataError(f"{name} has no pictures ({', '.join(SUFFIXES)}) in it. Pack them in folders by class.")
    if table is not None:
        return _from_table(archive, table, pictures, name, most_rows)
    loose = [file for file in pictures if not PurePosixPath(file).parent.name]
    if loose:
        raise DataError(
            f"{name}: the picture {loose[0][:120]!r} is in no folder, so its class is unknown. Put each picture into "
            "a folder named by its class, or add a CSV file with the columns file and label."
        )
    return {file: PurePosixPath(file).parent.name for file in pictures}


def _from_table(archive: Archive, table: str, pictures: list[str], name: str, most_rows: int) -> dict[str, str]:
    """A table with a column of file names and one of labels, which are its first two."""
    frame = csv.of_content(archive.read(table), f"{name}: {table}", most_rows).frame
    if len(frame.columns) < 2:
        raise DataError(f"{name}: {table} needs two columns, the file names and the labels; it has one.")
    files, words = frame.iloc[:, 0].astype("str"), roles.as_words(frame.iloc[:, 1])
    by_name = {PurePosixPath(file).name: file for file in pictures}
    found: dict[str, str] = {}
    for row, (file, word) in enumerate(zip(files, words, strict=True), start=1):
        place = file if file in pictures else by_name.get(PurePosixPath(str(file)).name)
        if place is None:
            raise DataError(f"{name}: row {row} of {table} names {str(file)[:120]!r}, which is not in the archive.")
        if isinstance(word, str):
            found[place] = word
    if not found:
        raise DataError(f"{name}: {table} has a label for no picture.")
    return dict(sorted(found.items()))


def _pictures(archive: Archive, labels: dict[str, str], data: ImagesData, name: str) -> _Pictures:
    channels = 1 if data.color == "grayscale" else 3
    if len(labels) * data.width * data.height * channels > MOST_VALUES:
        raise DataError(
            f"{len(labels):,} pictures of {data.width} × {data.height} are more than {MOST_VALUES:,} values.",
            "data.width",
            ("Make them 32 × 32", {"data.width": 32, "data.height": 32}),
        )
    pixels = np.zeros((len(labels), data.height, data.width, channels), np.uint8)
    notes: Counter[str] = Counter()
    first: dict[str, str] = {}
    broken: dict[str, str] = {}
    for place, file in enumerate(labels):
        try:
            picture = decoded(archive.read(file), (data.width, data.height), data.color)
        except ValueError as error:
            broken[file] = str(error)
            continue
        pixels[place] = picture.pixels
        notes[picture.note] += 1
        first.setdefault(picture.note, file)
    _refuse_broken(broken, len(labels), name)
    kept = [place for place, file in enumerate(labels) if file not in broken]
    said = [f"{count} picture(s), such as {first[note]!r}: {note}." for note, count in notes.items() if note]
    said += [f"{len(broken)} picture(s) left out: {file!r} {why}." for file, why in list(broken.items())[:1]]
    words = tuple(word for file, word in labels.items() if file not in broken)
    deep = any("16 bits" in note for note in notes)
    return _Pictures(pixels[kept], words, tuple(said), tuple(broken), deep)


def _refuse_broken(broken: dict[str, str], count: int, name: str) -> None:
    if len(broken) > _MOST_BROKEN * count:
        file, why = next(iter(broken.items()))
        raise DataError(
            f"{name}: {len(broken)} of {count} pictures cannot be read; the first is {file[:120]!r}, which {why}. "
            "Save them again as PNG or JPEG."
        )
