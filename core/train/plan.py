"""Which of the four executions a run uses: eager, graph, several steps a call, XLA."""

from __future__ import annotations

from dataclasses import dataclass

from core.spec import CompileSpec


@dataclass(frozen=True)
class Plan:
    """`steps` is the most training steps that one call runs; `str` is what the page shows."""

    eager: bool = False
    steps: int = 1
    jit: bool = False

    def __str__(self) -> str:
        if self.eager:
            return "eager"
        kind = "XLA" if self.jit else "graph"
        return kind if self.steps == 1 else f"{kind} x {self.steps}"


def plan(spec: CompileSpec, steps_per_epoch: int) -> Plan:
    """The execution that the project asks for; `"auto"` is one graph call a step, without XLA.

    A call never reaches over the end of an epoch, so it holds `steps_per_epoch` steps at most. Eager runs one step
    at a time, and without XLA, as Keras does.
    """
    if spec.run_eagerly:
        return Plan(eager=True)
    steps = 1 if spec.steps_per_execution == "auto" else min(spec.steps_per_execution, steps_per_epoch)
    return Plan(steps=steps, jit=spec.jit_compile is True)
