"""What a check looks at: the project, the facts about its data, and what follows from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from core import catalog, graph
from core.catalog import Entry, Kind
from core.data.facts import DataFacts, TargetFacts
from core.edits import Set
from core.errors import SpecError
from core.problems import Fix, Problem
from core.spec import Choice, Node, Project

FEATURES = "features"
"""In `data.targets`: the output is to reproduce the features (an autoencoder)."""


@dataclass(frozen=True)
class Case:
    """One project under examination; `facts` are None while the data is unknown."""

    project: Project
    facts: DataFacts | None = None

    @cached_property
    def nodes(self) -> dict[str, Node]:
        return graph.by_id(self.project.model)

    @cached_property
    def circle(self) -> tuple[str, ...]:
        return graph.cycle(self.project.model)

    def loss(self, output: str) -> Choice | None:
        """The loss of one output."""
        loss = self.project.compile.loss
        return loss if isinstance(loss, Choice) else loss.get(output)

    def loss_field(self, output: str) -> str:
        return "compile.loss" if isinstance(self.project.compile.loss, Choice) else f"compile.loss.{output}"

    def target(self, output: str) -> TargetFacts | None:
        """What the output is compared with; None when that is unknown, or is no target of the data."""
        if self.facts is None:
            return None
        names = (self.project.data.targets or {}).get(output)
        if not names:
            facts = self.facts
            return TargetFacts(facts.target_name, facts.task, facts.classes, facts.class_names)
        return next((target for target in self.facts.targets if [target.name] == names), None)


Check = Callable[[Case], Iterator[Problem]]


def found(kind: Kind, name: str) -> Entry | None:
    """The catalog's entry, if it is there and offered; what is not is reported by the check of choices."""
    try:
        entry = catalog.entry(kind, name)
    except SpecError:
        return None
    return entry if entry.offered else None


def setting(label: str, path: str, value: object) -> Fix:
    """A fix that sets one field."""
    return Fix(label, (Set(path=path, value=value),))  # type: ignore[arg-type]
