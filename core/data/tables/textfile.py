"""Reads a text file that somebody made somewhere: limits and encodings first, one clear sentence if it fails."""

from __future__ import annotations

import codecs
import contextlib
import re
from pathlib import Path
from typing import NoReturn

from core.errors import DataError

_SIGNS_OF_OTHER_FILES = (
    (b"PK\x03\x04", "an Excel or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"%PDF", "a PDF file"),
    (b"\x1f\x8b", "a compressed (gzip) file"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89HDF", "an HDF5 file"),
    (b"SQLite format 3", "a database"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"ID3", "a sound"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def read(path: Path, name: str, most_bytes: int) -> tuple[str, str]:
    """The file's text, and how it was encoded: UTF-8, UTF-16 if it says so in its first bytes, else Windows (cp1252).

    Raises:
        DataError: if the file is missing, too large, empty, or no text.
    """
    return of_content(content(path, name, most_bytes), name)


def of_content(found: bytes, name: str) -> tuple[str, str]:
    """The same for what was read already."""
    if not found.strip():
        raise DataError(f"{name} is empty. A table needs a line of column names and at least two rows.")
    for sign, kind in (*_SIGNS_OF_OTHER_FILES, (found[:4] + b"ftyp", "a video, or a picture of a phone (HEIC)")):
        if found.startswith(sign):
            raise DataError(f"{name} is {kind}, not text. Save the table as CSV (UTF-8) and use that file.")
    text, encoding = _decoded(found, name)
    _refuse_control_characters(text, name)
    return text, encoding


def content(path: Path, name: str, most_bytes: int) -> bytes:
    """The file's bytes.

    Raises:
        DataError: if the file is missing, unreadable or too large.
    """
    checked_size(path, name, most_bytes)
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{name} could not be read: {error.strerror or error}.") from error


def checked_size(path: Path, name: str, most_bytes: int) -> None:
    """Raise a DataError if there is no such file, or it is empty or too large."""
    try:
        if not path.is_file():
            raise DataError(f"There is no file {name}. Check the path, or upload the file.")
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{name} could not be read: {reason}.") from error
    if not size:
        raise DataError(f"{name} is empty. A table needs a line of column names and at least two rows.")
    if size > most_bytes:
        raise DataError(
            f"{name} has {size / 1e6:.1f} MB; at most {most_bytes / 1e6:.0f} MB are read. Use fewer rows or columns."
        )


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _try(("utf-16",), content) or _refuse(name, "says it is UTF-16, but is not")
    if b"\x00" in content:
        at = content.index(b"\x00")
        line = content.count(b"\n", 0, at) + 1
        raise DataError(
            f"{name} has a NUL byte in line {line}: it is damaged, or not UTF-8. Save it again as CSV (UTF-8)."
        )
    first = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    return _try((first, "cp1252"), content) or _refuse(name, "is neither UTF-8 nor Windows text")


def _try(encodings: tuple[str, ...], content: bytes) -> tuple[str, str] | None:
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding), encoding
    return None


def _refuse(name: str, what: str) -> NoReturn:
    raise DataError(f"{name} {what}. Save it again as CSV (UTF-8).")


def _refuse_control_characters(text: str, name: str) -> None:
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise DataError(
            f"{name} holds binary data (the character U+{ord(found[0]):04X} in line {line}), not only text. "
            "Save it again as CSV (UTF-8)."
        )
