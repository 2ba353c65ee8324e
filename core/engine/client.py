"""The engine as the server sees it: warm or not, starts workers, answers questions. Never imports TensorFlow."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from core.engine.forker import Forker
from core.engine.kernels import Kernel, Kernels
from core.engine.wire import Channel, pair, settings_to_dict
from core.errors import EngineError
from core.settings import Settings

_USUAL_SECONDS = 15.0
_ATTEMPTS = 3


def _nothing(pid: int, code: int) -> None:
    """Nobody listens yet."""


class Engine:
    """A process that has TensorFlow, kept alive; and, forked from it, kernels and workers.

    Args:
        settings: where runs and logs are, and the limits of a worker.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.on_warm: Callable[[], None] = lambda: None
        self.on_exit: Callable[[int, int], None] = _nothing
        self._forker: Forker | None = None
        self._kernels: Kernels | None = None
        self._warm = threading.Event()
        self._settled = threading.Event()  # warm, or known to have failed
        self._stopping = threading.Event()
        self._error = ""
        self._began = 0.0
        self._attempts = 0

    def start(self) -> None:
        """Begin to warm up, and come back at once."""
        self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._began = time.monotonic()
        threading.Thread(target=self._keep_alive, name="engine", daemon=True).start()

    def stop(self) -> None:
        """End the engine and its kernels; workers go on."""
        self._stopping.set()
        self._cool("The engine has been stopped.")
        if self._forker:
            self._forker.close()

    @property
    def is_warm(self) -> bool:
        return self._warm.is_set()

    @property
    def error(self) -> str:
        """Why the engine cannot start, or an empty text."""
        return self._error

    @property
    def limits_off(self) -> tuple[str, ...]:
        """The limits of the jail that this system denies; empty while nothing is known."""
        return self._kernels.limits_off if self._kernels else ()

    @property
    def expected_seconds(self) -> float:
        """How long the warming-up took here the last time, or usually takes."""
        try:
            return float((self.settings.home / "warm_seconds").read_text())
        except (OSError, ValueError):
            return _USUAL_SECONDS

    @property
    def seconds_left(self) -> float:
        """An estimate of the time until the engine is warm."""
        return 0.0 if self.is_warm else max(0.0, self.expected_seconds - (time.monotonic() - self._began))

    def wait_warm(self, timeout: float) -> None:
        """Wait until questions can be asked.

        Raises:
            EngineError: if that fails, or takes longer than `timeout` seconds.
        """
        self._settled.wait(timeout)
        if not self.is_warm:
            raise EngineError(self._error or "TensorFlow is still starting. Try again in a few seconds.")

    def launch(self, run_id: str) -> int:
        """Start the worker of a run that has been claimed; the pid of its keeper.

        Raises:
            EngineError: if the engine is not warm, or no process can be had.
        """
        self.wait_warm(0)
        assert self._forker is not None  # it is warm
        return self._forker.fork("keeper", {"run_id": run_id, "settings": settings_to_dict(self.settings)})

    def ask(self, question: dict[str, Any], timeout: float = 10.0) -> dict[str, Any]:
        """Ask a kernel; see `core.engine.questions` for what can be asked.

        Args:
            question: JSON data; `question["ask"]` is its kind.
            timeout: seconds, the wait for a free kernel (and for the engine to be warm) included.

        Raises:
            EngineError: if there is no answer in time, or the kernel dies of the question.
            EagerlyError: what the kernel raised, of the same class.
        """
        began = time.monotonic()
        self.wait_warm(timeout)
        assert self._kernels is not None  # it is warm
        return self._kernels.ask(question, max(0.1, timeout - (time.monotonic() - began)))

    def _keep_alive(self) -> None:
        """Have a zygote as long as the server lives; give up if the imports fail again and again."""
        while self._attempts < _ATTEMPTS and not self._stopping.is_set():
            try:
                forker = self._forker = Forker(self.settings.home / "engine.log", self._environment(), self._exited)
                seconds = forker.wait_warm()
            except (EngineError, OSError) as error:
                self._attempts += 1
                self._fail(str(error))
                self._stopping.wait(2**self._attempts)
                continue
            threading.Thread(target=self._open, args=(forker, seconds), name="warm-up", daemon=True).start()
            forker.listen()
            self._cool("The engine has ended and is being started again. Try again in a few seconds.")

    def _open(self, forker: Forker, seconds: float) -> None:
        self._kernels = kernels = Kernels(lambda: self._kernel(forker))
        try:
            kernels.add()
        except EngineError as error:
            self._attempts += 1
            self._fail(str(error))
            forker.process.kill()
            return
        self._error, self._attempts = "", 0
        self._warm.set()
        self._settled.set()
        self.on_warm()
        self._remember(seconds)
        kernels.add()

    def _kernel(self, forker: Forker) -> Kernel:
        mine, theirs = pair()
        with theirs:
            try:
                pid = forker.fork("kernel", {"settings": settings_to_dict(self.settings)}, (theirs.fileno(),))
            except EngineError:
                mine.close()
                raise
        return Kernel(pid, Channel(mine), forker.kill)

    def _fail(self, sentence: str) -> None:
        self._error = sentence
        self._settled.set()

    def _cool(self, sentence: str) -> None:
        self._warm.clear()
        self._settled.clear()
        self._error = sentence
        self._began = time.monotonic()
        if self._kernels:
            self._kernels.close()

    def _exited(self, pid: int, code: int) -> None:
        self.on_exit(pid, code)

    def _environment(self) -> dict[str, str]:
        """What a user's own Keras settings say must not change what a project gives."""
        keras_home = str(self.settings.home / "keras")
        return {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow", "KERAS_HOME": keras_home}

    def _remember(self, seconds: float) -> None:
        try:
            (self.settings.home / "warm_seconds").write_text(f"{seconds + 1:.1f}")
        except OSError:
            return  # only the estimate gets worse
