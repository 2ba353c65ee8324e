"""The rows that were asked about last, kept in memory: the next question is mostly about the same ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from core import document
from core.data import loading, sources
from core.data.facts import Dataset, Folders
from core.data.loading import Prepared
from core.data.tables import Table
from core.spec import DataSpec, Project

MOST_BYTES = 300 << 20
"""Arrays that are larger are not kept."""

T = TypeVar("T")


class _Last(Generic[T]):
    """One thing; the old one goes before a new one is made, so that two large tables are never held at once."""

    def __init__(self) -> None:
        self._held: tuple[Hashable, T] | None = None

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        if self._held is None or self._held[0] != key:
            self.forget()
            self._held = (key, make())
        return self._held[1]

    def forget(self) -> None:
        self._held = None


_rows: _Last[Prepared] = _Last()
_arrays: _Last[Dataset] = _Last()


def prepared(data: DataSpec, folders: Folders, table: Table | None = None) -> Prepared:
    """The rows as they are, how they are split, and what was learned from the training part."""
    plain = data.model_copy(update={"augmentation": None})  # says nothing about the rows
    key = (plain.model_dump_json(), folders, sources.stamp(data, folders))
    return _rows.get(key, lambda: loading.prepared(data, folders, table))


def dataset(project: Project, folders: Folders) -> Dataset:
    """The arrays for the model, as `core.data.load` gives them."""
    key = (document.dump(project), folders, sources.stamp(project.data, folders))
    found = _arrays.get(key, lambda: loading.load(project, folders, prepared(project.data, folders)))
    parts = [part for part in (found.train, found.validation, found.test) if part is not None]
    if sum(array.nbytes for part in parts for array in part.x) > MOST_BYTES:
        _arrays.forget()
        _rows.forget()
    return found
