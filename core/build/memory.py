"""How much memory training takes: what is held the whole time, and the most that one step holds at once.

Held the whole time are the weights and what the optimizer remembers of each trained weight (its slots, see
`keras/src/optimizers/*.py`, `build`). One step adds, as in "Training Deep Nets with Sublinear Memory Cost" (Chen et
al., 2016, https://arxiv.org/abs/1604.06174, section 2):

- activations: the results of layers that the backward pass needs again, for each row of the batch. A result is needed
  if a layer that takes it needs its input to find its gradients (convolution, Dense, normalization, recurrent …), or
  if the layer that gives it needs it (most activation functions, max pooling). Add, Flatten or Dropout need neither.
  Recurrent layers and attention keep what they compute inside.
- gradients: one number for each trained weight, made from the last layer to the first while activations are freed.
- room to work: the gradients of a layer's input and output; of a layer with weights thrice, for TensorFlow finds
  several at a time and oneDNN copies them in an order of its own. The optimizer's rule computes one number for each
  trained weight and slot, at least one.

The peak is the largest sum on the way back. Numbers are of 4 bytes (8 or 2 where the layer's dtype says so). Not
counted: Python and TensorFlow themselves (about 500 MB), and the data set. `tests/build/test_memory.py` compares it
with a real training process.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core import catalog, graph
from core.errors import SpecError
from core.spec import Choice, Node, Project

if TYPE_CHECKING:
    from core.build.symbolic import Outcome

_BYTES = {"float64": 8, "int64": 8, "float16": 2, "bfloat16": 2, "bool": 1, "uint8": 1, "int8": 1}
_VIEWS = ("Flatten", "Reshape", "Identity")
_NEEDING_INPUT = {"convolution", "recurrent", "normalization", "attention", "wrapper"}
_LAYERS_NEEDING_INPUT = {"Dense", "EinsumDense", "Multiply", "Dot", "PReLU", "Embedding", "Maximum", "Minimum"}
_LINEAR = (None, "linear")
_SLOTS = {
    **dict.fromkeys(("Adam", "AdamW", "Nadam", "Adamax", "Lamb", "Adadelta", "Ftrl", "ScheduleFreeAdamW"), 2),
    **dict.fromkeys(("Adagrad", "Lion", "RMSprop", "Adafactor", "Muon"), 1),
    "SGD": 0,
}
_MORE_SLOTS = ("amsgrad", "centered", "use_ema", "gradient_accumulation_steps")
_GATES = {"LSTM": 18, "GRU": 15, "SimpleRNN": 6}
"""Numbers for each step and unit that a recurrent layer keeps: its gates, states and what lies between."""


@dataclass(frozen=True)
class Memory:
    """Bytes. `activations` are those that the backward pass needs, for a whole batch; `peak` is the most at once."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    peak: int

    def to_dict(self) -> dict[str, int]:
        return asdict(self)


def memory(project: Project, outcomes: Mapping[str, Outcome]) -> Memory | None:
    """What training the project takes, in bytes.

    Args:
        project: its blocks written out.
        outcomes: what became of each layer; where one is unknown, or an axis is open, there is no answer.
    """
    nodes = project.model.nodes
    if not nodes or any(node.id not in outcomes for node in nodes):
        return None
    is_open = any(None in spec.shape[1:] for node in nodes for spec in outcomes[node.id].specs)
    return None if is_open else _Step(project, outcomes).memory()


def slots(optimizer: Choice) -> int:
    """How many numbers an optimizer remembers for each trained weight."""
    asked = list(_MORE_SLOTS)
    if optimizer.name in ("SGD", "RMSprop"):
        asked.append("momentum")
    return _SLOTS.get(optimizer.name, 2) + sum(bool(optimizer.params.get(name)) for name in asked)


@dataclass(frozen=True)
class _Step:
    """One training step."""

    project: Project
    outcomes: Mapping[str, Outcome]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        return graph.sortable(self.project.model)

    @cached_property
    def readers(self) -> Mapping[str, tuple[str, ...]]:
        return graph.children(self.project.model)

    def memory(self) -> Memory:
        gradients = {node.id: 4 * self._own(node, "trainable_parameters") for node in self.nodes}
        kept = {node.id: self._kept(node) for node in self.nodes}
        weights = 4 * sum(self._own(node, "parameters") for node in self.nodes)
        trained = sum(gradients.values())
        held = slots(self.project.compile.optimizer)
        most = trained * (1 + max(1, held))  # at the end: all gradients, and what the optimizer computes from them
        made, left = 0, sum(kept.values())
        for node in reversed(self.nodes):
            made += gradients[node.id]
            most = max(most, left + made + self._room(node))
            left -= kept[node.id]
        return Memory(weights, trained, trained * held, sum(kept.values()), weights + trained * held + most)

    def _own(self, node: Node, field: str) -> int:
        return 0 if node.shared_with else int(getattr(self.outcomes[node.id], field))

    def _size(self, name: str) -> int:
        """The bytes of a layer's results for one batch."""
        rows = self.project.training.batch_size
        specs = self.outcomes[name].specs
        return sum(rows * math.prod(size or 0 for size in spec.shape[1:]) * _BYTES.get(spec.dtype, 4) for spec in specs)

    def _taken(self, node: Node) -> int:
        return sum(self._size(name) for name in graph.parents(node))

    def _kept(self, node: Node) -> int:
        """What the backward pass needs of a layer's results, and of what it computes inside."""
        size = self._size(node.id)
        inside = self._inside(node, size)
        if node.layer in _VIEWS:  # its numbers are those of the layer before it
            return inside
        return inside + (size if node.layer == "Input" or _needs_result(node) or self._is_needed(node.id) else 0)

    def _is_needed(self, name: str) -> bool:
        nodes = graph.by_id(self.project.model)
        return any(
            self._is_needed(reader) if nodes[reader].layer in _VIEWS else _needs_input(nodes[reader])
            for reader in self.readers[name]
        )

    def _inside(self, node: Node, size: int) -> int:
        """What a layer keeps beside its result."""
        if node.layer == "Dropout":
            return size // 4  # which numbers were let through, a byte each
        if node.layer in _GATES:
            return self._gates(node, node.layer, node.params)
        inner: Any = node.params.get("layer")
        if node.layer == "Bidirectional" and isinstance(inner, dict) and inner.get("name") in _GATES:
            return 2 * self._gates(node, inner["name"], inner.get("params") or {})
        if node.layer == "MultiHeadAttention":
            return self._attention(node)
        is_curved = node.layer in _LAYERS_NEEDING_INPUT or _category(node) == "convolution"
        return size if is_curved and _activation(node) in ("gelu", "silu", "swish", "mish") else 0

    def _gates(self, node: Node, layer: str, params: Mapping[str, Any]) -> int:
        steps = self.outcomes[graph.source(node.inputs[0])[0]].specs[0].shape[1] or 1
        return 4 * self.project.training.batch_size * _GATES[layer] * steps * int(params.get("units") or 1)

    def _attention(self, node: Node) -> int:
        """Queries, keys, values and the weighted values of all heads; the scores before and after softmax."""
        queries, keys = (self.outcomes[graph.source(node.inputs[at])[0]].specs[0].shape[1] or 1 for at in (0, 1))
        heads, width = (int(node.params.get(name) or 1) for name in ("num_heads", "key_dim"))  # type: ignore[arg-type]
        numbers = 2 * heads * width * (queries + keys) + 2 * heads * queries * keys
        return 4 * self.project.training.batch_size * numbers

    def _room(self, node: Node) -> int:
        """What the layer's own backward pass needs while it runs."""
        both = self._taken(node) + self._size(node.id)
        return 3 * both if self.outcomes[node.id].parameters else both


def _category(node: Node) -> str:
    try:
        return catalog.entry("layer", node.layer).category
    except SpecError:
        return ""


def _activation(node: Node) -> str | None:
    chosen = node.params.get("activation")
    name = chosen.get("name") if isinstance(chosen, dict) else chosen
    return str(name) if name is not None else None


def _needs_input(node: Node) -> bool:
    """Does it take its input to find its gradients?"""
    if node.layer in _LAYERS_NEEDING_INPUT or _category(node) in _NEEDING_INPUT:
        return True
    return node.layer.startswith("Max") or _activation(node) in ("gelu", "silu", "swish", "mish")


def _needs_result(node: Node) -> bool:
    """Does it take its result to find its gradients?"""
    if node.layer.startswith("Max") or _category(node) == "activation":
        return True
    return _category(node) not in ("recurrent", "attention") and _activation(node) not in _LINEAR
