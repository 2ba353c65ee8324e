"""A ZIP archive from outside, read by its own table of contents; sizes are never believed, only counted.

Python's own reader takes overlapping members before 3.11.8 (CVE-2024-0450), so this one follows PKWARE's APPNOTE
itself, and takes no more of it than Keras writes: no encryption, no ZIP64, no comment between members.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import ImportRefused
from core.importing.faults import named

_END, _ENTRY, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_MOST_RATIO = 100
_PIECE = 1 << 18


@dataclass(frozen=True)
class Member:
    """One file in the archive; `packed` is a view of its bytes as they stand there."""

    name: str
    method: int
    packed: memoryview
    checksum: int

    def pieces(self, most: int) -> Iterator[bytes]:
        """Its content, piece by piece.

        Raises:
            ImportRefused: when it goes on after `most` bytes, unpacks to too much, or is damaged.
        """
        total = checksum = 0
        for piece in self._unpacked():
            total += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if total > most:
                raise ImportRefused(self.name, f"it holds more than {most:,} bytes; at most {most:,} are read.")
            if total > _MOST_RATIO * len(self.packed) + _PIECE:
                raise ImportRefused(
                    self.name, f"it unpacks to more than {_MOST_RATIO} times its size, as only harmful archives do."
                )
            yield piece
        if checksum != self.checksum:
            raise ImportRefused(self.name, "it is damaged: its checksum is wrong. Save the model again.")

    def read(self, most: int) -> bytes:
        """The whole content; raises as `pieces` does."""
        return b"".join(self.pieces(most))

    def _unpacked(self) -> Iterator[bytes]:
        if self.method == _STORED:
            for start in range(0, len(self.packed), _PIECE):
                yield bytes(self.packed[start : start + _PIECE])
            return
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for start in range(0, len(self.packed), _PIECE):
                waiting = bytes(self.packed[start : start + _PIECE])
                while (piece := unpacker.decompress(waiting, _PIECE)) or unpacker.unconsumed_tail:
                    yield piece
                    waiting = unpacker.unconsumed_tail
        except zlib.error:
            raise ImportRefused(self.name, "it is damaged and cannot be unpacked. Save the model again.") from None


def members(content: bytes, allowed: tuple[str, ...]) -> dict[str, Member]:
    """The files in an archive, by name.

    Args:
        content: the whole archive.
        allowed: the only names that may stand in it.

    Raises:
        ImportRefused: if it is damaged, or holds anything but these names, each once, beside each other.
    """
    whole = memoryview(content)
    found: dict[str, Member] = {}
    taken: list[tuple[int, int, str]] = []
    for name, fields in _contents(content):
        _refuse_strange(name, fields, allowed)
        if name in found:
            raise ImportRefused(name, "this name stands twice in the archive, so it is not clear which one counts.")
        header, start, end = _place(content, name, fields)
        taken.append((header, end, name))
        found[name] = Member(name, fields[3], whole[start:end], fields[6])
    _refuse_overlap(taken)
    return found


_Fields = tuple[int, ...]


def _contents(content: bytes) -> Iterator[tuple[str, _Fields]]:
    """Name and fields of each member, out of the table at the end."""
    end = content.rfind(_END, max(0, len(content) - 22 - 0xFFFF))
    if end < 0 or len(content) < end + 22:
        raise ImportRefused("", "This archive is cut off: its table of contents is missing. Copy or save it again.")
    disk, first_disk, here, count, size, offset, comment = struct.unpack_from("<4H2LH", content, end + 4)
    if disk or first_disk or here != count or offset + size > end or end + 22 + comment != len(content):
        raise ImportRefused("", "This archive is damaged or of a kind that Keras does not write. Save the model again.")
    if count > 16:
        raise ImportRefused("", f"This archive holds {count:,} files; a Keras model holds three.")
    for _ in range(count):
        if content[offset : offset + 4] != _ENTRY or offset + 46 > end:
            raise ImportRefused("", "The table of contents of this archive is damaged. Save the model again.")
        fields = struct.unpack_from("<6H3L5H2L", content, offset + 4)
        name_size, extra_size, comment_size = fields[9:12]
        raw = content[offset + 46 : offset + 46 + name_size]
        yield raw.decode("utf-8", "replace"), fields
        offset += 46 + name_size + extra_size + comment_size


def _refuse_strange(name: str, fields: _Fields, allowed: tuple[str, ...]) -> None:
    if name not in allowed:
        raise ImportRefused(
            named(name), f"this file does not belong into a Keras model, which holds {', '.join(allowed)}."
        )
    if fields[2] & _ENCRYPTED:
        raise ImportRefused(name, "it is encrypted. Save the model without a password.")
    if fields[3] not in (_STORED, _DEFLATED):
        raise ImportRefused(name, "it is packed in a way that Keras does not use. Save the model again.")
    if 0xFFFFFFFF in (fields[7], fields[8], fields[15]):
        raise ImportRefused(name, "it is said to be larger than 4 GB; a model that large is not taken.")


def _place(content: bytes, name: str, fields: _Fields) -> tuple[int, int, int]:
    """Where its header begins, and where its bytes begin and end."""
    header, packed = fields[15], fields[7]
    if content[header : header + 4] != _LOCAL or header + 30 > len(content):
        raise ImportRefused(name, "the table of contents leads to no file. The archive is damaged; save it again.")
    flags, method = struct.unpack_from("<2H", content, header + 6)
    name_size, extra_size = struct.unpack_from("<2H", content, header + 26)
    start = header + 30 + name_size + extra_size
    same = content[header + 30 : header + 30 + name_size].decode("utf-8", "replace") == name
    if not same or method != fields[3] or flags & _ENCRYPTED or start + packed > len(content):
        raise ImportRefused(name, "its header differs from the table of contents. The archive is damaged.")
    if method == _STORED and packed != fields[8]:
        raise ImportRefused(name, "its two sizes differ. The archive is damaged; save it again.")
    return header, start, start + packed


def _refuse_overlap(taken: list[tuple[int, int, str]]) -> None:
    reached = 0
    for start, end, name in sorted(taken):
        if start < reached:
            raise ImportRefused(name, "it overlaps with another file in the archive, as only harmful archives do.")
        reached = end
