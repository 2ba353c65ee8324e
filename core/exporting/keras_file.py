"""The format `keras`: the model that a run left behind, with what prepares its rows in front: it takes raw rows.

The format `network` is the run's own file, for rows that are prepared already: it holds the optimizer, loss and metrics
too, unless one of them is a formula of the user's own: Keras stores a function by its name only, so such a file could
be opened nowhere (`keras.models.load_model` would fail for want of `custom_objects`). It is saved without them, and
opens everywhere; the Python script has the formula. Without a run both are the untrained network.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BuildError, DataError, ExportError
from core.spec import Project

if TYPE_CHECKING:
    from core.data import Folders

MODEL = "model.keras"
WEIGHTS = "last.weights.h5"


def network(project: Project, run_folder: Path | None) -> bytes:
    """The content of a `.keras` file that takes prepared rows.

    Raises:
        ExportError: if the run has not finished, or Keras refuses the model.
    """
    if run_folder is None:
        return _untrained(project)
    try:
        return (run_folder / MODEL).read_bytes()
    except OSError as error:
        raise ExportError("This run has left no model yet. Let it finish, then export again.") from error


def write(project: Project, run_folder: Path | None, folders: Folders | None) -> bytes:
    """The content of a `.keras` file that takes raw rows.

    Raises:
        ExportError: if the run has not finished, its data is gone, or Keras refuses the model.
    """
    if run_folder is None or folders is None:
        return network(project, run_folder)
    if not (run_folder / MODEL).is_file():
        raise ExportError("This run has left no model yet. Let it finish, then export again.")
    from core import build, data
    from core.exporting import raw_rows

    try:
        ready = data.prepared(project.data, folders)
        trained = build.model(project)
        trained.load_weights(run_folder / WEIGHTS)
        model = raw_rows.in_front(trained, project, ready)
        return (run_folder / MODEL).read_bytes() if model is trained else _saved(model)
    except DataError as fault:
        raise ExportError(
            f"The rows of this run can no longer be read, so what prepares them cannot be put in front. {fault} "
            "The format 'network' needs no data."
        ) from fault
    except BuildError as fault:
        raise ExportError(f"This model cannot be built any more. {fault}") from fault
    except (OSError, ValueError, TypeError, NotImplementedError) as refusal:
        raise _refused(refusal) from refusal


def _untrained(project: Project) -> bytes:
    import keras

    from core import build

    keras.utils.set_random_seed(project.training.seed)
    try:
        return _saved(build.model(project))
    except BuildError as fault:
        raise ExportError(f"This model cannot be built yet. {fault}") from fault
    except (OSError, ValueError, TypeError, NotImplementedError) as refusal:
        raise _refused(refusal) from refusal


def _saved(model: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MODEL
        model.save(path)
        return path.read_bytes()


def _refused(refusal: Exception) -> ExportError:
    return ExportError(f"Keras could not save this model: {str(refusal).splitlines()[0][:300]}")
