"""The weights of a `.keras` file as plain arrays, written anew as a file of ours. Runs in the jailed kernel.

Only what our own model needs is looked for, by its own names; each step is a hard link, each array is stored in the
file itself, and is read only when its shape is the one that the graph gives.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from core import build
from core.build import check
from core.errors import BuildError, ImportRefused
from core.importing import keras_file
from core.importing.found import Found
from core.importing.limits import Limits
from core.importing.names import Groups
from core.problems import Problem

FILE = "last.weights.h5"
_FILTERS = (h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32)
_SLACK = 1 << 20


def write(content: bytes, found: Found, limits: Limits, target: Path) -> None:
    """Write the weights of a `.keras` file in the form in which our own runs keep theirs.

    Args:
        content: the file, of which `found` was read.
        found: the project, and where each node's weights stand.
        limits: how many parameters a model may have.
        target: the file to write, such as `last.weights.h5` in a folder for a run.

    Raises:
        ImportRefused: if the model is too large or cannot be built, or the weights are not its own.
    """
    _refuse_too_large(found, limits)
    member = keras_file.weights(content, limits)
    with tempfile.TemporaryDirectory() as folder:
        source, ours = Path(folder) / "theirs.h5", Path(folder) / "ours.weights.h5"
        with source.open("wb") as file:
            for piece in member.pieces(limits.weights_bytes):
                file.write(piece)
        try:
            model = build.model(found.project)
        except BuildError as fault:
            raise ImportRefused(fault.path, fault.message) from fault
        model.save_weights(ours)
        _fill(model, ours, source, found)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ours, target)


def _refuse_too_large(found: Found, limits: Limits) -> None:
    """Count exactly, on shapes alone; nothing is allocated yet."""
    report = check.check(found.project)
    if report.parameters is None:
        first = next((problem for problem in report.problems if problem.node), Problem(None, None, "It has no shape."))
        raise ImportRefused(first.node or "", f"this model cannot be built. {first.message}")
    if report.parameters > limits.parameters:
        raise ImportRefused(
            "", f"This model has {report.parameters:,} parameters; at most {limits.parameters:,} are taken. "
            "EAGERLY_MAX_PARAMETERS sets the limit.",
        )  # fmt: skip


def _fill(model: Any, ours: Path, source: Path, found: Found) -> None:
    groups = Groups("layers")
    try:
        theirs = h5py.File(source, "r", locking=False)
    except (OSError, RuntimeError) as fault:
        raise ImportRefused(keras_file.WEIGHTS, "it is damaged: this is no HDF5 file. Save the model again.") from fault
    with theirs, h5py.File(ours, "r+") as file:
        for layer in model.layers:
            group = file[groups.next(type(layer).__name__)]
            arrays = list(_arrays(group))
            if arrays and layer.name not in found.groups:
                raise ImportRefused(layer.name, "the file has no weights for this layer.")
            for path in arrays:
                group[path][...] = _read(theirs, f"{found.groups[layer.name]}/{path}", group[path])
            _refuse_more(theirs, found.groups.get(layer.name, ""), arrays)


def _arrays(group: Any) -> Iterator[str]:
    """The places of all arrays below a group of ours."""
    names: list[str] = []
    group.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    return iter(names)


def _read(theirs: Any, path: str, like: Any) -> Any:
    """The array at a place in the file, which has to be as large as ours there."""
    try:
        item = _walk(theirs, path)
        if not isinstance(item, h5py.Dataset):
            raise ImportRefused(_place(path), "needed an array, got a group.")
        _refuse_unplain(item, path)
        if item.shape != like.shape:
            raise ImportRefused(_place(path), f"needed an array of shape {list(like.shape)}, got {_sizes(item)}.")
        array = np.asarray(item[()], dtype=like.dtype)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as fault:
        raise ImportRefused(_place(path), "it is damaged and cannot be read. Save the model again.") from fault
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ImportRefused(_place(path), "some of its numbers are no finite numbers. Train the model anew.")
    return array


def _walk(theirs: Any, path: str) -> Any:
    """What stands at a path, of which each step is a plain (hard) link."""
    item = theirs
    for name in path.split("/"):
        link = item.get(name, getlink=True) if isinstance(item, h5py.Group) else None
        if link is None:
            raise ImportRefused(_place(path), "it is not in the file, so these weights belong to another model.")
        if not isinstance(link, h5py.HardLink):
            raise ImportRefused(
                _place(path), "it is a link to somewhere else; only arrays in the file itself are read."
            )
        item = item[name]
    return item


def _refuse_unplain(item: Any, path: str) -> None:
    """Arrays that lie in other files, are put together of others, or unpack to more than they say."""
    made = item.id.get_create_plist()
    if made.get_external_count() or made.get_layout() == h5py.h5d.VIRTUAL:
        raise ImportRefused(_place(path), "its numbers lie in another place; only arrays in the file itself are read.")
    if item.dtype.kind not in "fiub" or item.dtype.itemsize > 8:
        raise ImportRefused(_place(path), f"needed an array of numbers, got one of {str(item.dtype)[:40]}.")
    filters = [made.get_filter(index)[0] for index in range(made.get_nfilters())]
    chunk = math.prod(item.chunks) if item.chunks else 0
    if any(one not in _FILTERS for one in filters) or chunk > math.prod(item.shape) + _SLACK:
        raise ImportRefused(_place(path), "it is packed in a way that Keras does not use.")


def _refuse_more(theirs: Any, group: str, arrays: list[str]) -> None:
    """Weights that our layer does not have would be lost without a word."""
    for folder in {path.rpartition("/")[0] for path in arrays}:
        item = _walk(theirs, f"{group}/{folder}")
        known = sum(path.rpartition("/")[0] == folder for path in arrays)
        if len(item) != known:
            raise ImportRefused(_place(f"{group}/{folder}"), f"needed {known} arrays, got {len(item):,}.")


def _sizes(item: Any) -> list[int]:
    return [int(size) for size in item.shape]


def _place(path: str) -> str:
    return f"{keras_file.WEIGHTS}: {path}"
