"""Writes how the rows are read or drawn: `x`, and `y` for each target, with the numbers that `core.data` has."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from core.exporting.script import downloads, generated, images, own_table
from core.exporting.script.read import Read
from core.exporting.script.writing import assign, call, strings
from core.spec import (
    BundledData,
    DownloadedData,
    ImagesData,
    MadeTableData,
    NoisyDigitsData,
    PointsData,
    Project,
    RandomData,
    SentencesData,
    SeriesData,
    ShapesData,
    TableData,
    WavesData,
)

if TYPE_CHECKING:
    from core.data.facts import DataFacts


def read(project: Project, facts: DataFacts) -> Read:
    """How to get the rows of a project's source."""
    match project.data:
        case BundledData(source=source):
            return _framed(project, facts, _bundled(source, facts))
        case PointsData() as data:
            return _points(data)
        case RandomData() as data:
            return _random(data)
        case WavesData() as data:
            return _waves(data)
        case TableData() as data:
            return own_table.table(data, facts)
        case ImagesData() as data:
            lines, imports = images.lines(data, facts)
            return Read(lines, facts.feature_shape, imports, white=255.0, is_image=True)
        case SeriesData() | MadeTableData() | ShapesData() | NoisyDigitsData() | SentencesData() as data:
            drawn, shape, needs = generated.draw(data)
            return Read(drawn, shape, needs, is_image=facts.kind == "image")
        case DownloadedData() as data:
            lines, imports = downloads.lines(data, facts)
            white = 255.0 if facts.kind == "image" else None
            found = Read(lines, facts.feature_shape, imports, white, facts.kind == "image", facts.kind == "table")
            return _framed(project, facts, found)


def _framed(project: Project, facts: DataFacts, found: Read) -> Read:
    """With names for its columns, if some of them are treated in a way of their own."""
    if facts.kind != "table" or not project.data.columns:
        return found
    frame = assign("x", call("pd.DataFrame", "x", columns=strings([column.name for column in facts.columns])))
    imports = (*found.imports, "import pandas as pd")
    return replace(found, lines=[*found.lines, frame], imports=imports, is_frame=True)


def _bundled(source: str, facts: DataFacts) -> Read:
    lines = [f"x, y = load_{source}(return_X_y=True)"]
    imports = (f"from sklearn.datasets import load_{source}",)
    if source == "digits":
        return Read(lines, (64,), imports, white=16.0, is_image=True)
    return Read(lines, facts.feature_shape, imports, scaled=True)


def _random(data: RandomData) -> Read:
    size, outputs = math.prod(data.shape), 1 if data.target == "real" else data.classes
    lines = [
        f"generator = np.random.default_rng({data.seed})",
        f'x = generator.standard_normal(({data.rows}, {size}), dtype="float32")',
        f"weights = generator.standard_normal(({size}, {outputs})) / np.sqrt({size})",
        'scores = x @ weights.astype("float32")',
    ]
    if data.target == "real":
        lines.append(f"y = scores[:, 0] + 0.1 * generator.standard_normal({data.rows})")
    else:
        lines.append("y = scores.argmax(axis=1)")
    return Read(lines, (size,), ("import numpy as np",))


_BORDER = "\nmoved = x + generator.uniform(-5, 5, ({rows}, 2)) * {noise}"
_WIDE = "x = generator.uniform(-6, 6, ({rows}, 2))\nmoved = x + generator.uniform(-6, 6, ({rows}, 2)) * {noise}"
_POINTS = {
    "gaussians": """
y = (np.arange({rows}) < {half}).astype("int64")
x = np.where(y == 1, 2.0, -2.0)[:, None]
x = x + np.sqrt(0.5 + 7.0 * {noise}) * generator.standard_normal(({rows}, 2))""",
    "circle": """
inner = np.arange({rows}) < {half}
radius = generator.uniform(np.where(inner, 0.0, 3.5), np.where(inner, 2.5, 5.0))
angle = generator.uniform(0, 2 * np.pi, {rows})
x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)"""
    + _BORDER
    + """
y = (np.hypot(*moved.T) < 2.5).astype("int64")""",
    "xor": """
x = generator.uniform(-5, 5, ({rows}, 2))
x += np.where(x > 0, 0.3, -0.3)"""
    + _BORDER
    + """
y = (moved[:, 0] * moved[:, 1] >= 0).astype("int64")""",
    "spiral": """
y = (np.arange({rows}) < {half}).astype("int64")
along = [np.linspace(0, 1, count, endpoint=False) for count in ({half}, {rest})]
along = np.concatenate(along)
angle = 1.75 * along * 2 * np.pi + np.pi * (1 - y)
x = 5 * along[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
x = x + generator.uniform(-1, 1, ({rows}, 2)) * {noise}""",
    "plane": "\n" + _WIDE + "\ny = moved.sum(axis=1) / 10",
    "hills": "\n"
    + _WIDE
    + """
hills = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
heights = [
    sign * np.clip(1 - np.hypot(*(moved - (x1, x2)).T) / 2, 0, 1) for x1, x2, sign in hills
]
y = np.stack(heights)[np.abs(heights).argmax(axis=0), np.arange({rows})]""",
}


def _points(data: PointsData) -> Read:
    half = (data.rows + 1) // 2
    drawn = _POINTS[data.source].format(rows=data.rows, half=half, rest=data.rows - half, noise=data.noise)
    first = f"generator = np.random.default_rng({data.seed})"
    return Read([first + drawn, 'x = x.astype("float32")'], (2,), ("import numpy as np",))


_FREQUENCIES = """
spacing = ({length} / 4 - 1) / ({classes} - 1)
y = np.arange({rows}) % {classes}
cycles = 1 + spacing * (y + generator.uniform(-0.25, 0.25, {rows}))
phase = generator.uniform(0, 2 * np.pi, {rows})
time = np.arange({length}) / {length}
x = np.sin(2 * np.pi * cycles[:, None] * time + phase[:, None])"""
_FORECAST = """
cycles = generator.uniform(1, {length} / 4, ({rows}, 2, 1))
phase = generator.uniform(0, 2 * np.pi, ({rows}, 2, 1))
height = generator.uniform(0.5, 1, ({rows}, 2, 1))
time = np.arange({length} + 1) / {length}
waves = (height * np.sin(2 * np.pi * cycles * time + phase)).sum(axis=1)
x, y = waves[:, :-1], waves[:, -1]"""


def _waves(data: WavesData) -> Read:
    drawn = _FREQUENCIES if data.task == "classification" else _FORECAST
    first = f"generator = np.random.default_rng({data.seed})"
    last = [f"x = x + {data.noise} * generator.standard_normal(x.shape)", 'x = x.astype("float32")[..., None]']
    filled = drawn.format(rows=data.rows, length=data.length, classes=data.classes)
    return Read([first + filled, *last], (data.length, 1), ("import numpy as np",))
