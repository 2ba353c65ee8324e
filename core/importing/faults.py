"""Collects what is refused, each with its place, so that a user hears of all of it at once."""

from __future__ import annotations

from core.catalog.rules import said
from core.errors import ImportRefused

MOST = 20


class Faults:
    """The places that are refused, in the order in which they were found."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, path: str, sentence: str) -> None:
        """Note a place that is refused.

        Raises:
            ImportRefused: when there are so many that nobody would read more.
        """
        if (path, sentence) not in self._found:
            self._found.append((path, sentence))
        if len(self._found) >= MOST:
            self.refuse()

    def refuse(self) -> None:
        """Raise `ImportRefused` if anything was found; `path` is the first place."""
        if not self._found:
            return
        path, first = self._found[0]
        others = "".join(f" Also {place}: {sentence}" for place, sentence in self._found[1:])
        raise ImportRefused(path, first + others)

    def __len__(self) -> int:
        return len(self._found)


def named(text: object) -> str:
    """A name out of the file as a sentence shows it: in quotes, cut, and nothing that a page could run."""
    return said(text if isinstance(text, str) else str(text)).replace("<", "‹").replace(">", "›")


def inside(path: str, field: object) -> str:
    """The place of a field; a field that is no plain name is quoted, and cut."""
    if isinstance(field, int):
        return f"{path}[{field}]"
    text = str(field)
    return f"{path}.{text}" if text.isidentifier() and len(text) <= 64 else f"{path}[{named(text)}]"
