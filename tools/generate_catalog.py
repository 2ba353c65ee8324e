"""Reads the installed Keras and writes what the catalog needs to know of it: `python tools/generate_catalog.py`."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

TARGET = Path(__file__).parents[1] / "core" / "catalog" / "facts.json"
MODULES = {
    "layer": keras.layers,
    "optimizer": keras.optimizers,
    "loss": keras.losses,
    "metric": keras.metrics,
    "callback": keras.callbacks,
    "schedule": keras.optimizers.schedules,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
}
SHORT = {
    "loss": "keras.src.losses",
    "metric": "keras.src.metrics",
    "optimizer": "keras.src.optimizers",
    "initializer": "keras.src.initializers",
    "regularizer": "keras.src.regularizers",
    "constraint": "keras.src.constraints",
}
SPELLED = {"Ctc": "CTC", "KlDivergence": "KLDivergence"}
ROOTS = {"Layer", "Operation", "KerasSaveable", "object"}
MACHINERY = {"deserialize", "get", "serialize"}
ARGUMENT = re.compile(r"^\s{0,2}[`*]{0,2}([a-z]\w*)`?(?:, `?([a-z]\w*)`?)?[`*]{0,2}\s*(?:\([^)]*\))?\s*:\s*(.*)$", re.I)


def facts() -> dict[str, Any]:
    """What Keras offers: kind -> name -> {group, aliases, summary, weights, keywords, params}."""
    found = {kind: dict(sorted(_classes(kind, module))) for kind, module in MODULES.items()}
    found["layer"]["Input"] = {**_entry(keras.layers.Input, []), "group": "core"}
    found["activation"] = dict(sorted(_activations()))
    return {"keras": keras.__version__, **found}


def _classes(kind: str, module: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    names: dict[type, list[str]] = {}
    for name, value in vars(module).items():
        if inspect.isclass(value) and (kind != "layer" or issubclass(value, keras.Layer)):
            names.setdefault(value, []).append(name)
    short = _short_names(kind)
    for cls, known in names.items():
        name = cls.__name__ if cls.__name__ in known else known[0]
        entry = _entry(cls, sorted({*known, *short.get(cls.__name__, [])} - {name}))
        yield name, _about_layer(cls, entry) if kind == "layer" else entry


def _short_names(kind: str) -> dict[str, list[str]]:
    """Class name -> the other names that `keras.losses.get` and its like take, as `mse`."""
    if kind not in SHORT:
        return {}
    found: dict[str, list[str]] = {}
    for short, thing in vars(importlib.import_module(SHORT[kind]))["ALL_OBJECTS_DICT"].items():
        title = "".join(word.capitalize() for word in thing.__name__.split("_"))
        found.setdefault(thing.__name__ if inspect.isclass(thing) else SPELLED.get(title, title), []).append(short)
    return found


def _activations() -> Iterator[tuple[str, dict[str, Any]]]:
    names: dict[Any, list[str]] = {}
    for name, value in vars(keras.activations).items():
        if inspect.isfunction(value) and name not in MACHINERY:
            names.setdefault(value, []).append(name)
    for function, known in names.items():
        name = function.__name__ if function.__name__ in known else known[0]
        yield name, _entry(function, sorted(set(known) - {name}))


def _entry(thing: Any, aliases: list[str]) -> dict[str, Any]:
    text = inspect.cleandoc(thing.__doc__ or "")
    explained = _arguments(text)
    for base in thing.__mro__[1:] if inspect.isclass(thing) else ():
        explained = {**_arguments(inspect.cleandoc(base.__doc__ or "")), **explained}
    params = {
        parameter.name: _parameter(parameter, explained.get(parameter.name, "")) for parameter in _signature(thing)
    }
    return {"summary": _sentence(text), **({"aliases": aliases} if aliases else {}), "params": params}


def _about_layer(cls: type, entry: dict[str, Any]) -> dict[str, Any]:
    """Adds the folder it lives in, whether it has weights, and whether it takes `trainable` and `dtype`."""
    has_all = all(_takes_keywords(base.__init__) for base in cls.__mro__ if _is_own(base) and "__init__" in vars(base))
    group = cls.__module__.removeprefix("keras.src.layers.").split(".")[0]
    return {"group": group, "weights": _has_weights(cls), "keywords": has_all, **entry}


def _signature(thing: Any) -> Iterator[inspect.Parameter]:
    """The arguments of a constructor; where it takes `**kwargs`, also the optional ones of its base classes."""
    if not inspect.isclass(thing):
        yield from (parameter for parameter in _named(thing) if parameter.name != "x")
        return
    seen = {"self"}
    for depth, cls in enumerate(base for base in thing.__mro__ if "__init__" in vars(base)):
        if depth and cls.__name__ in ROOTS:
            return
        for parameter in _named(cls.__init__):
            if parameter.name not in seen and not (depth and parameter.default is parameter.empty):
                seen.add(parameter.name)
                yield parameter
        if not _takes_keywords(cls.__init__):
            return


def _named(function: Any) -> Iterator[inspect.Parameter]:
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            yield parameter


def _takes_keywords(function: Any) -> bool:
    return any(p.kind is p.VAR_KEYWORD for p in inspect.signature(function).parameters.values())


def _parameter(parameter: inspect.Parameter, help: str) -> dict[str, Any]:
    fact: dict[str, Any] = {}
    if parameter.default is parameter.empty:
        fact["required"] = True
    else:
        fact["default"] = _plain(parameter.default)
    if help:
        fact["help"] = help
    return fact


def _plain(value: Any) -> Any:
    """The value as JSON; what JSON cannot say becomes the text of it, in angle brackets."""
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return f"<{getattr(value, '__name__', type(value).__name__)}>"


def _is_own(base: type) -> bool:
    return base.__module__.startswith("keras.src.layers") and base is not keras.Layer


def _has_weights(cls: type) -> bool:
    own = [base for base in cls.__mro__ if _is_own(base)]
    sources = [inspect.getsource(base) for base in own]
    adds = any("add_weight(" in source or "add_variable(" in source for source in sources)
    return adds or keras.layers.Wrapper in own or keras.layers.RNN in own or "Bidirectional" in cls.__name__


def _arguments(text: str) -> dict[str, str]:
    """The `Args:` section: argument -> the first sentence about it."""
    _, mark, rest = text.partition("\nArgs:\n")
    if not mark:
        return {}
    block = textwrap.dedent(re.split(r"\n(?=\S)", rest)[0])
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in block.splitlines():
        match = ARGUMENT.match(line)
        if match and not line.startswith("   "):
            current = [match[3]]
            found.update({name: current for name in (match[1], match[2]) if name})
        else:
            current.append(line.strip())
    return {name: _sentence(" ".join(lines)) for name, lines in found.items()}


def _sentence(text: str) -> str:
    """The first sentence of a text, on one line."""
    flat = " ".join(text.split("\n\n")[0].split())
    match = re.match(r"(.+?(?<!e\.g)(?<!i\.e)(?<!ie)(?<!eg)(?<!a\.k\.a)[.!])(?=\s|$)", flat)
    return match[1] if match else flat


def write(found: dict[str, Any]) -> str:
    """One entry a line."""
    parts = [f'"keras": {json.dumps(found["keras"])}']
    for kind, entries in found.items():
        if kind != "keras":
            lines = [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in sorted(entries.items())]
            parts.append(f'"{kind}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(write(facts()))
