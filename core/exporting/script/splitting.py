"""Writes which rows train, which validate and which test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.data.split import PARTS
from core.exporting.script.read import Read
from core.exporting.script.writing import assign, call, flat, listed, text, times
from core.spec import Project, TableData

if TYPE_CHECKING:
    from core.data.facts import DataFacts

Lines = tuple[list[str], set[str]]


def lines(project: Project, facts: DataFacts, start: Read, parts: list[str]) -> Lines:
    """The source lines, and what they import."""
    if start.is_windows and project.data.split in ("auto", "time") and len(parts) > 1:
        return _in_stretches(project, start, parts)
    if project.data.split == "time" and not start.is_windows:
        return _by_time(project, facts, start, parts)
    if project.data.split == "group":
        return _by_group(project, start, parts)
    if project.data.split == "column":
        return _by_column(project, start, parts)
    if len(parts) == 1:
        return [f"{name}_train = {name}" for name in start.names], set()
    return _by_chance(project, facts, start, parts), {"from sklearn.model_selection import train_test_split"}


def _by_chance(project: Project, facts: DataFacts, start: Read, parts: list[str]) -> list[str]:
    """scikit-learn's `train_test_split`: first the test part, then the validation part."""
    found, rest = [], list(start.names)
    for part in [part for part in ("test", "validation") if part in parts]:
        kept = [f"{name}_train" for name in start.names]
        pairs = [pair for name, own in zip(start.names, kept, strict=True) for pair in (own, f"{name}_{part}")]
        split = call(
            "train_test_split",
            *rest,
            test_size=str(facts.parts[part]),
            random_state=str(project.data.seed),
            stratify=rest[1] if facts.stratified else None,
        )
        found.append(assign(", ".join(pairs), split))
        rest = kept
    return found


def _taken(start: Read, parts: list[str]) -> list[str]:
    """The rows of each part, by their numbers."""
    found = []
    for name in start.names:
        at = f"{name}.iloc" if name == "x" and start.is_frame else name
        found.append(
            f"{', '.join(f'{name}_{part}' for part in parts)} = {', '.join(f'{at}[{part}]' for part in parts)}"
        )
    return found


def _by_time(project: Project, facts: DataFacts, start: Read, parts: list[str]) -> Lines:
    name = project.data.split_by
    found = ["order = np.arange(len(x))"]
    if isinstance(project.data, TableData) and name is not None:
        choice = (project.data.columns or {}).get(name)
        found = [
            *times(name, choice.date_format if choice else None),
            'order = np.argsort(times.to_numpy(), kind="stable")',
        ]
    ends, end = [], 0
    for part in parts[:-1]:
        end += facts.parts[part]
        ends.append(str(end))
    unpacked = ", ".join(parts) + ("," if len(parts) == 1 else "")
    found.append(f"{unpacked} = np.split(order, [{', '.join(ends)}])")
    return found + _taken(start, parts), {"import numpy as np"}


def _in_stretches(project: Project, start: Read, parts: list[str]) -> Lines:
    """Each series is cut in time; a window belongs to the stretch that holds all its rows and its target."""
    data, end, found = project.data, "ends", ["own = series[starts]"]
    for part, fraction in (("test", data.test_fraction), ("validation", data.validation_fraction)):
        if part in parts:
            begin = f"{part}_begins"
            within = f"starts >= {begin}[own]"
            if end != "ends":
                within = f"({within}) & (answers < {end}[own])"
            found += [f"{begin} = {end} - np.round(counts * {fraction}).astype(int)"]
            found += [f"{part} = np.flatnonzero({within})"]
            end = begin
    found.append(f"train = np.flatnonzero(answers < {end}[own])")
    return found + _taken(start, parts), {"import numpy as np"}


def _by_group(project: Project, start: Read, parts: list[str]) -> Lines:
    data = project.data
    found = [
        f'groups = table[{text(str(data.split_by))}].astype("str").fillna("").to_numpy()',
        "count = len(np.unique(groups))",
        "train = np.arange(len(x))",
    ]
    for part, fraction in (("test", data.test_fraction), ("validation", data.validation_fraction)):
        if part in parts:
            size = f"max(round(count * {fraction}), 1)"
            splitter = call("GroupShuffleSplit", "1", test_size=size, random_state=str(data.seed))
            found += [
                assign("splitter", splitter),
                "kept, chosen = next(splitter.split(train, groups=groups[train]))",
                f"train, {part} = train[kept], train[chosen]",
            ]
    return found + _taken(start, parts), {"import numpy as np", "from sklearn.model_selection import GroupShuffleSplit"}


def _by_column(project: Project, start: Read, parts: list[str]) -> Lines:
    found = [f"said = table[{text(str(project.data.split_by))}].str.strip().str.lower()"]
    found += [
        f"{part} = np.flatnonzero(said.isin({flat(listed([text(word) for word in PARTS[part]]))}))" for part in parts
    ]
    return found + _taken(start, parts), {"import numpy as np"}
