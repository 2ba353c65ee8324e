"""A process that answers questions about projects, one after the other; forked from the zygote, jailed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path
from typing import Any

from core.engine import jail, log, questions
from core.engine.memory import resident_mb
from core.engine.wire import Channel, settings_from_dict
from core.errors import EagerlyError
from core.settings import Settings

MOST_MEMORY_MB = 3000  # beyond, this kernel gives its last answer and makes room for a fresh one


def main(message: dict[str, Any], files: list[int]) -> None:
    """Answer on the socket that came along, until its other end closes."""
    channel = Channel(socket.socket(fileno=files[0]))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    settings = settings_from_dict(message["settings"])
    folder = settings.home / "kernels" / str(os.getpid())
    try:
        _serve(channel, settings, folder)
    except (BrokenPipeError, ConnectionResetError):
        return  # the server is gone
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(channel: Channel, settings: Settings, folder: Path) -> None:
    readable = (settings.uploads, settings.datasets, settings.runs)
    for needed in (folder, *readable):
        needed.mkdir(parents=True, exist_ok=True, mode=0o700)
    off = jail.lock(jail.Cell(folder, readable, settings.memory_mb))
    answers = questions.Answers(settings)
    answers.warm_up()
    channel.send({"ready": True, "limits_off": off})
    while (question := channel.receive()) is not None:
        answer = _answer(answers, question)
        last = resident_mb() > MOST_MEMORY_MB
        channel.send({**answer, "last": last})
        if last:
            return


def _answer(answers: questions.Answers, question: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"answer": answers.to(question)}
    except EagerlyError as error:
        return {"error": type(error).__name__, "arguments": error.args}
    except MemoryError:
        text = "This needs more memory than a question may take. Make the model or the data smaller."
        return {"error": "EngineError", "arguments": [text]}
    except Exception as error:
        log.trace()
        words = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
        return {"error": "EngineError", "arguments": [f"The engine could not answer ({type(error).__name__}): {words}"]}
