"""The format `notebook`: the script in cells, with a heading above each part, for Jupyter and Colab."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.exporting import python
from core.spec import Project

if TYPE_CHECKING:
    from core.data.facts import DataFacts


def write(project: Project, facts: DataFacts) -> bytes:
    """The notebook as JSON (nbformat 4.5).

    Raises:
        ExportError: if the project is not complete.
    """
    parts = python.sections(project, facts)
    cells = [
        _cell("markdown", f"# {python.heading(project)}"),
        _cell("code", parts.imports),
        *(cell for part in (parts.data, parts.model, parts.compile, parts.training) for cell in _headed(part)),
    ]
    numbered = [{**cell, "id": f"cell-{place}"} for place, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {"cells": numbered, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1).encode()


def _headed(part: str) -> list[dict[str, Any]]:
    """The comment that opens a part of the script, as a heading, and the code below it."""
    comment, _, code = part.partition("\n")
    return [_cell("markdown", f"## {comment.strip('# .')}"), _cell("code", code)]


def _cell(kind: str, source: str) -> dict[str, Any]:
    lines = source.strip("\n").splitlines(keepends=True)
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": lines}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
