"""The last layers before an output: how many numbers they give, and through which activation."""

from __future__ import annotations

from dataclasses import dataclass

from core import catalog, graph
from core.edits import Edit, InsertBefore, Remove, SetParam
from core.errors import SpecError
from core.spec import Node
from core.validate.case import Case

_PASSING = (
    "Dropout",
    "GaussianNoise",
    "GaussianDropout",
    "AlphaDropout",
    "ActivityRegularization",
    "Identity",
    "Rescaling",
)
_ACTIVATING = {
    "Softmax": "softmax",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "leaky_relu",
    "GELU": "gelu",
}


@dataclass(frozen=True)
class End:
    """What is known of an output. `units` and `activation` are None where they do not follow from the graph.

    `sized_by` is the node that has the units, `squashed_by` the one that has the activation.
    """

    units: int | None = None
    activation: str | None = None
    sized_by: Node | None = None
    squashed_by: Node | None = None

    def activated(self, name: str) -> tuple[Edit, ...]:
        """The edits that give the output this activation."""
        if self.squashed_by is None:
            return ()
        if self.squashed_by.layer in _ACTIVATING:
            edit = InsertBefore(node=self.squashed_by.id, layer="Activation", params={"activation": name})
            return (edit, Remove(node=self.squashed_by.id))
        return (SetParam(node=self.squashed_by.id, name="activation", value=name),)


def end(case: Case, output: str) -> End:
    """Walks up from an output to the layer that has its units."""
    node = case.nodes.get(output)
    squashed_by: Node | None = None
    activation: str | None = None
    for _ in case.nodes:
        if node is None:
            break
        own = _activation(node)
        if activation in (None, "linear") and own is not None:
            squashed_by, activation = (node, own) if squashed_by is None or own != "linear" else (squashed_by, own)
        if node.layer == "Dense":
            return End(_units(node), activation, node, squashed_by)
        if len(node.inputs) != 1 or node.layer not in (*_PASSING, *_ACTIVATING, "Activation"):
            break
        node = case.nodes.get(graph.source(node.inputs[0])[0])
    return End(activation=activation, squashed_by=squashed_by)


def _units(node: Node) -> int | None:
    units = node.params.get("units")
    return units if type(units) is int else None


def _activation(node: Node) -> str | None:
    """The activation that a layer applies; None where it has none."""
    if node.layer in _ACTIVATING:
        return _ACTIVATING[node.layer]
    if node.layer not in ("Dense", "Activation"):
        return None
    chosen = node.params.get("activation") or "linear"
    name = chosen.get("name") if isinstance(chosen, dict) else chosen
    try:
        return catalog.canonical_name("activation", str(name))
    except SpecError:
        return None
