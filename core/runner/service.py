"""What one server has: its settings, the store, the engine, the runner; made once, for all its pages."""

from __future__ import annotations

import threading

from core import settings as environment
from core.engine import Engine, pulse
from core.errors import RunError
from core.progress import Progress
from core.runner import Runner
from core.runner.checking import Checker
from core.runner.local import LocalRunner
from core.settings import Settings
from core.spec import Project
from core.store import Run, Store

_lock = threading.Lock()
_service: Service | None = None


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
        self.checker = Checker(self.engine)
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
        self.engine.start()
        self.runner.start()

    def stop(self) -> None:
        """End the engine; runs that train go on, and the next server finds them."""
        self.runner.stop()
        self.engine.stop()
        self.store.close()
        if self._held is not None:
            pulse.let_go(self._held)
            self._held = None

    def train(self, project_id: str, project: Project) -> Run:
        """Queue a training of the project as it is now."""
        run = self.store.create_run(project_id, project, self.settings.runs)
        self.runner.submit(run.id)
        return run

    def train_on(self, run_id: str, epochs: int) -> Run:
        """Queue a run that is over for `epochs` more."""
        run = self.store.continue_run(run_id, epochs)
        self.runner.submit(run.id)
        return run


def service() -> Service:
    """The service of this process; made at the first call, from the environment."""
    global _service
    with _lock:
        if _service is None:
            _service = Service(environment.load())
        return _service
