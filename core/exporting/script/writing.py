"""Writes Python expressions as a formatter would: on one line if it fits, else one item a line."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 88


@dataclass(frozen=True)
class Call:
    """A call; an argument is a value, or a name and a value."""

    function: str
    arguments: tuple[Value | tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class Items:
    """A list, tuple or dict display; `keys` belong to a dict. A tuple of one item gets its comma."""

    brackets: str
    items: tuple[Value, ...]
    keys: tuple[str, ...] | None = None


Value = str | Call | Items
"""A finished piece of source text, or something that may be broken into lines."""


class Code(str):
    """Source text in the place of a JSON value; what is read from a file never holds one."""


def call(function: str, *values: Value, **named: Value | None) -> Call:
    """A call; arguments by name whose value is None are left out."""
    return Call(function, (*values, *((name, value) for name, value in named.items() if value is not None)))


def text(value: str) -> str:
    """A string literal, in double quotes where that needs no escapes; unprintable characters are escaped."""
    plain = repr(value)
    return f'"{plain[1:-1]}"' if plain[0] == "'" and '"' not in value and "\\'" not in plain else plain


def literal(value: object) -> Value:
    """The source text of a JSON value: lists of numbers become tuples, as Keras documents shapes and sizes."""
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return Items("{}", tuple(literal(item) for item in value.values()), tuple(text(key) for key in value))
    if isinstance(value, list | tuple):
        is_size = all(item is None or isinstance(item, int | list | tuple) for item in value)
        return Items("()" if is_size else "[]", tuple(literal(item) for item in value))
    return repr(value)


def listed(values: list[Value] | tuple[Value, ...]) -> Items:
    return Items("[]", tuple(values))


def strings(names: list[str]) -> Items:
    """A list of texts."""
    return listed([text(name) for name in names])


def assign(target: str, value: Value, indent: int = 0) -> str:
    """The lines of `target = value`; a target that leaves no room for the call's bracket gets a line of its own."""
    opened = f"{target} = {value.function}(" if isinstance(value, Call) else ""
    if indent + len(opened) > WIDTH and indent + 4 + len(flat(value)) <= WIDTH:
        return "\n".join([" " * indent + f"{target} = (", " " * (indent + 4) + flat(value), " " * indent + ")"])
    return render(value, indent, f"{target} = ")


def render(value: Value, indent: int = 0, before: str = "", after: str = "") -> str:
    """The source text of a value that stands `indent` spaces in, behind `before` and in front of `after`."""
    line = " " * indent + before + flat(value) + after
    if isinstance(value, str) or not _parts(value) or (len(line) <= WIDTH and not _is_column(value)):
        return line
    opened = value.function + "(" if isinstance(value, Call) else value.brackets[0]
    closed = ")" if isinstance(value, Call) else value.brackets[1]
    return "\n".join([" " * indent + before + opened, _inside(value, indent + 4), " " * indent + closed + after])


def _inside(value: Call | Items, indent: int) -> str:
    """What stands between the brackets: on one line if a call's arguments fit there, else one item a line."""
    items = _parts(value)
    line = " " * indent + ", ".join(name + flat(item) for name, item in items)
    if isinstance(value, Call) and not _is_column(value) and len(line) <= WIDTH:
        return line
    comma = "" if len(items) == 1 and isinstance(value, Call) and isinstance(items[0][1], Items) else ","
    return "\n".join(render(item, indent, name, comma) for name, item in items)


def _is_column(value: Value) -> bool:
    """A list of several calls, such as the layers of a model, has one a line."""
    if isinstance(value, Items) and sum(isinstance(item, Call) for item in value.items) > 1:
        return True
    return not isinstance(value, str) and any(_is_column(item) for _, item in _parts(value))


def flat(value: Value) -> str:
    """The source text on one line."""
    if isinstance(value, str):
        return value
    inside = ", ".join(name + flat(item) for name, item in _parts(value))
    if isinstance(value, Call):
        return f"{value.function}({inside})"
    comma = "," if value.brackets == "()" and len(value.items) == 1 else ""
    return f"{value.brackets[0]}{inside}{comma}{value.brackets[1]}"


def _parts(value: Call | Items) -> list[tuple[str, Value]]:
    """What stands between the brackets: what comes before each item, and the item."""
    if isinstance(value, Call):
        return [(f"{item[0]}=", item[1]) if isinstance(item, tuple) else ("", item) for item in value.arguments]
    keys = value.keys or ("",) * len(value.items)
    return [(f"{key}: " if key else "", item) for key, item in zip(keys, value.items, strict=True)]


def as_dates(values: str, date_format: str | None) -> str:
    """The call that reads dates, in UTC without a zone."""
    parsed = call("pd.to_datetime", values, format=text(date_format or "ISO8601"), errors='"coerce"', utc="True")
    return f"{flat(parsed)}.dt.tz_convert(None)"


def times(column: str, date_format: str | None) -> list[str]:
    """The lines of `times`: a column of numbers or dates that can be sorted."""
    return [
        assign("times", f"table[{text(column)}]"),
        "if not pd.api.types.is_numeric_dtype(times):",
        f"    times = {as_dates('times', date_format)}",
    ]
