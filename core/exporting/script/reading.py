"""Writes how the rows are read or drawn: `x`, and `y` for each target, with the numbers that `core.data` has."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.data import packaged, uploads
from core.exporting.script import downloads, generated, images, series, texts
from core.exporting.script.writing import Items, Value, as_dates, assign, call, flat, listed, literal, text
from core.spec import (
    BundledData,
    ColumnChoice,
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
    TextChoice,
    WavesData,
)

if TYPE_CHECKING:
    from core.data.facts import Column, DataFacts, TargetFacts


@dataclass(frozen=True)
class Read:
    """Source lines that leave `x` and the `targets`; `shape` is that of a row of `x`, `white` a white pixel.

    With `is_windows`, `x` has the places of each window's rows in the table `rows`.
    """

    lines: list[str]
    shape: tuple[int, ...]
    imports: tuple[str, ...] = ()
    white: float | None = None
    is_image: bool = False
    scaled: bool = False
    targets: tuple[str, ...] = ("y",)
    is_frame: bool = False
    has_weights: bool = False
    is_windows: bool = False
    is_text: bool = False

    @property
    def names(self) -> list[str]:
        """What is split into parts; `w` are the weights of the rows."""
        return ["x", *self.targets, *(["w"] if self.has_weights else [])]


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
            return _table(data, facts)
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
    frame = assign("x", call("pd.DataFrame", "x", columns=_strings([column.name for column in facts.columns])))
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


_READERS = {"csv": "read_csv", "excel": "read_excel", "parquet": "read_parquet", "json_lines": "read_json"}
_SUFFIXES = {"csv": ".csv", "excel": ".xlsx", "parquet": ".parquet", "json_lines": ".jsonl"}
_NAMES = """table.columns = [
    f"column_{place}" if str(name).startswith("Unnamed: ") else str(name).strip()
    for place, name in enumerate(table.columns, start=1)
]"""


def _path(data: TableData) -> tuple[Value, tuple[str, ...]]:
    """Where the script finds the table, and what it imports for that."""
    if known := packaged.known(data.path):
        return f"files({text(known.package)}) / {text(known.file)}", ("from importlib.resources import files",)
    return text("table" + _SUFFIXES[data.source] if data.path.startswith(uploads.PREFIX) else data.path), ()


def _table(data: TableData, facts: DataFacts) -> Read:
    """The columns are those that are of use; a row without a target is left out."""
    path, more = _path(data)
    names = [column.name for column in facts.columns]
    numbers = [column.name for column in facts.columns if column.kind == "number"]
    wanted = [target.name for target in facts.targets]
    options: dict[str, Value | None] = {
        name: literal(value) for name, value in facts.reading.items() if name != "renamed"
    }
    if data.source == "json_lines":
        options["lines"] = "True"
    elif data.source != "parquet":
        options["na_values"] = '["?"]'
    if data.source == "csv":
        options["skipinitialspace"] = "True"
    lines = [assign("path", path), assign("table", call(f"pd.{_READERS[data.source]}", "path", **options))]
    if facts.reading.get("renamed"):
        lines.append(_NAMES)
    if data.text is not None:
        return _texts(data, data.text, facts, lines)
    subset = flat(_strings(wanted))
    lines += series.lines(data, data.windows, subset) if data.windows else [f"table = table.dropna(subset={subset})"]
    lines += [assign("columns", _strings(names)), f"x = {'rows' if data.windows else 'table'}[columns].copy()"]
    if numbers:
        lines.append(assign("numbers", _strings(numbers)))
        lines.append('x[numbers] = x[numbers].apply(pd.to_numeric, errors="coerce").astype("float64")')
    lines += [line for column in facts.columns for line in _column(data, column)]
    if data.windows:
        lines.append("rows, x = x, places")
    variables = ("y", *(f"y{place}" for place in range(2, len(wanted) + 1)))
    lines += [_target(variable, target) for variable, target in zip(variables, facts.targets, strict=True)]
    if data.sample_weight:
        lines.append(f'w = table[{text(data.sample_weight)}].to_numpy("float32")')
    imports = ("import numpy as np", "import pandas as pd", *more)
    return Read(
        lines,
        facts.feature_shape,
        imports,
        scaled=True,
        targets=variables,
        is_frame=data.windows is None,
        has_weights=data.sample_weight is not None,
        is_windows=data.windows is not None,
    )


def _texts(data: TableData, choice: TextChoice, facts: DataFacts, before: list[str]) -> Read:
    """Rows with a text and a target; `x` has the texts."""
    wanted = [target.name for target in facts.targets]
    variables = ("y", *(f"y{place}" for place in range(2, len(wanted) + 1)))
    lines = [
        *before,
        texts.SPLIT,
        f"table = table.dropna(subset={flat(_strings([choice.column, *wanted]))})",
        f"table = table[table[{text(choice.column)}].map(split).map(len) > 0]",
        f'x = table[{text(choice.column)}].to_numpy("object")',
        *(_target(variable, target) for variable, target in zip(variables, facts.targets, strict=True)),
    ]
    if data.sample_weight:
        lines.append(f'w = table[{text(data.sample_weight)}].to_numpy("float32")')
    imports = ("from re import sub", "import numpy as np", "import pandas as pd")
    has_weights = data.sample_weight is not None
    return Read(lines, facts.feature_shape, imports, targets=variables, has_weights=has_weights, is_text=True)


def _column(data: TableData, column: Column) -> list[str]:
    """Dates become their parts; numbers that are to be categories, or gaps to be filled, become texts."""
    at = f"x[{text(column.name)}]"
    if column.kind == "date":
        parsed = assign("dates", as_dates(f"x.pop({text(column.name)})", column.date_format))
        return [parsed, *(f"x[{text(f'{column.name}.{part}')}] = {_part(part)}" for part in column.parts)]
    if column.kind == "number":
        return []
    is_chosen = (data.columns or {}).get(column.name, _DEFAULT).kind == "category"
    if data.source == "csv" and not is_chosen:
        return [f'{at} = {at}.astype("object")'] if column.missing != "none" else []
    whole = all(item.lstrip("-").isdecimal() for item in column.categories if item != column.fill)
    word = 'f"{value:.0f}" if isinstance(value, float) else str(value)' if whole else "str(value)"
    return [f'{at} = {at}.astype("object").map(lambda value: {word}, na_action="ignore")']


_DEFAULT = ColumnChoice()


def _part(name: str) -> str:
    if name == "days":
        return "(dates - pd.Timestamp(0)).dt.total_seconds() / 86400"
    return f'dates.dt.{name}.astype("float64")'


def _target(variable: str, target: TargetFacts) -> str:
    if target.task == "regression":
        return f"{variable} = table[{text(target.name)}].to_numpy()"
    return f"{variable} = np.unique(table[{text(target.name)}], return_inverse=True)[1]"


def _strings(names: list[str]) -> Items:
    return listed([text(name) for name in names])
