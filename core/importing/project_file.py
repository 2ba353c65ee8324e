"""The project file from outside: read as data, checked field by field, refused with the place of the fault."""

from __future__ import annotations

from core import document
from core.errors import ImportRefused, SpecError
from core.spec import Project

_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive, such as a .keras file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x80", "a pickle or another binary file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"%PDF", "a PDF file"),
)


def read(content: bytes) -> Project:
    """The project in a file.

    Raises:
        ImportRefused: if it is none; `path` is the place in it.
    """
    kind = next((kind for start, kind in _OTHERS if content.startswith(start)), None)
    if kind:
        raise ImportRefused("", f"This is {kind}, and a project file is JSON text. Choose a project file.")
    if not content.strip():
        raise ImportRefused("", "This file is empty. Choose a project file.")
    try:
        return document.load(content)
    except SpecError as fault:
        raise ImportRefused(fault.path, fault.message) from fault
