"""Goes through the graph and asks of each layer what it would give; a node under a broken one is unknown."""

from __future__ import annotations

from dataclasses import dataclass, field

from core import catalog, graph, validate
from core.build.report import NodeReport
from core.build.symbolic import Outcome, Spec, outcome
from core.edits import SetInputs
from core.errors import SpecError
from core.problems import Fix, Problem
from core.spec import Node, Project


@dataclass(frozen=True)
class Refusal:
    """Keras's words about a layer, and what it was fed."""

    project: Project
    node: Node
    inputs: tuple[Spec, ...]
    words: str

    @property
    def entry(self) -> catalog.Entry:
        return catalog.entry("layer", self.node.layer)

    @property
    def parent(self) -> Node | None:
        """What feeds it, if that is one layer."""
        names = graph.parents(self.node)
        return graph.by_id(self.project.model).get(names[0]) if len(names) == 1 else None

    def row(self, link: int = 0) -> tuple[int | None, ...]:
        """The shape of one row of an input, without the batch axis."""
        return self.inputs[link].shape[1:]


@dataclass
class Walk:
    """What became of each node so far."""

    project: Project
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    fed: dict[str, tuple[Spec, ...]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def run(self) -> None:
        broken = validate.broken_nodes(self.project)
        for node in graph.sortable(self.project.model):
            if node.id not in broken:
                self._visit(node)

    def _visit(self, node: Node) -> None:
        inputs = self._inputs(node)
        if inputs is None:
            return
        owner = self._owner(node)
        built_on = self.fed.get(owner.id, ()) if owner is not node else ()
        words = _trouble_that_keras_overlooks(node, inputs)
        found = Outcome(fault=words) if words else outcome(owner if node.shared_with else node, inputs, built_on)
        if found.fault:
            self.refusals.append(Refusal(self.project, node, inputs, found.fault))
            return
        self.fed[node.id], self.outcomes[node.id] = inputs, found

    def _owner(self, node: Node) -> Node:
        if not node.shared_with:
            return node
        try:
            return graph.owner(self.project.model, node)
        except SpecError:
            return node

    def _inputs(self, node: Node) -> tuple[Spec, ...] | None:
        """What feeds the node; None when that is unknown, or one of its links names a result that is not there."""
        specs = []
        for reference in node.inputs:
            parent, slot = graph.source(reference)
            if parent not in self.outcomes:
                return None
            given = self.outcomes[parent].specs
            if slot >= len(given):
                self.problems.append(_no_such_result(node, reference, len(given)))
                return None
            specs.append(given[slot])
        return tuple(specs)

    def reports(self) -> tuple[NodeReport, ...]:
        """One for each node, as they are listed."""
        return tuple(self._report(node) for node in self.project.model.nodes)

    def _report(self, node: Node) -> NodeReport:
        found = self.outcomes.get(node.id)
        if found is None:
            return NodeReport(node.id)
        shares = self._owner(node) is not node
        return NodeReport(
            id=node.id,
            shapes=tuple(spec.shape for spec in found.specs),
            dtype=found.specs[0].dtype,
            parameters=0 if shares else found.parameters,
            trainable_parameters=0 if shares else found.trainable_parameters,
            flops=found.flops,
        )


def _no_such_result(node: Node, reference: str, count: int) -> Problem:
    parent = graph.source(reference)[0]
    has = "one result" if count == 1 else f"{count} results, counted from 0"
    inputs = tuple(parent if other == reference else other for other in node.inputs)
    message = f"{node.id}: its input {reference!r} is not there, {parent} has {has}. Take another."
    return Problem(node.id, "inputs", message, Fix(f"Take {parent}", (SetInputs(node=node.id, inputs=inputs),)))


def _trouble_that_keras_overlooks(node: Node, inputs: tuple[Spec, ...]) -> str:
    """Attention is not checked by Keras before it runs."""
    if catalog.entry("layer", node.layer).category != "attention":
        return ""
    for spec in inputs:
        if len(spec.shape) < 3:
            return f"expected min_ndim=3, found ndim={len(spec.shape)}"
    widths = {spec.shape[-1] for spec in (inputs[0], inputs[-1])}
    if node.layer in ("Attention", "AdditiveAttention") and len(widths) > 1:
        return "query and key need the same number of features"
    return ""
