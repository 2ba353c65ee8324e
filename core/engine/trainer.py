"""The trainer of one run: jailed in the run's folder, it knows nothing but two pipes to its keeper."""

from __future__ import annotations

import ctypes
import errno
import faulthandler
import json
import os
import queue
import select
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from core import data, document, train
from core.data import Folders
from core.engine import jail, log
from core.engine.wire import pack
from core.errors import EagerlyError
from core.events import Event, Failed, Note, encode
from core.settings import Settings
from core.spec import DownloadedData
from core.train.machine import from_dict

HEARD_STOP = b"!stop"
_GATHER_SECONDS = 0.02  # being woken for each of a thousand epochs a second would take the training thread's time
_NICENESS = 5  # the page stays quick while all cores train
_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


def fork(settings: Settings) -> tuple[int, int, int]:
    """Fork a trainer, which waits for its job.

    Returns:
        Its pid; the pipe that it speaks on, in frames; the pipe that takes the job and then words, one a line.
    """
    said, says = os.pipe()
    hears, words = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        os.close(says)
        os.close(hears)
        return pid, said, words
    code = 1
    try:
        os.close(said)
        os.close(words)
        _die_with(parent)
        _main(settings, Voice(says), Ears(hears))
        code = 0
    except BaseException:
        log.trace()
    finally:
        log.close()
        os._exit(code)


class Voice:
    """Writes events to the keeper from a thread of its own, so that training never waits for it."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="voice", daemon=True)

    def start(self) -> None:
        """Begin to write; what was said before is not lost."""
        self._thread.start()

    def say_now(self, event: Event) -> None:
        """Write one event from this thread; only before `start`."""
        os.write(self._pipe, pack(encode(event)))

    def report(self, event: Event) -> None:
        self._queue.put(pack(encode(event)))

    def heard_stop(self) -> None:
        self._queue.put(pack(HEARD_STOP))

    def finish(self) -> None:
        """Come back when everything is written."""
        if self._thread.ident is None:
            self.start()
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        try:
            is_open = True
            while is_open:
                frames = [self._queue.get()]
                time.sleep(_GATHER_SECONDS)
                while not self._queue.empty():
                    frames.append(self._queue.get())
                is_open = None not in frames
                said = b"".join(frame for frame in frames if frame is not None)
                while said:
                    said = said[os.write(self._pipe, said) :]
        except OSError:
            os._exit(1)  # the keeper is gone: nobody would ever know of what follows


class Ears:
    """Reads lines from the keeper: the job, then words; a `core.train.Control`."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._buffer = b""
        self.voice: Voice | None = None

    def poll(self) -> str | None:
        """The next word, or None when there is none yet."""
        if b"\n" not in self._buffer and select.select([self._pipe], [], [], 0)[0]:
            self._read()
        return self._next() if b"\n" in self._buffer else None

    def wait(self) -> str:
        """The next word, however long that takes."""
        while b"\n" not in self._buffer:
            self._read()
        return self._next()

    def _read(self) -> None:
        piece = os.read(self._pipe, 1 << 16)
        if not piece:
            os._exit(1)  # the keeper is gone
        self._buffer += piece

    def _next(self) -> str:
        line, _, self._buffer = self._buffer.partition(b"\n")
        word = line.decode()
        if word == "stop" and self.voice:
            self.voice.heard_stop()
        return word


def _main(settings: Settings, voice: Voice, ears: Ears) -> None:
    os.nice(_NICENESS)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    job = json.loads(ears.wait())
    folder = Path(job["folder"])
    _log_to(folder / "log.txt")
    ears.voice = voice
    try:
        _train(settings, job, folder, voice, ears)
    except EagerlyError as error:
        voice.report(Failed(str(error)))
    except MemoryError:
        voice.report(Failed("There is not enough memory for this. Try a smaller batch size or a smaller model."))
    except Exception as error:
        log.trace()
        voice.report(Failed(_sentence(error), details=traceback.format_exc()[-4000:]))
    voice.finish()


def _train(settings: Settings, job: dict[str, Any], folder: Path, voice: Voice, ears: Ears) -> None:
    project = document.load(job["document"])
    folders = Folders.of(settings)
    for needed in (folders.uploads, folders.datasets):
        needed.mkdir(parents=True, exist_ok=True, mode=0o700)
    if isinstance(project.data, DownloadedData) and not data.is_ready(project.data, folders):
        voice.say_now(Note(f"Downloading {data.describe(project.data, folders).title}; this is needed once."))
        data.fetch(project.data, folders)  # the last moment with a network
    jail.lock(jail.Cell(folder, (folders.uploads, folders.datasets), settings.memory_mb))
    voice.start()
    more = job["more_epochs"]
    start = train.more(more) if more else train.fresh
    machine = train.Machine(settings.resident_mb, from_dict(job["known"]))
    train.run(project, data.load(project, folders), folder, voice.report, ears, start, machine)


def _log_to(file: Path) -> None:
    """What Keras and TensorFlow print goes to the run's folder."""
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    faulthandler.enable()


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full, so the run could not go on. Free some space, then continue the run."
    words = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
    return f"Training ended with an error of Keras ({type(error).__name__}): {words}"
