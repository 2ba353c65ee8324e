"""What one server has: its settings, the store, the engine, the runner; made once, for all its pages."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import importing, settings as environment
from core.data import Folders, uploads
from core.engine import Engine, pulse
from core.errors import EngineError, RunError
from core.importing import Limits
from core.progress import Progress
from core.runner import Runner
from core.runner.asking import Asking
from core.runner.checking import Checker
from core.runner.given import GivenFiles
from core.runner.local import LocalRunner
from core.settings import Settings
from core.spec import Project
from core.store import Run, Store

IMPORT_SECONDS = 60.0
"""A model of 20 million parameters is built, and its weights are read."""

LEAST_FREE_MB = 20
"""With less free space than this no run is started; those that train go on."""

_lock = threading.Lock()
_service: Service | None = None


@dataclass(frozen=True)
class Imported:
    """A project out of a file; it begins with the file's weights where those could be read.

    `trouble` says why they could not, though the file has some; another try may succeed.
    """

    project: Project
    notes: tuple[str, ...]
    trouble: str = ""


class Service:
    """The parts of a server, put together.

    Raises:
        StoreError: if the database cannot be opened.
        RunError: if the settings ask for a runner that is not there.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.runner != "local":
            raise RunError(f"EAGERLY_RUNNER is {settings.runner!r}, but this version knows only 'local'.")
        self.settings = settings
        self.store = Store(settings.database_url)
        self.engine = Engine(settings)
        self.runner: Runner = LocalRunner(self.store, self.engine, settings.workers)
        self.progress = Progress(self.store)
        self.given = GivenFiles(settings, self.store)
        self.checker = Checker(self.engine)
        self.asking = Asking()
        self.trouble = ""
        """Why this server cannot work, for every page to say; empty if it can."""
        self._held: int | None = None

    def start(self) -> None:
        """Warm the engine and take over the queue; comes back at once.

        Raises:
            RunError: if another server uses the same folder.
        """
        self._held = pulse.hold(self.settings.home / "server.lock")
        if self._held is None:
            self.trouble = (
                f"Another Eagerly uses the folder {self.settings.home} already. Open that one in the browser, "
                "stop it, or give this one a folder of its own with EAGERLY_HOME."
            )
            raise RunError(self.trouble)
        for folder in (self.settings.runs, self.settings.uploads, self.settings.datasets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.given.sweep()
        self.engine.start()
        self.runner.start()

    def stop(self) -> None:
        """End the engine; runs that train go on, and the next server finds them."""
        self.runner.stop()
        self.asking.close()
        self.engine.stop()
        self.store.close()
        if self._held is not None:
            pulse.let_go(self._held)
            self._held = None

    @property
    def disk_trouble(self) -> str:
        """Why work may not be saved at the moment, for every page to say; empty if there is space."""
        free = self._free_mb
        if free >= LEAST_FREE_MB:
            return ""
        return (
            f"The disk with {self.settings.home} is full: {free} MB are free, and {LEAST_FREE_MB} MB are needed. "
            "Free some space; until then no run can start, and changes may not be saved."
        )

    def no_room_for(self, size: int) -> str:
        """Why a file of so many bytes is not taken; empty if the disk can hold it, and runs can start then."""
        free, needed = self._free_mb, LEAST_FREE_MB + (size >> 20)
        if free >= needed:
            return ""
        return f"The server's disk has {free} MB free, and {needed} MB are needed for this file. Free some space there."

    @property
    def _free_mb(self) -> int:
        return shutil.disk_usage(self.settings.home).free >> 20

    def epoch_seconds(self, run: Run, project: Project) -> float | None:
        """The seconds that an epoch of the run took; None if it trained something else than the project now says."""
        if _work(run.project) != _work(project):
            return None
        return self.progress.view(run.id).epoch_seconds

    def train(self, project_id: str, project: Project) -> Run:
        """Queue a training of the project as it is now, from imported weights where it says so.

        Raises:
            RunError: if the disk is full, or the weights are not here.
        """
        self._need_space()
        begins_with = self.initial_weights(project)
        run = self.store.create_run(project_id, project, self.settings.runs)
        if begins_with is not None:
            run.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(begins_with, run.path / "start.weights.h5")
        self.runner.submit(run.id)
        return run

    def initial_weights(self, project: Project) -> Path | None:
        """The file of the weights that a run of the project begins with; None: fresh ones.

        Raises:
            RunError: if they are not on this server.
        """
        digest = project.training.initial_weights
        if digest is None:
            return None
        file = self.given.weights(digest)
        if not file.is_file():
            raise RunError(
                "The imported weights that this project begins with are not on this server. Open their .keras file "
                "again, or choose fresh weights under Training loop on the Train page."
            )
        return file

    def import_file(self, reference: str, name: str) -> Imported:
        """The project in an uploaded file, and its weights; nothing in the file is run.

        The layers are read here, as data; the weights in a kernel, which is jailed.

        Args:
            reference: what the upload is called, `upload:<hash>`.
            name: as the user's computer calls it.

        Raises:
            ImportRefused: if something in it is not taken; `path` is its place.
            DataError: if there is no such upload.
        """
        limits = Limits(self.settings.max_parameters, self.settings.max_layers)
        path = uploads.find(reference, Folders.of(self.settings))
        content = path.read_bytes()
        found = importing.find(content, limits, Path(name).stem)
        if not found.groups or not content.startswith(b"PK"):
            return Imported(found.project, found.notes)
        try:
            self._read_weights(reference)
        except EngineError as error:
            trouble = f"Its weights could not be read, so training would begin with fresh ones. {error}"
            return Imported(found.project, found.notes, trouble)
        training = found.project.training.model_copy(update={"initial_weights": path.name})
        return Imported(found.project.model_copy(update={"training": training}), found.notes)

    def _read_weights(self, reference: str) -> None:
        """Keep the weights of a `.keras` file under its hash; they are read once."""
        file = self.given.weights(reference.removeprefix(uploads.PREFIX))
        if file.is_file():
            os.utime(file.parent)  # wanted again, so not to be swept
            return
        written = Path(self.engine.ask({"ask": "import", "path": reference}, IMPORT_SECONDS)["weights"])
        if written.parent.parent != self.settings.home / "kernels" or written.is_symlink():
            raise EngineError("The engine put them into a strange place. Try again.")
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(written, file)

    def train_on(self, run_id: str, epochs: int) -> Run:
        """Queue a run that is over for `epochs` more; raises RunError if the disk is full."""
        self._need_space()
        run = self.store.continue_run(run_id, epochs)
        self.runner.submit(run.id)
        return run

    def _need_space(self) -> None:
        if trouble := self.disk_trouble:
            raise RunError(trouble)


def _work(project: Project) -> tuple[Any, ...]:
    """What an epoch's time hangs on; where layers stand on the canvas is not of it."""
    model = project.model
    nodes = tuple(node.model_copy(update={"position": None}) for node in model.nodes)
    repeats = tuple((block.nodes, block.repeat) for block in model.blocks)
    training = project.training
    return project.data, nodes, repeats, model.outputs, project.compile, training.batch_size, training.loop


def service() -> Service:
    """The service of this process; made at the first call, from the environment."""
    global _service
    with _lock:
        if _service is None:
            _service = Service(environment.load())
        return _service
