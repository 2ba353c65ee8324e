"""What a check found: for each layer its shape and its counts, and all problems; plain values that JSON can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.build.memory import Memory
from core.data.facts import DataFacts
from core.problems import Problem

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class NodeReport:
    """One layer. `shapes` has one shape for each of its results, batch axis (None) first; empty when unknown.

    `parameters` of a layer that uses another's weights is 0: they are counted where they live.
    `flops` is for one example; None where no formula is known.
    In a repeated block the counts are those of all copies together, and the shape is that of the last one.
    """

    id: str
    shapes: tuple[Shape, ...] = ()
    dtype: str | None = None
    parameters: int | None = None
    trainable_parameters: int | None = None
    flops: int | None = None

    @property
    def output_shape(self) -> list[Any] | None:
        """The shape; of several results a list of shapes; None when it is unknown."""
        if not self.shapes:
            return None
        lists = [list(shape) for shape in self.shapes]
        return lists[0] if len(lists) == 1 else lists

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "output_shape": self.output_shape,
            "dtype": self.dtype,
            "parameters": self.parameters,
            "trainable_parameters": self.trainable_parameters,
            "flops": self.flops,
        }


@dataclass(frozen=True)
class Report:
    """The whole answer. A total is None where a layer's count is unknown; so is the memory that training takes."""

    nodes: tuple[NodeReport, ...]
    problems: tuple[Problem, ...]
    facts: DataFacts | None = None
    memory: Memory | None = None

    @property
    def is_ok(self) -> bool:
        return not self.problems

    @property
    def parameters(self) -> int | None:
        return total([node.parameters for node in self.nodes])

    @property
    def trainable_parameters(self) -> int | None:
        return total([node.trainable_parameters for node in self.nodes])

    @property
    def flops(self) -> int | None:
        return total([node.flops for node in self.nodes])

    def to_dict(self) -> dict[str, Any]:
        """As `python -m core check` prints it, but for the name of the file."""
        return {
            "ok": self.is_ok,
            "parameters": self.parameters,
            "trainable_parameters": self.trainable_parameters,
            "flops": self.flops,
            "memory": self.memory.to_dict() if self.memory else None,
            "nodes": [node.to_dict() for node in self.nodes],
            "problems": [problem.to_dict() for problem in self.problems],
            "facts": self.facts.to_dict() if self.facts else None,
        }


def total(counts: list[int | None]) -> int | None:
    """The sum; None if one of them is unknown."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
