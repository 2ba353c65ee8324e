"""Writes how a user's own table is read: its columns as `x`, and `y` for each target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.data import packaged, uploads
from core.data.tables.signs import SIGNS
from core.exporting.script import series, texts
from core.exporting.script.read import Read
from core.exporting.script.writing import Value, as_dates, assign, call, flat, literal, strings, text
from core.spec import ColumnChoice, TableData, TextChoice

if TYPE_CHECKING:
    from core.data.facts import Column, DataFacts, TargetFacts

_READERS = {"csv": "read_csv", "excel": "read_excel", "parquet": "read_parquet", "json_lines": "read_json"}
_SUFFIXES = {"csv": ".csv", "excel": ".xlsx", "parquet": ".parquet", "json_lines": ".jsonl"}
_NAMES = """table.columns = [
    f"column_{place}" if str(name).strip() in ("", f"Unnamed: {place - 1}") else str(name).strip()
    for place, name in enumerate(table.columns, start=1)
]"""


def table(data: TableData, facts: DataFacts) -> Read:
    """The columns are those that are of use; a row without a target is left out."""
    opened, more = _opened(data, facts)
    if data.text is not None:
        return _texts(data, data.text, facts, opened)
    return Read(
        [*opened, *_features(data, facts), *_targets(data, facts)],
        facts.feature_shape,
        ("import numpy as np", "import pandas as pd", *more),
        scaled=True,
        targets=_variables(facts),
        is_frame=data.windows is None,
        has_weights=data.sample_weight is not None,
        is_windows=data.windows is not None,
    )


def _opened(data: TableData, facts: DataFacts) -> tuple[list[str], tuple[str, ...]]:
    """`table`, as it is in the file, and what is imported to find that."""
    path, more = _path(data)
    options: dict[str, Value | None] = {
        name: literal(value) for name, value in facts.reading.items() if name not in ("renamed", "signed")
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
    if signed := facts.reading.get("signed"):
        lines.append(assign("signed", strings(signed)))
        lines.append(f'table[signed] = table[signed].replace(r"{SIGNS}", "", regex=True).apply(pd.to_numeric)')
    return lines, more


def _path(data: TableData) -> tuple[Value, tuple[str, ...]]:
    """Where the script finds the table, and what it imports for that."""
    if known := packaged.known(data.path):
        return f"files({text(known.package)}) / {text(known.file)}", ("from importlib.resources import files",)
    return text("table" + _SUFFIXES[data.source] if data.path.startswith(uploads.PREFIX) else data.path), ()


def _features(data: TableData, facts: DataFacts) -> list[str]:
    """`x`, of the rows that have a target; a window is the places of its rows."""
    subset = flat(strings([target.name for target in facts.targets]))
    lines = series.lines(data, data.windows, subset) if data.windows else [f"table = table.dropna(subset={subset})"]
    names = strings([column.name for column in facts.columns])
    lines += [assign("columns", names), f"x = {'rows' if data.windows else 'table'}[columns].copy()"]
    if numbers := [column.name for column in facts.columns if column.kind == "number"]:
        lines.append(assign("numbers", strings(numbers)))
        lines.append('x[numbers] = x[numbers].apply(pd.to_numeric, errors="coerce").astype("float64")')
    lines += [line for column in facts.columns for line in _column(data, column)]
    return [*lines, *(["rows, x = x, places"] if data.windows else [])]


def _variables(facts: DataFacts) -> tuple[str, ...]:
    return ("y", *(f"y{place}" for place in range(2, len(facts.targets) + 1)))


def _targets(data: TableData, facts: DataFacts) -> list[str]:
    """`y` of each target, and `w`, the weights of the rows, where a column holds them."""
    lines = [_target(variable, target) for variable, target in zip(_variables(facts), facts.targets, strict=True)]
    weights = f'w = table[{text(data.sample_weight)}].to_numpy("float32")' if data.sample_weight else ""
    return [*lines, *([weights] if weights else [])]


def _texts(data: TableData, choice: TextChoice, facts: DataFacts, opened: list[str]) -> Read:
    """Rows with a text and a target; `x` has the texts."""
    wanted = [choice.column, *(target.name for target in facts.targets)]
    lines = [
        *opened,
        texts.SPLIT,
        f"table = table.dropna(subset={flat(strings(wanted))})",
        f"table = table[table[{text(choice.column)}].map(split).map(len) > 0]",
        f'x = table[{text(choice.column)}].to_numpy("object")',
        *_targets(data, facts),
    ]
    imports = ("from re import sub", "import numpy as np", "import pandas as pd")
    has_weights = data.sample_weight is not None
    targets = _variables(facts)
    return Read(lines, facts.feature_shape, imports, targets=targets, has_weights=has_weights, is_text=True)


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
