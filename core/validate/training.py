"""Checks of the training: enough rows for a batch, something to monitor, data of the model's shape."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from core import formula, graph
from core.data.facts import places
from core.edits import SetParam
from core.errors import FormulaError
from core.problems import Fix, Problem
from core.spec import Choice
from core.validate.case import Case, found, setting
from core.validate.choices import metrics
from core.validate.embeddings import inputs_of_embeddings

_DIRECTIONS = ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint")


def batches_are_filled(case: Case) -> Iterator[Problem]:
    size = case.project.training.batch_size
    rows = case.facts.parts.get("train", 0) if case.facts else 0
    if 0 < rows < size:
        better = min(32, 2 ** int(math.log2(rows)))
        message = f"training.batch_size: there are {rows:,} rows to train on, got {size:,}. Set it to {better} or so."
        fix = setting(f"Set batch_size to {better}", "training.batch_size", better)
        yield Problem(None, "training.batch_size", message, fix)


def callbacks_find_what_they_monitor(case: Case) -> Iterator[Problem]:
    known = _logged(case)
    for index, callback in enumerate(case.project.training.callbacks):
        entry = found("callback", callback.name)
        if entry is None or callback.name not in _DIRECTIONS:
            continue
        monitored = str(callback.params.get("monitor", entry.param("monitor").default))
        path = f"training.callbacks.{index}.params.monitor"
        if monitored.startswith("val_") and not _is_validated(case):
            instead = monitored.removeprefix("val_")
            message = f"{callback.name} watches {monitored}, but no rows are held out for validation. Watch {instead}."
            yield Problem(None, path, message, setting(f"Watch {instead}", path, instead))
        elif known and monitored.removeprefix("val_") not in known:
            message = f"{callback.name} watches {monitored!r}, which this run does not report. "
            message += f"It reports {', '.join(known)}, and each with val_ before it. Watch one of these."
            instead = "val_loss" if _is_validated(case) else "loss"
            yield Problem(None, path, message, setting(f"Watch {instead}", path, instead))


def _is_validated(case: Case) -> bool:
    if case.facts and "validation" in case.facts.parts:
        return case.facts.parts["validation"] > 0
    return case.project.data.validation_fraction > 0


def _logged(case: Case) -> tuple[str, ...]:
    """The names that a run reports; empty where they do not follow from the project (several outputs)."""
    if len(graph.outputs(case.project.model)) != 1 or isinstance(case.project.compile.metrics, dict):
        return ()
    names = [_name(choice) for _, _, choice in metrics(case)]
    return ("loss", *names, "learning_rate") if all(names) else ()


def _name(choice: Choice) -> str:
    """The name of a metric in the logs, as Keras makes it."""
    if choice.source is not None:
        try:
            return formula.parse(choice.source).name
        except FormulaError:
            return ""
    if isinstance(choice.params.get("name"), str):
        return str(choice.params["name"])
    if found("metric", choice.name) is None:
        return ""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", choice.name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def inputs_have_the_shape_of_the_data(case: Case) -> Iterator[Problem]:
    """An Input may have another shape than a row of the data, as long as both have equally many values."""
    if case.facts is None:
        return
    elsewhere = inputs_of_embeddings(case)
    for node in graph.inputs(case.project.model):
        shape, came = node.params.get("shape"), _row(case, node.id)
        if node.id in elsewhere or came is None or not isinstance(shape, list) or _fits(shape, came):
            continue
        if not all(size is None or (type(size) is int and size > 0) for size in shape):
            continue
        message = f"{node.id}, shape: a row of the data has shape {list(came)} ({math.prod(came):,} values), got "
        message += f"{_written(shape)}. Set the shape to {list(came)}."
        fix = Fix(f"Set shape to {list(came)}", (SetParam(node=node.id, name="shape", value=list(came)),))
        yield Problem(node.id, "shape", message, fix)


def _row(case: Case, node: str) -> tuple[int, ...] | None:
    """The shape of a row for one Input: the data's, or the columns that are mapped to it."""
    facts, mapped = case.facts, case.project.data.inputs
    if facts is None:
        return None
    if not mapped:
        return facts.feature_shape
    if not mapped.get(node):
        return None
    groups = places(facts.columns)
    numbers = sum(len(groups.get(column, ())) for column in mapped[node])
    return (*facts.feature_shape[:-1], numbers) if numbers else None


def _fits(shape: Sequence[object], came: tuple[int, ...]) -> bool:
    sizes = [size for size in shape if isinstance(size, int)]
    known, size = math.prod(sizes), math.prod(came)
    if len(shape) == len(came) and all(want in (None, have) for want, have in zip(shape, came, strict=True)):
        return True
    gaps = len(shape) - len(sizes)
    return (gaps == 0 and known == size) or (gaps == 1 and known > 0 and size % known == 0)


def _written(shape: Sequence[object]) -> str:
    return "[" + ", ".join("any" if size is None else str(size) for size in shape) + "]"


def columns_go_to_nodes(case: Case) -> Iterator[Problem]:
    """`data.inputs` names Input nodes, each of them; `data.targets` names outputs."""
    data, model = case.project.data, case.project.model
    inputs = tuple(node.id for node in graph.inputs(model))
    for field, mapped, known in (("inputs", data.inputs, inputs), ("targets", data.targets, graph.outputs(model))):
        for name in mapped or {}:
            if name not in known:
                what = "Input" if field == "inputs" else "output"
                kept = {key: value for key, value in (mapped or {}).items() if key in known} or None
                message = f"data.{field} names {name!r}, which is no {what}. There is {', '.join(known) or 'none'}."
                fix = setting(f"Remove {name}", f"data.{field}", kept)
                yield Problem(None, f"data.{field}.{name}", message, fix)
    for name in inputs if data.inputs else ():
        if not (data.inputs or {}).get(name):
            yield Problem(name, "data.inputs", f"{name}: data.inputs gives it no columns. Choose some for it.")


CHECKS = (
    batches_are_filled,
    callbacks_find_what_they_monitor,
    inputs_have_the_shape_of_the_data,
    columns_go_to_nodes,
)
