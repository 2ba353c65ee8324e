"""Landlock by system calls: which files, and no TCP ports, this process may use from now on.

The numbers are those of <linux/landlock.h>; see https://docs.kernel.org/userspace-api/landlock.html.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls; the same on every architecture
_PATH_BENEATH, _VERSION = 1, 1
_NO_NEW_PRIVILEGES = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
DEVICE = READ_FILE | WRITE_FILE | IOCTL
_ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
_FILES_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_FILES_NOW = (1 << 16) - 1
WRITE = ((1 << 15) - 1) & ~EXECUTE
_TCP = 0b11  # bind and connect, from version 4
_SCOPES = 0b11  # abstract sockets and signals to outside, from version 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def confine(rules: Iterable[tuple[Path, int]]) -> int:
    """Allow only these paths from now on, each with what is below it; paths that are not there are left out.

    Args:
        rules: a path and what may be done there: `READ`, `WRITE`, `EXECUTE`, `DEVICE`, or several joined by `|`.

    Returns:
        The version of Landlock: below 4 it does not know TCP, below 6 no signals.

    Raises:
        OSError: if this kernel has no Landlock, or refuses.
    """
    version = _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    handled = _FILES_BY_VERSION.get(version, _FILES_NOW)
    ruleset = _Ruleset(handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    file = _call(_CREATE, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path, access in rules:
            _allow(file, path, access & handled)
        _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _call(_RESTRICT, ctypes.c_int(file), ctypes.c_uint32(0))
    finally:
        os.close(file)
    return version


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        access = access if path.is_dir() else access & _ON_FILES
        rule = _Rule(access, parent)
        _call(_ADD, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(parent)


_libc = ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    result: int = _libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
