"""Writes how much training rows count: weights by row and by class, rare classes repeated."""

from __future__ import annotations

from core.exporting.script.read import Read
from core.spec import Project


def has_weights(project: Project, part: str) -> bool:
    """Whether a part has `w_train` or `w_validation` beside `x` and `y`."""
    data = project.data
    return data.sample_weight is not None or (part == "train" and data.class_weight == "balanced")


def lines(project: Project, start: Read) -> tuple[list[str], set[str]]:
    """The source lines behind the split, and what they import; `x_train` is prepared already."""
    found, imports = [], set()
    data, target = project.data, start.targets[0]
    if data.oversample:
        imports.add("import numpy as np")
        found += [
            f"counts = np.bincount({target}_train)",
            f"generator = np.random.default_rng({data.seed})",
            "more = [",
            f"    generator.choice(np.flatnonzero({target}_train == label), counts.max() - count)",
            "    for label, count in enumerate(counts)",
            "    if count",
            "]",
            f"chosen = np.concatenate([np.arange(len({target}_train)), *more])",
        ]
        found += [f"{name}_train = {name}_train[chosen]" for name in start.names]
    if data.class_weight == "balanced":
        imports.add("from sklearn.utils.class_weight import compute_sample_weight")
        balanced = f'compute_sample_weight("balanced", {target}_train).astype("float32")'
        found.append(f"w_train = {'w_train * ' if data.sample_weight else ''}{balanced}")
    return found, imports
