"""The format `project`: the JSON document that the page opens again."""

from __future__ import annotations

from core import document
from core.spec import Project


def write(project: Project) -> bytes:
    """The project as a file."""
    return document.dump(project).encode()
