"""Compares executions: the same network on the same batches, eagerly, as a graph, in many steps a call, under XLA."""

from __future__ import annotations

import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from core.events import Steps, decode
from core.spec import Project
from core.store import Run, Store

STEPS = 150
"""About so many steps are compared: enough to measure a speed, few enough to wait for in eager execution."""
TOGETHER = 32
"""How many steps one call runs where it runs several."""
_PREFIX = "Compare "
_PAGE = 1000


@dataclass(frozen=True)
class Execution:
    """One way to run the same step, and a sentence on it."""

    name: str
    eager: bool
    steps: int
    jit: bool
    sentence: str


EXECUTIONS = (
    Execution("eager", True, 1, False, "Python runs every operation, and waits for each."),
    Execution("graph", False, 1, False, "Python ran the step once, to record it; each batch is one call of the graph."),
    Execution("multi-step", False, TOGETHER, False, f"{TOGETHER} batches in one call: Python comes back less often."),
    Execution("XLA", False, TOGETHER, True, f"{TOGETHER} batches in one call of machine code, made for this network."),
)
LOOPS: tuple[Literal["fit", "custom"], ...] = ("fit", "custom")


@dataclass(frozen=True)
class Variant:
    """One loop in one execution."""

    loop: Literal["fit", "custom"]
    execution: Execution

    @property
    def name(self) -> str:
        return f"{self.loop} · {self.execution.name}"

    @property
    def run_name(self) -> str:
        """What its run is called, by which it is found again."""
        return _PREFIX + self.name


VARIANTS = tuple(Variant(loop, execution) for loop, execution in product(LOOPS, EXECUTIONS))


def project_of(project: Project, variant: Variant, rows: int) -> Project:
    """The project as this variant trains it: the same in all that decides the numbers, shorter, without callbacks.

    Args:
        rows: how many the training part has.
    """
    steps_per_epoch = max(1, -(-rows // project.training.batch_size))
    how = variant.execution
    compile_ = {"run_eagerly": how.eager, "steps_per_execution": how.steps, "jit_compile": how.jit}
    training = {"loop": variant.loop, "epochs": max(1, STEPS // steps_per_epoch), "callbacks": ()}
    return project.model_copy(
        update={
            "compile": project.compile.model_copy(update=compile_),
            "training": project.training.model_copy(update=training),
        }
    )


def newest(runs: list[Run]) -> dict[str, Run]:
    """By variant the runs of the last comparison, from all runs of a project, newest first."""
    found: dict[str, Run] = {}
    for run in runs:
        name = run.name.removeprefix(_PREFIX)
        if run.name.startswith(_PREFIX) and name not in found:
            found[name] = run
    first = found.get(VARIANTS[0].name)
    return {name: run for name, run in found.items() if first and run.number >= first.number}


def losses(store: Store, run_id: str) -> array.array[float]:
    """The loss of each step that a run has made, float32."""
    found, seq = array.array("f"), 0
    while page := store.events_after(run_id, seq, _PAGE):
        seq = page[-1][0]
        for _, body in page:
            event = decode(body)
            if isinstance(event, Steps):
                found.extend(event.loss)
    return found


def largest_difference(curves: Mapping[str, array.array[float]]) -> float | None:
    """Over all steps that all curves have, how far apart two of them are at most; None for fewer than two curves."""
    together = [values for values in curves.values() if values]
    if len(together) < 2:
        return None
    return float(max(max(at_step) - min(at_step) for at_step in zip(*together, strict=False)))
