"""Where the entries stand: what an entry is, and how it is found by any name that Keras has for it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from core.catalog.rules import Rule, said
from core.errors import SpecError

Kind = Literal[
    "layer",
    "optimizer",
    "loss",
    "metric",
    "callback",
    "schedule",
    "initializer",
    "regularizer",
    "constraint",
    "activation",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Arity = Literal["none", "one", "many", "named"]
Target = Literal["one_hot", "integer", "binary", "real"]


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"

    def __reduce__(self) -> str:
        return "REQUIRED"  # stays the same object in another process


REQUIRED: Final = _Required()
"""The default of a parameter that has none."""


@dataclass(frozen=True, eq=False)
class Param:
    """One constructor argument. `basic`: shown to beginners; the rest folds away."""

    name: str
    default: Any
    rule: Rule
    help: str
    basic: bool = False

    @property
    def label(self) -> str:
        """The name as a person writes it: `Kernel size`."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, eq=False)
class Entry:
    """One class or function of Keras.

    Attributes:
        offered: can be chosen; if not, `reason` says why in one sentence.
        taught: this row has been written by hand.
        arity: how many nodes feed the layer; `fewest` and `most` (None: no limit) count them.
        input_names: for `named`, what each input is, in order; those past `fewest` may be left out.
        spread: the layer's call takes its inputs as arguments, not as one list.
        target: what a loss or a metric can be compared with, best first.
        last_activation: what suits a loss in the last layer.
        starting: values to write when a user adds it (the required ones among them).
        hidden: constructor arguments that cannot be set here, each with the reason.
    """

    kind: Kind
    name: str
    category: str
    summary: str
    params: tuple[Param, ...] = ()
    offered: bool = True
    reason: str = ""
    taught: bool = False
    aliases: tuple[str, ...] = ()
    arity: Arity = "one"
    fewest: int = 1
    most: int | None = 1
    input_names: tuple[str, ...] = ()
    spread: bool = False
    target: tuple[Target, ...] = ()
    last_activation: str = ""
    starting: Mapping[str, Any] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)

    def param(self, name: str) -> Param:
        """The parameter of that name.

        Raises:
            SpecError: if it has none, or one that cannot be set here.
        """
        for param in self.params:
            if param.name == name:
                return param
        if name in self.hidden:
            raise SpecError(name, f"`{name}` of {self.name} cannot be set here: {self.hidden[name]}")
        known = [param.name for param in self.params]
        close = difflib.get_close_matches(name, known, n=1)
        advice = f"Did you mean `{close[0]}`?" if close else f"It has {', '.join(known) or 'no parameters'}."
        raise SpecError(name, f"{self.name} has no parameter `{name}`. {advice}")

    def starting_params(self) -> dict[str, Any]:
        """What to write into `params` when a user adds it; the rest stays with Keras's defaults."""
        return {name: _copied(value) for name, value in self.starting.items()}

    def problems(self, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """(parameter, sentence) for all that is wrong: unknown, missing, or against its rule."""
        for name, value in params.items():
            try:
                param = self.param(name)
            except SpecError as fault:
                yield name, fault.message
                continue
            if sentence := param.rule.problem(value):
                yield name, sentence
        for param in self.params:
            if param.default is REQUIRED and param.name not in params:
                example = f" Try {said(self.starting[param.name])}." if param.name in self.starting else ""
                yield param.name, f"{self.name} needs `{param.name}`: {param.rule}.{example}"


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, (list, tuple)) else value


_SHELVES: dict[Kind, dict[str, Entry]] = {kind: {} for kind in KINDS}
_NAMES: dict[Kind, dict[str, str]] = {kind: {} for kind in KINDS}


def put(found: Iterable[Entry]) -> None:
    """Place entries on the shelves; called once, when the catalog is imported."""
    for entry_ in found:
        _SHELVES[entry_.kind][entry_.name] = entry_
    for kind, shelf in _SHELVES.items():
        for entry_ in shelf.values():
            for name in (*entry_.aliases, entry_.name):
                _NAMES[kind][_folded(name)] = entry_.name


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


def entries(kind: Kind, *, offered_only: bool = True) -> tuple[Entry, ...]:
    """All entries of a kind: those written by hand first, in teaching order, then the rest by name."""
    return tuple(found for found in _SHELVES[kind].values() if found.offered or not offered_only)


def canonical_name(kind: Kind, name: str) -> str:
    """Keras's full name: `adam` is `Adam`, `mse` is `MeanSquaredError`; `acc` is `accuracy`, which
    `resolve_accuracy` turns into the one that goes with the loss.

    Raises:
        SpecError: if Keras has nothing of that name; says the closest one.
    """
    if name in _SHELVES[kind]:
        return name
    if kind == "metric" and name.lower() in ("accuracy", "acc"):
        return "accuracy"
    found = _NAMES[kind].get(_folded(name))
    if found is None:
        raise SpecError("", f"no {kind} is called {said(name)}.{_did_you_mean(kind, name)}")
    return found


def entry(kind: Kind, name: str) -> Entry:
    """The entry of that name, full or short, offered or not.

    Raises:
        SpecError: if Keras has nothing of that name; says the closest one.
    """
    found = canonical_name(kind, name)
    return _SHELVES[kind].get(found) or _SHELVES[kind][_NAMES[kind][_folded(found)]]


def _did_you_mean(kind: Kind, name: str) -> str:
    offered = {word: target for word, target in _NAMES[kind].items() if _SHELVES[kind][target].offered}
    close = difflib.get_close_matches(_folded(name), offered, n=1)
    return f" Did you mean {said(offered[close[0]])}?" if close else ""
