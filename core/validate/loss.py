"""Checks that the loss, the last layer and the metrics suit what the data asks for."""

from __future__ import annotations

from collections.abc import Iterator

from core import catalog, graph
from core.catalog import Entry
from core.data.facts import TargetFacts
from core.edits import Set, SetParam
from core.problems import Fix, Problem
from core.spec import Choice
from core.validate.case import Case, found, setting
from core.validate.choices import metrics, without
from core.validate.ends import End, end

_FORMS = {"classification": ("integer", "one_hot"), "binary": ("binary", "integer", "one_hot"), "regression": ("real",)}
_SQUASHED = ("softmax", "sigmoid", "hard_sigmoid", "sparsemax")
_BOUNDED = (*_SQUASHED, "tanh", "softsign", "log_softmax", "log_sigmoid", "hard_tanh")
_WORDS = {"classification": "classes", "binary": "two classes", "regression": "a number"}


def losses_are_keyed_by_outputs(case: Case) -> Iterator[Problem]:
    """Where loss, weights or metrics are keyed by output, each key is one, and each output has a loss."""
    outputs, compile_ = graph.outputs(case.project.model), case.project.compile
    for field in ("loss", "loss_weights", "metrics"):
        keyed = getattr(compile_, field)
        if not isinstance(keyed, dict):
            continue
        kept = {name: value for name, value in compile_.model_dump(exclude_none=True)[field].items() if name in outputs}
        for name in keyed:
            if name not in outputs:
                message = f"compile.{field} names {name!r}, which is no output. The outputs are {_list(outputs)}."
                fix = setting(f"Remove {name}", f"compile.{field}", kept) if kept else None
                yield Problem(None, f"compile.{field}.{name}", message, fix)
    if isinstance(compile_.loss, dict):
        for name in outputs:
            if name not in compile_.loss:
                target = case.target(name)
                better = catalog.recommend(target).loss if target else "MeanSquaredError"
                fix = setting(f"Use {better}", f"compile.loss.{name}", {"name": better})
                message = f"compile.loss: the output {name!r} has no loss. Choose one for it."
                yield Problem(None, f"compile.loss.{name}", message, fix)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none yet"


def losses_suit_the_target(case: Case) -> Iterator[Problem]:
    for output, target, loss in _compared(case):
        if _suits(case, loss, target):
            continue
        better = catalog.recommend(target)
        message = (
            f"The loss {loss.name} compares {_compares(loss)}, but the target {target.name!r} is "
            f"{_about(target)}. Choose {better.loss}."
        )
        edits = [Set(path=case.loss_field(output), value={"name": better.loss, "params": {}})]
        if isinstance(case.project.compile.metrics, tuple) and len(graph.outputs(case.project.model)) == 1:
            edits.append(Set(path="compile.metrics", value=[{"name": name} for name in better.metrics]))
        yield Problem(None, case.loss_field(output), message, Fix(f"Use {better.loss}", tuple(edits)))


def _compared(case: Case) -> Iterator[tuple[str, TargetFacts, Entry]]:
    """Each output whose target and loss are known, with both."""
    for output in graph.outputs(case.project.model):
        target, choice = case.target(output), case.loss(output)
        loss = found("loss", choice.name) if choice and choice.source is None else None
        if target is not None and loss is not None and loss.target and output in case.nodes:
            yield output, target, loss


def _suits(case: Case, loss: Entry, target: TargetFacts) -> bool:
    if any(catalog.fits(loss.name, form) for form in _FORMS[target.task] if not _only_real(loss)):
        return True
    if not _only_real(loss):
        return False
    return target.task != "classification" or getattr(case.project.data, "target", None) == "one_hot"


def _only_real(loss: Entry) -> bool:
    """A loss for numbers also computes with zeros and ones; it teaches two classes, but not many."""
    return "real" in loss.target


def _compares(loss: Entry) -> str:
    return "numbers" if _only_real(loss) else "classes"


def _about(target: TargetFacts) -> str:
    return f"one of {target.classes} classes" if target.task != "regression" else "a number"


def last_layers_suit_the_loss(case: Case) -> Iterator[Problem]:
    """Checked against the recommended loss where the chosen one does not suit, so that all faults show at once."""
    for output, target, loss in _compared(case):
        suits = _suits(case, loss, target)
        choice = case.loss(output) if suits else Choice(name=catalog.recommend(target).loss)
        judged = loss if suits else found("loss", catalog.recommend(target).loss)
        last = end(case, output)
        if choice and judged and last.sized_by is not None:
            yield from _units(target, judged, last)
            yield from _activation(case, output, choice, judged, last)


def _units(target: TargetFacts, loss: Entry, last: End) -> Iterator[Problem]:
    allowed = _widths(target, loss)
    if last.units is None or last.units in allowed or last.sized_by is None:
        return
    node = last.sized_by.id
    reason = f"one for each class of {target.name!r}" if allowed[0] > 1 else f"for the target {target.name!r}"
    needed = "one unit" if allowed[0] == 1 else f"{allowed[0]} units"
    message = f"{node}, units: needed {needed}, {reason}, got {last.units}. Set units to {allowed[0]}."
    fix = Fix(f"Set units to {allowed[0]}", (SetParam(node=node, name="units", value=allowed[0]),))
    yield Problem(node, "units", message, fix)


def _widths(target: TargetFacts, loss: Entry) -> tuple[int, ...]:
    """How many units the last layer may have, best first."""
    classes = target.classes or 2
    if target.task == "regression":
        return (1,)
    if target.task == "binary" and not catalog.fits(loss.name, "integer"):
        return (1, 2) if catalog.fits(loss.name, "binary") else (2,)
    return (classes,)


def _activation(case: Case, output: str, choice: Choice, loss: Entry, last: End) -> Iterator[Problem]:
    if last.activation is None or last.squashed_by is None:
        return
    node, raw = last.squashed_by.id, choice.params.get("from_logits") is True
    if raw and last.activation in (*_SQUASHED, "log_softmax"):
        message = (
            f"{node}, activation: {loss.name} with from_logits does {last.activation} itself; here it is done twice."
        )
        fix = setting("Turn from_logits off", f"{case.loss_field(output)}.params.from_logits", False)
        yield Problem(node, "activation", f"{message} Turn from_logits off, or use linear.", fix)
    elif not raw and loss.last_activation in ("softmax", "sigmoid") and last.activation not in _SQUASHED:
        yield _needs(last, node, "sigmoid" if last.units == 1 else loss.last_activation, f"for {loss.name}")
    elif last.activation == "softmax" and last.units == 1:
        better = "sigmoid" if not _only_real(loss) else "linear"
        yield _needs(last, node, better, "because softmax over one unit is always 1")
    elif loss.last_activation == "linear" and last.activation in _BOUNDED and _is_number(case, output):
        yield _needs(last, node, "linear", "so that any number can be predicted")


def _is_number(case: Case, output: str) -> bool:
    target = case.target(output)
    return target is not None and target.task == "regression"


def _needs(last: End, node: str, name: str, reason: str) -> Problem:
    message = f"{node}, activation: needed {name} {reason}, got {last.activation}. Set the activation to {name}."
    return Problem(node, "activation", message, Fix(f"Set activation to {name}", last.activated(name)))


def metrics_suit_the_target(case: Case) -> Iterator[Problem]:
    """A metric for one-hot targets gives wrong numbers for whole ones without a word; so it is refused here."""
    outputs = graph.outputs(case.project.model)
    for _, path, choice in metrics(case):
        metric = found("metric", choice.name) if choice.source is None else None
        parts = path.split(".")
        output = parts[2] if len(parts) == 4 else outputs[0] if len(outputs) == 1 else ""
        target, loss = case.target(output), case.loss(output)
        entry = found("loss", loss.name) if loss and loss.source is None else None
        if metric is None or not metric.target or target is None or entry is None or output not in case.nodes:
            continue
        form = _form(target, entry, end(case, output).units)
        if form is None or form in metric.target or (form == "binary" and "real" in metric.target):
            continue
        message = f"The metric {metric.name} does not go with {entry.name} and the target {target.name!r}"
        better = _better_metric(target, entry, metric, form)
        fix = setting(f"Use {better}", path, {"name": better, "params": {}}) if better else without(case, path)
        yield Problem(None, path, f"{message}. {f'Choose {better}' if better else 'Remove it'}.", fix)


def _better_metric(target: TargetFacts, loss: Entry, metric: Entry, form: str) -> str | None:
    """The accuracy of the same kind, if it was an accuracy and there are classes."""
    if target.task == "regression" or "Accuracy" not in metric.name:
        return None
    better = catalog.resolve_accuracy(loss.name, form)
    return better if better != metric.name else None


def _form(target: TargetFacts, loss: Entry, units: int | None) -> str | None:
    """How the data room writes the target for this loss; None where they do not go together."""
    taken = {*loss.target, *(("one_hot", "binary") if "real" in loss.target else ())}
    if target.task == "regression":
        forms: tuple[str, ...] = ("real",)
    elif units == 1:
        forms = ("binary", "integer") if target.task == "binary" else ("integer", "real")
    else:
        forms = (
            ("binary", *_FORMS["classification"])
            if units is None and target.task == "binary"
            else ("one_hot", "integer")
        )
    return next((form for form in forms if form in taken), None)


CHECKS = (
    losses_are_keyed_by_outputs,
    losses_suit_the_target,
    last_layers_suit_the_loss,
    metrics_suit_the_target,
)
