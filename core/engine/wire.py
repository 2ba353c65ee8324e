"""How the engine's processes speak: frames of bytes with their length in front, in little-endian order."""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.settings import Settings

_LENGTH = struct.Struct("<I")
_CHUNK = 1 << 16


def pack(body: bytes) -> bytes:
    """One frame: four bytes of length, then the body."""
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Puts frames together again from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, piece: bytes) -> list[bytes]:
        """The bodies that are whole now."""
        self._buffer += piece
        bodies = []
        while len(self._buffer) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._buffer)[0]
            if len(self._buffer) < end:
                break
            bodies.append(bytes(self._buffer[_LENGTH.size : end]))
            del self._buffer[:end]
        return bodies


class Channel:
    """JSON objects, with open files beside them, over one end of a socket pair."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._frames = Frames()
        self._waiting: list[dict[str, Any]] = []
        self.files: list[int] = []
        """Files that came in and that nobody has taken yet; the taker closes them."""

    def fileno(self) -> int:
        return self._end.fileno()

    def send(self, message: dict[str, Any], files: tuple[int, ...] = ()) -> None:
        """Send one object; raises OSError if the other side is gone."""
        raw = pack(json.dumps(message).encode())
        self._end.settimeout(None)
        if files:
            sent = socket.send_fds(self._end, [raw], list(files))
            raw = raw[sent:]
        self._end.sendall(raw)

    def receive(self, timeout: float | None = None) -> dict[str, Any] | None:
        """The next object, or None when the other side has closed.

        Raises:
            TimeoutError: if nothing whole has come within `timeout` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._waiting:
            self._end.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
            piece, files, _, _ = socket.recv_fds(self._end, _CHUNK, 4)
            self.files += files
            if not piece:
                return None
            self._waiting += [json.loads(body) for body in self._frames.feed(piece)]
            if deadline is not None and not self._waiting and time.monotonic() > deadline:
                raise TimeoutError
        return self._waiting.pop(0)

    def receive_all(self) -> list[dict[str, Any]]:
        """Wait for one object, and take those that have come with it; empty when the other side has closed."""
        first = self.receive()
        rest, self._waiting = self._waiting, []
        return [] if first is None else [first, *rest]

    def close(self) -> None:
        """Close this end, and the files that nobody has taken."""
        for file in self.files:
            os.close(file)
        self.files.clear()
        self._end.close()


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends that only those who are given them can use."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


def settings_to_dict(settings: Settings) -> dict[str, Any]:
    """The settings as JSON data, for a process that is forked and must not read the environment again."""
    return {**asdict(settings), "home": str(settings.home)}


def settings_from_dict(data: dict[str, Any]) -> Settings:
    """The settings that `settings_to_dict` wrote."""
    return Settings(**{**data, "home": Path(data["home"])})
