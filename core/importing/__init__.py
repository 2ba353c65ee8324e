"""Files from outside become projects: one module for each format, none of which trusts the file.

Nothing here imports Keras but `weights`, which the engine calls in a jail: an architecture is translated through the
catalog, and what the catalog does not know is refused with its place.
"""

from __future__ import annotations

import json

from core.errors import ImportRefused
from core.importing import keras_file, keras_text, project_file
from core.importing.found import Found
from core.importing.limits import DEFAULT, Limits
from core.spec import Project

__all__ = ["Found", "Limits", "find", "read"]

_REFUSED = (
    (b"\x89HDF", "an HDF5 file. Whole models of this kind can run code; save yours as .keras"),
    (b"\x80", "a pickle or another binary file, and a pickle can run code; save your model as .keras"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"%PDF", "a PDF file"),
    (b"\x93NUMPY", "an array of NumPy; save your model as .keras"),
)


def read(content: bytes, limits: Limits = DEFAULT) -> Project:
    """The project in a file; raises `ImportRefused` as `find` does."""
    return find(content, limits).project


def find(content: bytes, limits: Limits = DEFAULT, name: str = "") -> Found:
    """The project in a file: ours, a `.keras` file, or the text of `to_json()`.

    Args:
        content: the whole file.
        limits: how large a model may be.
        name: what to call a model that comes without a good name.

    Raises:
        ImportRefused: if it is none of these, or holds what is not taken; `path` is the place in it.
    """
    kind = next((kind for start, kind in _REFUSED if content.startswith(start)), None)
    if kind:
        raise ImportRefused("", f"This is {kind}. Choose a project file, a .keras file or the text of to_json().")
    if not content.strip():
        raise ImportRefused("", "This file is empty. Choose a project file, or a .keras file.")
    if content.startswith(b"PK"):
        return keras_file.read(content, limits, name)
    if b'"class_name"' in content[:4096]:
        return keras_text.read(_unquoted(content), limits, name)
    return Found(project_file.read(content))


def _unquoted(content: bytes) -> bytes:
    """`to_json()` gives a text; written by `json.dump` it stands in quotes, which are taken away."""
    if not content.lstrip().startswith(b'"'):
        return content
    try:
        inner = json.loads(content)
    except ValueError:
        return content
    return inner.encode() if isinstance(inner, str) else content
