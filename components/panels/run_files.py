"""What a run has left in its folder."""

from __future__ import annotations

from core.store import Run

_FILES = {"last": "last.weights.h5", "best": "best.weights.h5"}


def weights(run: Run) -> tuple[str, ...]:
    """Which weights there are: "last", and "best" once an epoch has been validated."""
    return tuple(name for name, file in _FILES.items() if (run.path / file).is_file())


def stamp(run: Run, weights: str) -> int:
    """When these weights were written, in nanoseconds; 0 if they are not there."""
    try:
        return (run.path / _FILES[weights]).stat().st_mtime_ns
    except OSError:
        return 0
