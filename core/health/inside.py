"""What the layers of a run show: gradients that vanish or explode, units that are dead, classes that are rare."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import graph
from core.edits import InsertBefore, Set, SetParam
from core.health.finding import Finding
from core.health.fixes import slower, weigh_classes
from core.problems import Fix
from core.spec import Choice, Node, Project

FEWEST_LAYERS = 3
VANISHED = 1e-3
"""Of the last layer's gradient (root mean square): the first layer learns a thousand times slower than that."""
GROWN = 100
LARGE = 5.0
"""Root mean square; the gradients of a cross-entropy are fifty times smaller in a healthy network."""
MOST_DEAD = 0.5
RARE = 0.1
"""Of the commonest class."""
_SATURATING = ("sigmoid", "tanh", "hard_sigmoid", "softsign")
_FOCAL = {
    "BinaryCrossentropy": "BinaryFocalCrossentropy",
    "CategoricalCrossentropy": "CategoricalFocalCrossentropy",
    "SparseCategoricalCrossentropy": "CategoricalFocalCrossentropy",
}


@dataclass(frozen=True)
class Layer:
    """A layer with weights: its gradient (root mean square) at first and now, and the share of units that are dead.

    A gradient that is no number is infinite here; `dead` is None for a layer whose units cannot die.
    """

    name: str
    first: float
    now: float
    dead: float | None


@dataclass(frozen=True)
class Inside:
    """The layers of a run in the order in which they run, and what is predicted.

    `balance` is the share of each class in the order of the classes; `target` the mean and the standard deviation of a
    number.
    """

    layers: tuple[Layer, ...]
    balance: Mapping[str, float]
    target: tuple[float, float] | None = None


def from_answer(answer: Mapping[str, Any]) -> Inside:
    """From what a kernel says to the question `trail`."""
    layers = [
        Layer(
            layer["layer"],
            _known(layer["gradients"][0]),
            _known(layer["gradients"][-1]),
            layer["dead"][-1] if layer["dead"] else None,
        )
        for layer in answer["layers"]
        if layer["gradients"] and layer["class"] != "Embedding"  # most of its rows are not in one batch
    ]
    target = answer["target"]
    return Inside(tuple(layers), answer["balance"], None if target is None else (float(target[0]), float(target[1])))


def _known(value: float | None) -> float:
    return math.inf if value is None else float(value)


def exploding(project: Project, inside: Inside) -> Finding | None:
    """A hundred times the gradient of the start, or one that no cross-entropy has (Pascanu et al., 2013)."""
    if not inside.layers:
        return None
    first, now = (max(values) for values in zip(*((layer.first, layer.now) for layer in inside.layers), strict=True))
    has_grown = now > GROWN * first > 0
    if not has_grown and not _are_large(project, inside):
        return None
    seen = f"The gradients explode: {now:.2g} now" + (f", {first:.2g} at the start." if has_grown else ".")
    why = "One such step throws the weights far away, and what was learned is lost."
    clip = Set(path="compile.optimizer.params.global_clipnorm", value=1.0)
    return Finding("exploding", seen, why, (Fix("Clip the gradients to norm 1", (clip,)), *slower(project, 10)))


def _are_large(project: Project, inside: Inside) -> bool:
    """In every layer of a deep network: in the first one alone they may come from columns that are not scaled."""
    loss = project.compile.loss
    is_crossentropy = isinstance(loss, Choice) and loss.name.endswith("Crossentropy")
    return is_crossentropy and len(inside.layers) >= FEWEST_LAYERS and min(one.now for one in inside.layers) > LARGE


def vanishing(project: Project, inside: Inside) -> Finding | None:
    """The first layer gets a thousandth of the last one's gradient (Glorot and Bengio, 2010)."""
    if len(inside.layers) < FEWEST_LAYERS:
        return None
    first, last = inside.layers[0], inside.layers[-1]
    if not 0 < first.now < VANISHED * last.now < math.inf:
        return None
    seen = f"The gradient vanishes on its way back: {last.now:.1e} in {last.name}, {first.now:.1e} in {first.name}."
    why = "The first layers hardly learn, while the last ones do."
    return Finding("vanishing", seen, why, _livelier(project))


def dead_units(project: Project, inside: Inside) -> Finding | None:
    """Half of a layer is zero for every row (Lu et al., 2019)."""
    worst = max(inside.layers, key=lambda layer: layer.dead or 0.0, default=None)
    if worst is None or (worst.dead or 0.0) < MOST_DEAD:
        return None
    seen = f"{worst.dead:.0%} of the units of {worst.name} are dead: they are zero for every row."
    why = "No gradient passes a relu that is zero, so they will not come back; steps that are too long kill them."
    node = graph.by_id(project.model).get(worst.name)
    leaky: tuple[Fix, ...] = ()
    if node is not None and node.params.get("activation") in ("relu", "relu6"):
        edit = SetParam(node=node.id, name="activation", value="leaky_relu")
        leaky = (Fix(f"Use leaky_relu in {node.id}", (edit,)),)
    return Finding("dead_units", seen, why, (*leaky, *slower(project, 3)))


def unbalanced(project: Project, inside: Inside) -> Finding | None:
    """One class has less than a tenth of the rows of another, and counts no more for it."""
    if len(inside.balance) < 2 or project.data.class_weight == "balanced":
        return None
    (rare, few), (common, many) = (pick(inside.balance.items(), key=_share) for pick in (min, max))
    if few >= RARE * many:
        return None
    seen = f"The classes are unbalanced: {many:.0%} of the training rows are {common}, {few:.1%} are {rare}."
    why = f"Who always says {common} is right in {many:.0%}, so accuracy says little; look at the recall of {rare}."
    return Finding("unbalanced", seen, why, (*weigh_classes(), *_focal(project, inside)))


def _share(item: tuple[str, float]) -> float:
    return item[1]


def _livelier(project: Project) -> tuple[Fix, ...]:
    """Activations with a slope of 1; where there are such already, a normalization in the middle."""
    hidden = [node for node in project.model.nodes if node.id not in project.model.outputs]
    flat = [node for node in hidden if node.params.get("activation") in _SATURATING and _is_feedforward(node)]
    if flat:
        edits = tuple(SetParam(node=node.id, name="activation", value="relu") for node in flat)
        return (Fix("Use relu in the hidden layers", edits),)
    weighted = [node for node in hidden if _is_feedforward(node) and node.inputs]
    if not weighted:
        return ()
    middle = weighted[len(weighted) // 2].id
    return (Fix(f"Add BatchNormalization before {middle}", (InsertBefore(node=middle, layer="BatchNormalization"),)),)


def _is_feedforward(node: Node) -> bool:
    """Recurrent layers need activations that are bounded."""
    return node.layer in ("Dense", "Activation") or node.layer.startswith(("Conv", "DepthwiseConv", "SeparableConv"))


def _focal(project: Project, inside: Inside) -> tuple[Fix, ...]:
    """The loss that weighs what is hard and rare (Lin et al., 2017)."""
    loss = project.compile.loss
    name = _FOCAL.get(loss.name) if isinstance(loss, Choice) else None
    if name is None or not isinstance(loss, Choice):
        return ()
    params: dict[str, Any] = {key: value for key, value in loss.params.items() if key == "from_logits"}
    if name == "BinaryFocalCrossentropy":
        params |= {"apply_class_balancing": True, "alpha": round(next(iter(inside.balance.values())), 3)}
    return (Fix(f"Use {name}", (Set(path="compile.loss", value={"name": name, "params": params}),)),)
