"""The examples: ready projects beside this file, each with a card that says what can be learned from it."""

from __future__ import annotations

from pathlib import Path

from core import document
from core.errors import SpecError
from core.gallery.cards import CARDS, Card
from core.spec import Project, TableData

__all__ = ["DEFAULT", "FOLDER", "Card", "cards", "load", "names", "table"]

DEFAULT = "digits_dense"
FOLDER = Path(__file__).parent


def cards() -> tuple[Card, ...]:
    """What the page shows of each example, in the order in which to try them."""
    return CARDS


def names() -> tuple[str, ...]:
    """The names of the examples; `load` takes one of them."""
    return tuple(card.name for card in CARDS)


def load(name: str = DEFAULT) -> Project:
    """The project of an example; a CSV file of ours is named by its full path.

    Raises:
        SpecError: if there is no such example.
    """
    if name not in names():
        raise SpecError("", f"There is no example {name!r}. Choose one of {', '.join(names())}.")
    project = document.load((FOLDER / f"{name}.json").read_bytes())
    if not isinstance(project.data, TableData):
        return project
    path = str(FOLDER / project.data.path)
    return project.model_copy(update={"data": project.data.model_copy(update={"path": path})})


def table(name: str) -> bytes | None:
    """The CSV file of an example that has one: a page that reads only uploads keeps it as an upload first."""
    data = load(name).data
    return Path(data.path).read_bytes() if isinstance(data, TableData) else None
