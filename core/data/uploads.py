"""Files that users gave: kept under the hash of their content, and found by nothing else."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from core.data.facts import Folders
from core.errors import DataError

PREFIX = "upload:"
_HASH = re.compile(r"[0-9a-f]{64}")


def keep(content: bytes, folders: Folders) -> str:
    """Keep the content, once; returns the path for the project file, `upload:<sha256>`."""
    digest = hashlib.sha256(content).hexdigest()
    path = folders.uploads / digest
    if not path.exists():
        folders.uploads.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folders.uploads)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    return PREFIX + digest


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
