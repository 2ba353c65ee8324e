"""Files that users gave: kept under the hash of their content, and found by nothing else."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import TypeVar

from core.data.facts import Folders
from core.data.tables import textfile
from core.errors import DataError
from core.spec import FileData

PREFIX = "upload:"
Own = TypeVar("Own", bound=FileData)
_HASH = re.compile(r"[0-9a-f]{64}")


def keep(content: bytes, folders: Folders) -> str:
    """Keep the content, once; returns the path for the project file, `upload:<sha256>`.

    Raises:
        DataError: if the disk does not take it.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = folders.uploads / digest
    if not path.exists():
        try:
            _write(content, path)
        except OSError as error:
            raise DataError(
                f"The file could not be kept on the server: {error.strerror or error}. "
                "Free some space on its disk, then upload the file again."
            ) from error
    return PREFIX + digest


def located(path: str, folders: Folders) -> tuple[Path, str]:
    """The file that a project names, and how to call it in a sentence.

    Raises:
        DataError: if it is no upload, and this process reads no others.
    """
    if path.startswith(PREFIX):
        return find(path, folders), "The uploaded file"
    if folders.files is None:
        raise DataError(f"The file {path!r} is not read here: only uploaded files are. Upload it on the Data page.")
    return folders.files / path, Path(path).name


def adopt(data: Own, folders: Folders, most_bytes: int = 50_000_000) -> Own:
    """The same source with its file kept among the uploads: for a jailed process that can read no other file.

    Raises:
        DataError: if the file is missing or too large.
    """
    if data.path.startswith(PREFIX):
        return data
    path, name = located(data.path, folders)
    return data.model_copy(update={"path": keep(textfile.content(path, name, most_bytes), folders)})


def stamp(data: FileData, folders: Folders) -> object:
    """Changes when the file was changed."""
    try:
        found = located(data.path, folders)[0].stat()
    except (OSError, ValueError, DataError):
        return None
    return found.st_mtime_ns, found.st_size


def is_kept(content: bytes, folders: Folders) -> bool:
    """Whether this very content is among the uploads already."""
    return (folders.uploads / hashlib.sha256(content).hexdigest()).exists()


def forget(name: str, folders: Folders) -> None:
    """Remove an upload that turned out to be of no use; only for one that nobody had kept before.

    Raises:
        DataError: as `find` does.
    """
    find(name, folders).unlink(missing_ok=True)


def _write(content: bytes, path: Path) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


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
