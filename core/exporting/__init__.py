"""What can be taken home: a project or a finished run as a file, one module for each format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ExportError
from core.exporting import notebook, project_file, python
from core.spec import Project

if TYPE_CHECKING:
    from core.data import DataFacts, Folders

__all__ = ["FORMATS", "Format", "export"]


@dataclass(frozen=True)
class Format:
    """`needs_keras`: it is made by an engine process, not by the page's."""

    name: str
    title: str
    suffix: str
    mime: str
    help: str
    needs_keras: bool = False


FORMATS = {
    item.name: item
    for item in (
        Format(
            "python",
            "Python script",
            ".py",
            "text/x-python",
            "Plain Keras code that gives the same numbers.",
        ),
        Format("notebook", "Notebook", ".ipynb", "application/x-ipynb+json", "The same code in cells, for Jupyter."),
        Format("project", "Project file", ".json", "application/json", "The project, to share or to open here again."),
        Format(
            "keras",
            "Keras model",
            ".keras",
            "application/zip",
            "The trained model, with layers in front that prepare raw rows, for keras.models.load_model.",
            needs_keras=True,
        ),
        Format(
            "network",
            "Keras network",
            ".keras",
            "application/zip",
            "The trained network alone, with its optimizer: it takes rows that are prepared already.",
            needs_keras=True,
        ),
    )
}


def export(
    project: Project,
    format: str,
    *,
    run_folder: Path | None = None,
    folders: Folders | None = None,
    facts: DataFacts | None = None,
) -> bytes:
    """The content of a file in that format.

    Args:
        project: what to export.
        format: one of `FORMATS`.
        run_folder: the folder of a finished run, whose weights to take; without it a model is untrained.
        folders: where data may be read: for code if `facts` are not given, for a run's model to prepare raw rows.
        facts: what is known of the data; only code needs them.

    Raises:
        ExportError: if there is no such format, or the project or run cannot be had in it.
        DataError: if the data has to be looked at and cannot be.
    """
    if format not in FORMATS:
        raise ExportError(f"There is no format {format!r}. Choose one of {', '.join(FORMATS)}.")
    if format == "project":
        return project_file.write(project)
    if FORMATS[format].needs_keras:
        from core.exporting import keras_file  # loads Keras when it writes

        if format == "network":
            return keras_file.network(project, run_folder)
        return keras_file.write(project, run_folder, folders)
    if facts is None:
        if folders is None:
            raise ExportError("A script needs the data's facts, or the folders to look them up.")
        from core import data

        facts = data.describe(project.data, folders)
    return notebook.write(project, facts) if format == "notebook" else python.script(project, facts).encode()
