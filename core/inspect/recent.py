"""The rows of the run that was asked about last: the next question is mostly about the same ones."""

from __future__ import annotations

import json
from functools import lru_cache

from pydantic import TypeAdapter

from core import data, document
from core.data import Dataset, Folders, Prepared, sources
from core.spec import DataSpec, Project

MOST_BYTES = 300 << 20
"""Arrays that are larger are not kept."""
_DATA: TypeAdapter[DataSpec] = TypeAdapter(DataSpec)


def prepared(project: Project, folders: Folders) -> Prepared:
    """The rows as they are, how they are split, and what was learned from the training part; see `core.data`."""
    text = json.dumps(project.data.model_dump(mode="json"), sort_keys=True)
    return _prepared(text, folders, sources.stamp(project.data, folders))


def dataset(project: Project, folders: Folders) -> Dataset:
    """The arrays for the model, as `core.data.load` gives them."""
    found = _dataset(document.dump(project), folders, sources.stamp(project.data, folders))
    parts = [part for part in (found.train, found.validation, found.test) if part is not None]
    if sum(array.nbytes for part in parts for array in part.x) > MOST_BYTES:
        _dataset.cache_clear()
        _prepared.cache_clear()
    return found


@lru_cache(maxsize=1)
def _prepared(text: str, folders: Folders, _stamp: object) -> Prepared:
    return data.prepared(_DATA.validate_json(text), folders)


@lru_cache(maxsize=1)
def _dataset(text: str, folders: Folders, _stamp: object) -> Dataset:
    project = document.load(text)
    return data.load(project, folders, prepared(project, folders))
