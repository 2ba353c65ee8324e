"""Locks the process that works on a user's project away from the network, other files and other processes.

Each limit is set where the system has it; the names of those that it denies are given back, for the page to say.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import core
from core.engine import landlock

FILE_SIZE = 4 << 30  # bytes that one file may grow to
SPARE_MEMORY_MB = 2048  # what TensorFlow itself takes, on top of what the run may take

_NEW_USER, _NEW_NET, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000  # <linux/sched.h>
_CAPABILITIES_V3 = 0x20080522  # <linux/capability.h>
_CAPSET = {"x86_64": 126, "aarch64": 91}  # its number as a system call

_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/ssl", "/proc/self")
_NUMBERS = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/driver/nvidia", "/sys/devices", "/sys/bus/pci")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Cell:
    """What a jailed process may touch: `folder` to write in, `readable` to read, and how much memory to take."""

    folder: Path
    readable: tuple[Path, ...]
    memory_mb: int


def lock(cell: Cell) -> list[str]:
    """Lock this process up for good; call it before any thread is started.

    Returns:
        The names of the limits that the system denied, such as "network", "files", "memory".
    """
    _live_in(cell.folder)
    off: list[str] = []
    cut_off = _tried(_leave_namespaces)
    version = _confine(cell)
    _tried(_drop_capabilities)
    if not cut_off:
        off.append("network other than TCP" if version >= 4 else "network")
    off += [] if version >= 1 else ["files"]
    off += [] if version >= 6 else ["signals"]
    off += [] if _tried(lambda: _limit(resource.RLIMIT_FSIZE, FILE_SIZE)) else ["file size"]
    bytes_ = (cell.memory_mb + SPARE_MEMORY_MB) << 20
    off += [] if _tried(lambda: _limit(resource.RLIMIT_DATA, bytes_)) else ["memory"]
    _tried(lambda: _limit(resource.RLIMIT_CORE, 0))
    return off


def _live_in(folder: Path) -> None:
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chdir(folder)
    os.environ.update(HOME=str(folder), TMPDIR=str(temporary), KERAS_HOME=str(folder))
    tempfile.tempdir = str(temporary)


def _tried(limit: Callable[[], object]) -> bool:
    try:
        limit()
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _leave_namespaces() -> None:
    """A network with nothing in it, and no shared memory of other programs; needs no privilege."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_NET | _NEW_IPC) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def _drop_capabilities() -> None:
    """In its own namespace the process is its own root; that is not needed."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    if libc.syscall(_CAPSET[os.uname().machine], header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _confine(cell: Cell) -> int:
    try:
        return landlock.confine(_rules(cell))
    except (OSError, AttributeError):
        return 0


def _rules(cell: Cell) -> Iterable[tuple[Path, int]]:
    gpus = sorted(Path("/dev").glob("nvidia*"))
    read = landlock.READ | (landlock.EXECUTE if gpus else 0)  # XLA calls ptxas
    for path in (*map(Path, (*_SYSTEM, *_NUMBERS)), *_python()):
        yield path, read
    for device in (*map(Path, _DEVICES), *gpus):
        yield device, landlock.DEVICE
    for path in cell.readable:
        yield path, landlock.READ
    yield cell.folder, landlock.WRITE


def _python() -> set[Path]:
    """Python, the installed packages and our own code; not the folder that our code happens to be in."""
    paths = {Path(path) for name, path in sysconfig.get_paths().items() if name in ("stdlib", "purelib", "platlib")}
    base = sysconfig.get_config_vars().get("installed_base", sys.base_prefix)
    return {*paths, Path(str(base)) / "lib", Path(sys.prefix) / "lib", *map(Path, core.__path__)}


def _limit(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (most, most))
