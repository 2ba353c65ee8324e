"""Tables that packages carry inside their wheels: each is read as a user's own is, and no network is needed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from core.errors import DataError

PREFIX = "package:"
"""Begins the path of such a table in a project; its name follows."""


@dataclass(frozen=True)
class Packaged:
    """`package` is as it is imported, `file` where the table lies in it."""

    package: str
    file: str
    title: str
    help: str
    licence: str


TABLES = {
    "penguins": Packaged(
        "palmerpenguins",
        "data/penguins.csv",
        "Penguins",
        "344 penguins of three islands, measured at their nests, with gaps. Which of three species is it?",
        "CC0 1.0 (public domain), from the package palmerpenguins; Gorman, Williams and Fraser 2014.",
    )
}


def known(path: str) -> Packaged | None:
    """What is known of the table that a project's path names; None for every other path."""
    return TABLES.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None


def find(path: str) -> Path:
    """The file of such a table; the package is not imported.

    Raises:
        DataError: if there is no table of this name, or its package is not installed.
    """
    table = known(path)
    if table is None:
        names = ", ".join(PREFIX + name for name in TABLES)
        raise DataError(f"{path[:80]!r} is no table that comes in a package. Choose one of {names}.")
    found = find_spec(table.package)
    if found is None or found.origin is None:
        raise DataError(
            f"{table.title} comes in the package {table.package}, which is not installed. "
            "Install what requirements.txt names, then start Eagerly again."
        )
    return Path(found.origin).parent / table.file
