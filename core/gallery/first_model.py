"""A first model for any data: network, loss, metrics, optimizer and length of training, by shape and task."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from core import catalog, graph
from core.errors import SpecError
from core.gallery import networks
from core.spec import Choice, CompileSpec, DataSpec, ModelSpec, Node, Project, TrainingSpec

_MOST_AT_ONCE = 8_000_000
"""A batch holds at most this many numbers of the rows; the first layer makes up to 32 times as many of them."""


class Target(Protocol):
    """What is known of one target."""

    @property
    def name(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def classes(self) -> int | None: ...
    @property
    def mean(self) -> float | None: ...
    @property
    def deviation(self) -> float | None: ...


class Facts(networks.Rows, Protocol):
    """What is known of the data: `core.data.DataFacts` has it all."""

    @property
    def targets(self) -> Sequence[Target]: ...


def propose(project: Project, facts: Facts | None) -> Project:
    """The same data with a model that suits it: one Input for all features, and an output for each target.

    Seeds, name and execution stay; roles of columns are kept as far as they say what is predicted.

    Args:
        project: any project, its model may be empty or broken.
        facts: what `core.data.describe` says of its data.

    Raises:
        SpecError: if the data is not known yet.
    """
    if facts is None or not facts.targets:
        raise SpecError("data", "No model can be proposed before the data can be read. Choose other data first.")
    targets = list(facts.targets)
    stem = _chain(facts)
    model, heads = stem, {}
    for place, target in enumerate(targets, start=1):
        model = _with_head(model, target, stem.nodes[-1].id, f"target_{place}" if len(targets) > 1 else None)
        heads[model.nodes[-1].id] = target
    return project.model_copy(
        update={
            "data": _roles(project.data, heads),
            "model": model.model_copy(update={"outputs": tuple(heads)}),
            "compile": _compiled(project.compile, heads, facts),
            "training": _training(project.training, facts),
        }
    )


def _chain(facts: Facts) -> ModelSpec:
    """The Input and the hidden layers, each fed by the one before."""
    shape: dict[str, Any] = {"shape": list(facts.feature_shape)}
    if facts.kind == "text":
        shape["dtype"] = "int32"
    model = ModelSpec()
    for layer, params in [("Input", shape), *networks.hidden(facts)]:
        before = tuple(node.id for node in model.nodes[-1:])
        node = Node(id=graph.fresh_id(model, layer), layer=layer, params=params, inputs=before)
        model = model.model_copy(update={"nodes": (*model.nodes, node)})
    return model


def _with_head(model: ModelSpec, target: Target, before: str, name: str | None) -> ModelSpec:
    """A Dense layer as the target wants it and, where its numbers are far from 1, a layer that brings it there.

    A new network answers with numbers of about 1: without that layer its first epochs would go into the way to the
    target's mean. The last layer gets the name.
    """
    advice = catalog.recommend(target)
    activation = {} if advice.last_activation == "linear" else {"activation": advice.last_activation}
    layers: list[tuple[str, dict[str, Any]]] = [("Dense", {"units": advice.last_units, **activation})]
    if target.mean is not None and target.deviation and _is_far(target.mean, target.deviation):
        layers.append(("Rescaling", to_scale(target.mean, target.deviation)))
    for place, (layer, params) in enumerate(layers, start=1):
        own = name if name and place == len(layers) else graph.fresh_id(model, layer)
        node = Node(id=own, layer=layer, params=params, inputs=(before,))
        model, before = model.model_copy(update={"nodes": (*model.nodes, node)}), own
    return model


def _is_far(mean: float, deviation: float) -> bool:
    return abs(mean) > 10 or not 0.1 <= deviation <= 10


def to_scale(mean: float, deviation: float) -> dict[str, Any]:
    """What a Rescaling needs to bring numbers of about 1 to such a target; rounded, so that it can be read."""
    digits = 2 - math.floor(math.log10(deviation))
    return {"scale": round(deviation, digits), "offset": round(mean, digits)}


def _roles(data: DataSpec, heads: dict[str, Target]) -> DataSpec:
    """Each output is compared with its target; with one target nothing needs to be said."""
    targets = {name: [target.name] for name, target in heads.items()} if len(heads) > 1 else None
    return data.model_copy(update={"inputs": None, "targets": targets})


def _compiled(old: CompileSpec, heads: dict[str, Target], facts: Facts) -> CompileSpec:
    advice = {name: catalog.recommend(target) for name, target in heads.items()}
    losses = {name: Choice(name=found.loss) for name, found in advice.items()}
    metrics = {name: tuple(Choice(name=metric) for metric in found.metrics) for name, found in advice.items()}
    only = next(iter(heads))
    one = len(heads) == 1
    return old.model_copy(
        update={
            "optimizer": Choice(name="Adam", params={"learning_rate": _learning_rate(facts)}),
            "loss": losses[only] if one else losses,
            "loss_weights": None,
            "metrics": metrics[only] if one else metrics,
        }
    )


def _learning_rate(facts: Facts) -> float:
    """Small dense and recurrent networks bear large steps; pictures and many rows want smaller ones."""
    small = facts.kind in ("table", "points", "sequence") and facts.parts.get("train", 0) < 5000
    return 0.01 if small else 0.001


def _training(old: TrainingSpec, facts: Facts) -> TrainingSpec:
    """Enough epochs for some thousand steps, without callbacks that might watch what is no longer there."""
    rows = max(facts.parts.get("train", 0), 1)
    size = _batch_size(rows, math.prod(facts.feature_shape))
    steps = math.ceil(rows / size)
    epochs = min(max(round((800 if facts.kind == "image" else 2000) / steps), 5), 100)
    return old.model_copy(update={"batch_size": size, "epochs": epochs, "callbacks": ()})


def _batch_size(rows: int, values: int) -> int:
    """A power of two: 32, more for many rows, less for few or for very large ones."""
    wanted = 16 if rows < 100 else 32 if rows < 20_000 else 128
    most = min(wanted, rows, max(_MOST_AT_ONCE // max(values, 1), 1))
    return int(2 ** math.floor(math.log2(most)))
