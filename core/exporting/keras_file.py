"""The format `keras`: the model that a run left behind, or an untrained one built from the project.

A run's file holds the optimizer, loss and metrics too, unless one of them is a formula of the user's own: Keras stores
a function by its name only, so such a file could be opened nowhere (`keras.models.load_model` would fail for want of
`custom_objects`). It is saved without them, and opens everywhere; the Python script has the formula.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from core.errors import BuildError, ExportError
from core.spec import Project

MODEL = "model.keras"


def write(project: Project, run_folder: Path | None) -> bytes:
    """The content of a `.keras` file.

    Raises:
        ExportError: if the run has not finished, or Keras refuses the model.
    """
    if run_folder is None:
        return _untrained(project)
    try:
        return (run_folder / MODEL).read_bytes()
    except OSError as error:
        raise ExportError("This run has left no model yet. Let it finish, then export again.") from error


def _untrained(project: Project) -> bytes:
    import keras

    from core import build

    keras.utils.set_random_seed(project.training.seed)
    try:
        model = build.model(project)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / MODEL
            model.save(path)
            return path.read_bytes()
    except BuildError as fault:
        raise ExportError(f"This model cannot be built yet. {fault}") from fault
    except (OSError, ValueError, TypeError, NotImplementedError) as refusal:
        raise ExportError(f"Keras could not save this model: {str(refusal).splitlines()[0][:300]}") from refusal
