"""Walks through a ZIP file that somebody gave: nothing is unpacked to disk, and nothing is trusted that it says."""

from __future__ import annotations

import itertools
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from core.errors import DataError

MOST_ENTRIES = 50_000
MOST_UNPACKED = 1_000_000_000
MOST_OF_ONE = 50_000_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


@contextmanager
def opened(path: Path, name: str) -> Iterator[Archive]:
    """The archive, after all that its directory says was looked at.

    Raises:
        DataError: if it is none, is too large, or has an entry that no honest archive has.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield Archive(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise DataError(f"{name} is no ZIP file, or was cut off. Pack the pictures again.") from error
    except OSError as error:
        raise DataError(f"{name} could not be read: {error.strerror or error}.") from error


class Archive:
    """The files in a ZIP archive by name, in order of their names; hidden ones are left out."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check_size(entries, name)
        for entry in entries:
            _check_entry(entry, name)
        _check_overlap(entries, name)
        found: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            if entry.filename in found:
                raise DataError(f"{name} has two files named {entry.filename[:120]!r}. Keep one of them.")
            if not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(entry.filename).parts):
                found[entry.filename] = entry
        self._entries = dict(sorted(found.items()))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def read(self, name: str) -> bytes:
        """The content of a file, never more than its directory entry says.

        Raises:
            DataError: if it is damaged.
        """
        try:
            with self._archive.open(self._entries[name]) as file:
                return file.read(MOST_OF_ONE)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
            raise DataError(f"{self._name}: the file {name[:120]!r} is damaged. Pack the pictures again.") from error


def _check_size(entries: list[zipfile.ZipInfo], name: str) -> None:
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise DataError(f"{name} has {len(entries):,} files; at most {MOST_ENTRIES:,} are read. Pack fewer.")
    if size > MOST_UNPACKED:
        raise DataError(
            f"{name} unpacks to {size / 1e6:,.0f} MB; at most {MOST_UNPACKED / 1e6:,.0f} MB are read. "
            "Make the pictures smaller, or pack fewer."
        )


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    path = entry.filename
    what = ""
    if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/") or ":" in path[:3]:
        what = "leads out of the archive"
    elif stat.S_ISLNK(entry.external_attr >> 16):
        what = "is a link"
    elif entry.flag_bits & _ENCRYPTED:
        what = "is protected by a password"
    elif entry.compress_type not in _METHODS:
        what = "is packed in a way that is not read here"
    elif entry.file_size > MOST_OF_ONE:
        what = f"has {entry.file_size / 1e6:,.0f} MB, more than {MOST_OF_ONE / 1e6:.0f}"
    if what:
        raise DataError(f"{name}: the file {path[:120]!r} {what}. Pack only the pictures, in folders by class.")


def _check_overlap(entries: list[zipfile.ZipInfo], name: str) -> None:
    """A small file can unpack to a huge one if many entries share the same bytes."""
    ends = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    if any(end > begin for (_, end), (begin, _) in itertools.pairwise(ends)):
        raise DataError(f"{name} has files that overlap, as no honest archive has. Pack the pictures again.")
