"""Files that users gave: kept under the hash of their content, and found by nothing else."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from core.data import packaged
from core.data.facts import Folders
from core.data.tables import textfile
from core.errors import DataError
from core.spec import FileData

PREFIX = "upload:"
Own = TypeVar("Own", bound=FileData)
_PART = ".part-"
_HASH = re.compile(r"[0-9a-f]{64}")


def keep(content: bytes, folders: Folders) -> str:
    """Keep the content, once; returns the path for the project file, `upload:<sha256>`.

    Raises:
        DataError: if the disk does not take it.
    """
    with Incoming(folders, most_bytes=len(content)) as file:
        file.write(content)
        return file.keep()


class Incoming:
    """A file on its way in: hashed as it comes, on the disk only, and gone unless it was kept whole.

    `is_new` says after `keep` if nobody had given this content before.
    """

    def __init__(self, folders: Folders, most_bytes: int | None = None) -> None:
        self._folders = folders
        self._most = folders.limits.size if most_bytes is None else most_bytes
        self._digest = hashlib.sha256()
        self._size = 0
        self._part: Path | None = None
        self.is_new = False

    def __enter__(self) -> Self:
        try:
            self._folders.uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(prefix=_PART, dir=self._folders.uploads)
        except OSError as error:
            raise _not_kept(error) from error
        self._part = Path(name)
        self._file = os.fdopen(handle, "wb", buffering=0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        if self._part is not None:
            self._part.unlink(missing_ok=True)

    def write(self, piece: bytes | bytearray) -> None:
        """The next piece.

        Raises:
            DataError: if that is more than may come, or the disk does not take it.
        """
        self._size += len(piece)
        if self._size > self._most:
            raise DataError(too_large(self._most))
        self._digest.update(piece)
        try:
            self._file.write(piece)
        except OSError as error:
            raise _not_kept(error) from error

    def keep(self) -> str:
        """The path for the project file, once the last piece is written; raises DataError as `write` does."""
        digest = self._digest.hexdigest()
        path = self._folders.uploads / digest
        self.is_new = not path.exists()
        try:
            if self.is_new and self._part is not None:
                os.replace(self._part, path)
                self._part = None
            else:
                os.utime(path, (time.time(), path.stat().st_mtime))  # wanted again, so not to be swept, but not changed
        except OSError as error:
            raise _not_kept(error) from error
        return PREFIX + digest


def too_large(most_bytes: int) -> str:
    """The sentence for a file over the limit."""
    return f"The file is larger than {most_bytes / 1e6:,.4g} MB, the most that is taken. Use fewer rows or columns."


def sweep(folders: Folders, used: Collection[str], seconds: float) -> None:
    """Remove what a server that died left half written, and whole files whose hash is not among those in use.

    Args:
        folders: where uploads are kept.
        used: the hashes of the files that are to stay.
        seconds: what is younger stays; somebody may just be writing it, or about to use it.
    """
    for path in folders.uploads.glob("*"):
        is_ours = path.name.startswith(_PART) or (_HASH.fullmatch(path.name) and path.name not in used)
        if is_ours and age(path) > seconds:
            path.unlink(missing_ok=True)


def age(path: Path) -> float:
    """Seconds since it was last written or given; what somebody else removed just now has none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0.0
    return time.time() - max(found.st_mtime, found.st_atime)


def _not_kept(error: OSError) -> DataError:
    return DataError(
        f"The file could not be kept on the server: {error.strerror or error}. "
        "Free some space on its disk, then upload the file again."
    )


def located(path: str, folders: Folders) -> tuple[Path, str]:
    """The file that a project names, and how to call it in a sentence.

    Raises:
        DataError: if it is none that stands for itself, and this process reads no others.
    """
    if path.startswith(PREFIX):
        return find(path, folders), "The uploaded file"
    if path.startswith(packaged.PREFIX):
        return packaged.find(path), "The packaged file"
    if folders.files is None:
        raise DataError(f"The file {path!r} is not read here: only uploaded files are. Upload it on the Data page.")
    return folders.files / path, Path(path).name


def adopt(data: Own, folders: Folders) -> Own:
    """The same source with its file kept among the uploads: for a jailed process that can read no other file.

    Raises:
        DataError: if the file is missing or too large.
    """
    if data.path.startswith((PREFIX, packaged.PREFIX)):
        return data
    path, name = located(data.path, folders)
    return data.model_copy(update={"path": keep(textfile.content(path, name, folders.limits.size), folders)})


def stamp(data: FileData, folders: Folders) -> object:
    """Changes when the file was changed."""
    try:
        found = located(data.path, folders)[0].stat()
    except (OSError, ValueError, DataError):
        return None
    return found.st_mtime_ns, found.st_size


def forget(name: str, folders: Folders) -> None:
    """Remove an upload that turned out to be of no use; only for one that nobody had kept before.

    Raises:
        DataError: as `find` does.
    """
    find(name, folders).unlink(missing_ok=True)


def find(name: str, folders: Folders) -> Path:
    """The file of an upload.

    Raises:
        DataError: if the name is no hash, or nothing is kept under it.
    """
    digest = name.removeprefix(PREFIX)
    if not _HASH.fullmatch(digest):
        raise DataError(
            f"{name[:80]!r} is no upload: needed 'upload:' and 64 hexadecimal digits. Upload the file again."
        )
    path = folders.uploads / digest
    if path.is_symlink() or not path.is_file():
        raise DataError("The uploaded file is no longer on this server. Upload it again on the Data page.")
    return path
