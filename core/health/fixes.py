"""The next actions: edits of the project, each with the words of its button."""

from __future__ import annotations

from pydantic import JsonValue

from core import graph
from core.edits import InsertBefore, Set
from core.problems import Fix
from core.spec import Project


def _rate(project: Project) -> float | None:
    """The learning rate, if it is a number and no schedule."""
    rate = project.compile.optimizer.params.get(
        "learning_rate", 0.01 if project.compile.optimizer.name == "SGD" else 0.001
    )
    return float(rate) if isinstance(rate, int | float) and not isinstance(rate, bool) and rate > 0 else None


def slower(project: Project, by: int) -> tuple[Fix, ...]:
    """A learning rate that is so many times lower; nothing where a schedule rules it."""
    rate = _rate(project)
    return (_with_rate("Lower", min(rate / by, 0.01 if by == 10 else rate)),) if rate else ()


def faster(project: Project, by: int) -> tuple[Fix, ...]:
    """A learning rate that is so many times higher."""
    rate = _rate(project)
    return (_with_rate("Raise", rate * by),) if rate else ()


def _with_rate(verb: str, rate: float) -> Fix:
    value = float(f"{rate:.3g}")
    edit = Set(path="compile.optimizer.params.learning_rate", value=value)
    return Fix(f"{verb} the learning rate to {value:g}", (edit,))


def early_stopping(project: Project) -> tuple[Fix, ...]:
    """End the run when the validation loss has stopped to fall."""
    have: list[JsonValue] = [choice.model_dump(mode="json", exclude_none=True) for choice in project.training.callbacks]
    if any(choice.name == "EarlyStopping" for choice in project.training.callbacks):
        return ()
    stop: JsonValue = {
        "name": "EarlyStopping",
        "params": {"monitor": "val_loss", "patience": 3, "restore_best_weights": True},
    }
    return (Fix("Stop early", (Set(path="training.callbacks", value=[*have, stop]),)),)


def dropout(project: Project) -> tuple[Fix, ...]:
    """Before the last layer of a model with one output."""
    nodes = graph.by_id(project.model)
    last = nodes.get(graph.outputs(project.model)[0]) if len(project.model.outputs) == 1 else None
    if last is None or len(last.inputs) != 1:
        return ()
    before = nodes.get(graph.source(last.inputs[0])[0])
    if before is None or before.layer in ("Input", "Dropout"):
        return ()
    return (Fix(f"Add Dropout before {last.id}", (InsertBefore(node=last.id, layer="Dropout", params={"rate": 0.3}),)),)


def weigh_classes() -> tuple[Fix, ...]:
    """Each class counts alike in the loss, however few its rows are (King and Zeng, 2001)."""
    return (Fix("Weigh the classes", (Set(path="data.class_weight", value="balanced"),)),)
