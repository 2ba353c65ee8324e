"""Whether a keeper lives: it holds a lock on a file, which the system lets go of however the keeper ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def hold(file: Path) -> int | None:
    """Lock the file for as long as this process lives; None if another process holds it.

    Returns:
        The open file; the lock lasts as long as it is open in any process, so forks must close it.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return None
    return opened


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock."""
    if not file.exists():
        return False
    opened = hold(file)
    if opened is None:
        return True
    os.close(opened)
    return False


def of_keeper(folder: Path) -> Path:
    """The lock file of the keeper of the run in this folder."""
    return folder / "keeper.lock"


def let_go(held: int) -> None:
    """Let go of a lock that `hold` gave."""
    os.close(held)
