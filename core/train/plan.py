"""Which execution a run uses: eager, graph, several steps a call, XLA; and which of them `"auto"` may try."""

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
    """The execution that the project asks for; where `"auto"` begins, calls of many graph steps.

    A call never reaches over the end of an epoch, so it holds `steps_per_epoch` steps at most. Eager runs one step
    at a time, and without XLA, as Keras does.
    """
    if spec.run_eagerly:
        return Plan(eager=True)
    wanted = steps_per_epoch if spec.steps_per_execution == "auto" else spec.steps_per_execution
    return Plan(steps=min(wanted, steps_per_epoch), jit=spec.jit_compile is True)


def is_auto(spec: CompileSpec) -> bool:
    """May the run choose its execution by measuring?"""
    return not spec.run_eagerly and spec.steps_per_execution == "auto" and spec.jit_compile == "auto"


def rivals(start: Plan, convolves: bool) -> tuple[Plan, ...]:
    """What to try beside the start of `"auto"`, the most promising first.

    Convolutions in an XLA loop were up to 80 times slower than in a graph on a CPU, and still slower outside of a
    loop; so for them a single step is tried first.
    """
    many = Plan(steps=start.steps, jit=True)
    return (Plan(jit=True), many) if convolves and many.steps > 1 else (many,)
