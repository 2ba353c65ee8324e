"""Makes the entries: Keras's facts, with a hand-made lesson laid over where there is one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.catalog import refused, taught_layers, taught_training as training
from core.catalog.arguments import rule_for
from core.catalog.helps import help_for
from core.catalog.lesson import Lesson
from core.catalog.shelf import KINDS, REQUIRED, Entry, Kind, Param
from core.catalog.taught_activations import ACTIVATIONS

Facts = Mapping[str, Any]
FACTS = Path(__file__).with_name("facts.json")
LESSONS: dict[Kind, tuple[Lesson, ...]] = {
    "layer": taught_layers.LAYERS,
    "optimizer": training.OPTIMIZERS,
    "loss": training.LOSSES,
    "metric": training.METRICS,
    "callback": training.CALLBACKS,
    "schedule": training.SCHEDULES,
    "initializer": training.INITIALIZERS,
    "regularizer": training.REGULARIZERS,
    "constraint": training.CONSTRAINTS,
    "activation": ACTIVATIONS,
}
CATEGORIES = {
    "activations": "activation",
    "attention": "attention",
    "convolutional": "convolution",
    "core": "core",
    "merging": "merging",
    "normalization": "normalization",
    "pooling": "pooling",
    "preprocessing": "preprocessing",
    "regularization": "regularization",
    "reshaping": "reshaping",
    "rnn": "recurrent",
}
"""Keras's folders of layers, in our words."""


def rows() -> Iterator[Entry]:
    """Every entry: of each kind the taught ones in teaching order, then the rest by name."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    for kind in KINDS:
        lessons = {lesson.name: lesson for lesson in LESSONS[kind]}
        for name, lesson in lessons.items():
            yield _taught(kind, lesson, facts[kind][name])
        for name, fact in facts[kind].items():
            if name not in lessons:
                yield _untaught(kind, name, fact)


def _taught(kind: Kind, lesson: Lesson, fact: Facts) -> Entry:
    return Entry(
        kind=kind,
        name=lesson.name,
        category=lesson.category,
        summary=lesson.summary,
        params=_params(kind, lesson.name, fact, lesson.basic.split()),
        taught=True,
        aliases=tuple(fact.get("aliases", ())),
        arity=lesson.arity,
        fewest=lesson.fewest,
        most=lesson.most,
        input_names=lesson.input_names,
        spread=lesson.spread,
        target=lesson.target,
        last_activation=lesson.last_activation,
        starting=lesson.starting,
        hidden=_hidden(kind, lesson.name, fact),
    )


def _untaught(kind: Kind, name: str, fact: Facts) -> Entry:
    reason = refused.entry_reason(kind, name)
    return Entry(
        kind=kind,
        name=name,
        category=CATEGORIES.get(fact.get("group", ""), "other"),
        summary=fact["summary"] or "Keras says nothing about it.",
        params=() if reason else _params(kind, name, fact, ()),
        offered=not reason,
        reason=reason,
        aliases=tuple(fact.get("aliases", ())),
        starting=taught_layers.STARTING.get(name, {}) if kind == "layer" else {},
        hidden=_hidden(kind, name, fact),
    )


def _params(kind: Kind, entry: str, fact: Facts, basic: list[str] | tuple[()]) -> tuple[Param, ...]:
    """Beginners' parameters first, in the lesson's order; an activation is a name and has none."""
    if kind == "activation":
        return ()
    names = [*basic, *(name for name in fact["params"] if name not in basic)]
    found = (
        _param(entry, name, fact["params"][name], name in basic) for name in names if _is_set(kind, entry, name, fact)
    )
    return (*found, *_base_params(entry, fact))


def _is_set(kind: Kind, entry: str, name: str, fact: Facts) -> bool:
    """Can this argument be set? `factor` is a leftover of a base class where its default is null."""
    leftover = name == "factor" and not fact["params"][name].get("required") and fact["params"][name]["default"] is None
    return not leftover and not refused.param_reason(kind, entry, name)


def _param(entry: str, name: str, fact: Facts, basic: bool) -> Param:
    required = bool(fact.get("required")) or f"{entry}.{name}" == "Input.shape"
    default = REQUIRED if required else fact["default"]
    rule = rule_for(entry, name, fact.get("default"), required=required)
    return Param(name, default, rule, help_for(entry, name, fact.get("help", "")), basic or required)


def _base_params(entry: str, fact: Facts) -> Iterator[Param]:
    """What every layer takes, through the base class."""
    if fact.get("weights") and fact.get("keywords") and "trainable" not in fact["params"]:
        yield _param(entry, "trainable", {"default": True}, False)
    if fact.get("keywords") and "dtype" not in fact["params"]:
        yield _param(entry, "dtype", {"default": None}, False)


def _hidden(kind: Kind, entry: str, fact: Facts) -> dict[str, str]:
    names = [*fact["params"], *(("name", "autocast") if kind == "layer" else ())]
    return {name: reason for name in names if (reason := refused.param_reason(kind, entry, name))}
