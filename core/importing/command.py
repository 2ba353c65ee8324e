"""The command `import`: a file in, a project out, and its weights if they are wanted."""

from __future__ import annotations

from pathlib import Path

from core import document, importing, settings
from core.errors import ImportRefused
from core.importing.found import Found
from core.importing.limits import Limits


def run(file: Path, project: Path | None, folder: Path | None) -> Found:
    """Read a file; write the project, and its weights as a run leaves them, where that is asked for.

    Raises:
        ImportRefused: if something in the file is not taken.
    """
    home = settings.load()
    limits = Limits(home.max_parameters, home.max_layers)
    content = _read(file, limits)
    found = importing.find(content, limits, file.stem)
    if folder is not None:
        if not content.startswith(b"PK"):
            raise ImportRefused("", "This file has no weights: only .keras files have. Import it without --weights.")
        from core.importing import weights  # loads Keras

        weights.write(content, found, limits, folder / weights.FILE)
    if project is not None:
        project.write_text(document.dump(found.project), encoding="utf-8")
    return found


def _read(file: Path, limits: Limits) -> bytes:
    if file.is_dir():
        raise ImportRefused("", "This is a folder. SavedModels can run code; save your model as one .keras file.")
    if file.stat().st_size > limits.file_bytes:
        raise ImportRefused("", f"This file is too large; at most {limits.file_bytes:,} bytes are taken.")
    return file.read_bytes()
