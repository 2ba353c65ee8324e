"""JSON text from outside, read with limits: size, nesting, names that stand twice, numbers that are none."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from core.errors import ImportRefused
from core.importing.faults import named
from core.importing.limits import Limits

_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_MOST_DIGITS = 15


def parsed(raw: bytes | memoryview, limits: Limits, what: str = "This file") -> Any:
    """The value that a JSON text has.

    Args:
        raw: UTF-8 text.
        limits: the longest and the deepest text that is read.
        what: how a sentence calls the text.

    Raises:
        ImportRefused: if it is no such JSON; says what was found and what is allowed.
    """
    if len(raw) > limits.text_bytes:
        raise ImportRefused("", f"{what} has {len(raw):,} bytes; a description has at most {limits.text_bytes:,}.")
    _refuse_deep_nesting(bytes(raw), limits.depth, what)
    try:
        return json.loads(
            bytes(raw).decode("utf-8-sig"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_int=_whole,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        raise ImportRefused("", f"{what} is no UTF-8 text. Choose another file.") from None
    except json.JSONDecodeError as fault:
        place = f"line {fault.lineno}, column {fault.colno}"
        raise ImportRefused("", f"{what} is no JSON: {fault.msg.lower()} at {place}.") from None


def _refuse_deep_nesting(raw: bytes, most: int, what: str) -> None:
    depth = 0
    for mark in _MARKS.finditer(raw):
        first = mark[0][:1]
        depth += 1 if first in b"[{" else -1 if first in b"]}" else 0
        if depth > most:
            raise ImportRefused("", f"{what} nests more than {most} brackets deep; at most {most} are read.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ImportRefused(named(twice), "this name stands twice in one object, so it is not clear which one counts.")
    return found


def _refuse_constant(text: str) -> None:
    raise ImportRefused("", f"{text} is no JSON number. Only finite numbers are taken.")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS + 1:
        raise ImportRefused("", f"A number of {len(text):,} digits stands in it; at most {_MOST_DIGITS} are taken.")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ImportRefused("", f"{named(text)} is too large for a number. Only finite numbers are taken.")
    return number
