"""How much memory this process holds for itself."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

_ROLLUP = Path("/proc/self/smaps_rollup")
_READ_EVERY = 1.0  # seconds: the kernel walks all pages for one reading
_last = (-_READ_EVERY, 0.0)


def private_mb() -> float:
    """Megabytes (2**20 bytes) that only this process holds; the peak of all where the system cannot tell.

    A run is forked from an engine whose pages it shares; those are not counted.
    """
    global _last
    now = time.monotonic()
    if now - _last[0] >= _READ_EVERY:
        _last = (now, _read())
    return _last[1]


def _read() -> float:
    try:
        lines = _ROLLUP.read_text().splitlines()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 2**10
