"""Checks of what is chosen outside the layers: is it in the catalog, with parameters within their rules?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core import catalog, formula
from core.catalog import Kind
from core.edits import Set
from core.errors import FormulaError, SpecError
from core.problems import Fix, Problem
from core.spec import Choice
from core.validate.case import Case, setting

Placed = tuple[Kind, str, Choice]


def choices_are_known(case: Case) -> Iterator[Problem]:
    for kind, path, choice in placed(case):
        if choice.source is not None:
            yield from _formula(kind, path, choice.source)
            continue
        try:
            entry = catalog.entry(kind, choice.name)
        except SpecError as fault:
            message = f"{path}: {_capital(fault.message)}"
            yield Problem(None, path, message, _instead(case, kind, path))
            continue
        if not entry.offered:
            message = f"{path}: {entry.name} cannot be used here. {entry.reason}"
            yield Problem(None, path, message, _instead(case, kind, path))
            continue
        for name, sentence in entry.problems(choice.params):
            fix = _repair(entry, path, choice.params, name)
            yield Problem(None, f"{path}.params.{name}", f"{entry.name}, {name}: {sentence}", fix)


def placed(case: Case) -> Iterator[Placed]:
    """All choices with their kinds and dotted paths."""
    compile_ = case.project.compile
    yield "optimizer", "compile.optimizer", compile_.optimizer
    if isinstance(compile_.loss, Choice):
        yield "loss", "compile.loss", compile_.loss
    else:
        for output, loss in compile_.loss.items():
            yield "loss", f"compile.loss.{output}", loss
    yield from metrics(case)
    for index, callback in enumerate(case.project.training.callbacks):
        yield "callback", f"training.callbacks.{index}", callback


def metrics(case: Case) -> Iterator[Placed]:
    chosen = case.project.compile.metrics
    keyed: Mapping[str, tuple[Choice, ...]] = chosen if isinstance(chosen, dict) else {"": chosen}
    for output, some in keyed.items():
        for index, metric in enumerate(some):
            yield "metric", ".".join(filter(None, ("compile.metrics", output, str(index)))), metric


def _formula(kind: Kind, path: str, source: str) -> Iterator[Problem]:
    if kind not in ("loss", "metric"):
        yield Problem(None, path, f"{path}: only a loss or a metric can be a formula of your own. Choose a name.")
        return
    try:
        formula.parse(source)
    except FormulaError as fault:
        yield Problem(
            None, f"{path}.source", f"Your own {kind}, line {fault.line}, column {fault.column}: {fault.message}"
        )


def _instead(case: Case, kind: Kind, path: str) -> Fix | None:
    """Adam for an optimizer, what suits the data for a loss; a metric or a callback is removed."""
    if kind == "optimizer":
        return setting("Use Adam", path, {"name": "Adam", "params": {}})
    if kind == "loss":
        target = case.target(path.rpartition(".")[2] if path.count(".") > 1 else "")
        better = catalog.recommend(target).loss if target else None
        return setting(f"Use {better}", path, {"name": better, "params": {}}) if better else None
    return without(case, path)


def without(case: Case, path: str) -> Fix:
    """Removes one member of a list such as `compile.metrics.0`."""
    way, _, index = path.rpartition(".")
    found: Any = case.project
    for part in way.split("."):
        found = found[part] if isinstance(found, dict) else getattr(found, part)
    kept = [choice.model_dump(exclude_none=True) for choice in found]
    del kept[int(index)]
    return setting(f"Remove {found[int(index)].name}", way, kept)


def _repair(entry: catalog.Entry, path: str, params: Mapping[str, Any], name: str) -> Fix:
    kept = {key: value for key, value in params.items() if key != name}
    param = next((param for param in entry.params if param.name == name), None)
    if param is not None and param.default is catalog.REQUIRED:
        value = entry.starting_params().get(name)
        return Fix(f"Set {name} to {value}", (Set(path=f"{path}.params", value={**kept, name: value}),))
    label = f"Reset {name}" if param else f"Remove {name}"
    return Fix(label, (Set(path=f"{path}.params", value=kept),))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


CHECKS = (choices_are_known,)
