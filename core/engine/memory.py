"""How much memory a process holds."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

_PAGE_MB = resource.getpagesize() / 2**20


def resident_mb(pid: int | None = None) -> float:
    """The memory of a process (this one by default) that is in RAM, in MiB; 0 if it cannot be known."""
    try:
        pages = Path(f"/proc/{pid or 'self'}/statm").read_bytes().split()[1]
    except OSError:
        return _peak_mb() if pid in (None, os.getpid()) else 0.0
    return int(pages) * _PAGE_MB


def _peak_mb() -> float:
    """Where there is no /proc: the most that it held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
