"""What is written to stderr, which may be a file on a full disk: never a reason to end."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress

_STDERR = 2


def say(text: str) -> None:
    """One line, past Python's buffer: what cannot be written must not stay there and fail again later."""
    with suppress(OSError):
        os.write(_STDERR, f"{text}\n".encode(errors="backslashreplace"))


def trace() -> None:
    """The traceback of the exception that is being handled."""
    say(traceback.format_exc())


def close() -> None:
    """Write what others left in the buffer; before `os._exit`, which would drop it."""
    with suppress(OSError, ValueError):
        sys.stderr.flush()
