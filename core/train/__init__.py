"""Training: two loops (`fit` and a hand-written one), four executions, one voice.

`run` trains in the calling thread, says everything through `report`, and asks `control` what to do. It never raises
for a fault of the project, of the data or of Keras: the last event is then `Failed`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.events import Event
from core.spec import Project
from core.train.control import Control
from core.train.machine import Machine
from core.train.plan import Plan, plan
from core.train.start import Start, fresh, more

if TYPE_CHECKING:
    from core.data import Dataset

__all__ = ["Control", "Machine", "Plan", "Start", "fresh", "more", "plan", "run"]


def run(
    project: Project,
    dataset: Dataset,
    folder: Path,
    report: Callable[[Event], None],
    control: Control,
    start: Start = fresh,
    machine: Machine | None = None,
) -> None:
    """Train a project on a data set; the last event is `Finished` or `Failed`.

    Args:
        project: what to build and how to train it.
        dataset: the rows, as `core.data.load` gives them; they are put on the device once.
        folder: gets `last.weights.h5`, `best.weights.h5`, `state.json` and, at the end, `model.keras`.
        report: called in this thread for every event, in order.
        control: asked between calls for a word: `pause`, `resume`, `step`, `epoch`, `stop`, `learning_rate=0.01`.
        start: `fresh`, or `more(epochs)` to go on from what the folder holds.
        machine: how much fits on the device, and what earlier runs measured.
    """
    from core.train import running  # loads TensorFlow

    running.run(running.Job(project, dataset, folder, start, machine or Machine()), report, control)
