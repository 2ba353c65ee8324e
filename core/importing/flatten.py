"""A written model as one flat graph of ours: models inside it are laid open, each call of a layer is a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core import graph
from core.errors import ImportRefused
from core.importing import operations
from core.importing.calls import Call, inputs_of
from core.importing.faults import Faults, named
from core.importing.limits import Limits
from core.importing.masks import is_mask_of
from core.importing.names import free_id
from core.importing.operations import Step, Tensor, Unfit
from core.importing.written import Model, Part
from core.spec import ModelSpec, Node

_MOST_STEPS = 10_000


@dataclass
class Scope:
    """One call of a model. `outer` is where it was called, and with what; None for the whole model.

    `results` gives for (layer, call) the node with its result, `scopes` the scope of a model inside.
    """

    model: Model
    prefix: str = ""
    outer: tuple[Scope, list[Tensor]] | None = None
    is_frozen: bool = False
    results: dict[tuple[str, int], str] = field(default_factory=dict)
    scopes: dict[tuple[str, int], Scope] = field(default_factory=dict)


@dataclass
class Draft:
    """A node whose links are not known yet: `feeds` are tensors of the scope, or ids of nodes."""

    id: str
    layer: str
    params: dict[str, Any]
    scope: Scope
    path: str
    feeds: tuple[Tensor | str, ...] = ()
    masks: tuple[Tensor, ...] = ()
    shared_with: str | None = None
    claimed: tuple[int | None, ...] | None = None


@dataclass
class Flat:
    """The graph, where each node's weights stand in the file, and what the file says that the nodes are fed."""

    spec: ModelSpec
    groups: dict[str, str]
    outputs: dict[str, str]
    claims: dict[str, tuple[int | None, ...]]


class Flattening:
    """Takes a model apart; whatever is refused goes to `faults`."""

    def __init__(self, faults: Faults, limits: Limits, notes: list[str]) -> None:
        self._faults = faults
        self._limits = limits
        self._notes = notes
        self._drafts: dict[str, Draft] = {}
        self._owners: dict[int, str] = {}  # of each part with weights, its first node
        self._groups: dict[str, str] = {}

    def flat(self, model: Model) -> Flat | None:
        """The graph of a model; None when something is refused."""
        root = Scope(model)
        self._place(root)
        nodes = [self._node(draft) for draft in self._drafts.values()]
        outputs = [self._resolve(root, tensor, f"{model.path}.output_layers") for tensor in model.outputs]
        if len(self._faults) or None in outputs:
            return None
        order = {root.results.get((tensor.layer, 0), ""): index for index, tensor in enumerate(model.inputs)}
        nodes.sort(key=lambda node: (node.layer != "Input", order.get(node.id, 0)))
        spec = ModelSpec(nodes=tuple(nodes), outputs=tuple(output for output in outputs if output))
        self._check_masks(spec)
        if circle := graph.cycle(spec):
            self._faults.add(f"{model.path}.layers", f"layers feed each other in a circle: {' → '.join(circle[:8])}.")
            return None
        names = {tensor.layer: str(output) for tensor, output in zip(model.outputs, outputs, strict=True)}
        claims = {draft.id: draft.claimed for draft in self._drafts.values() if draft.claimed}
        return Flat(spec, self._groups, names, claims)

    def _place(self, scope: Scope) -> None:
        for part in scope.model.parts.values():
            if part.kind == "input" and scope.outer is None:
                if "shape" not in part.params:
                    self._faults.add(part.path, "this model has never been built, so its input has no shape. Save it "
                                     "after it was built or trained.")  # fmt: skip
                self._add(part, scope, 0, "Input", part.params)
            for number, call in enumerate(part.calls):
                if part.kind == "model":
                    self._enter(part, scope, number, call)
                elif part.kind == "operation":
                    self._steps(part, scope, number, call)
                elif part.kind == "layer":
                    self._layer(part, scope, number, call)

    def _layer(self, part: Part, scope: Scope, number: int, call: Call) -> None:
        assert part.entry is not None
        feeds = inputs_of(call, part.entry, self._faults)
        if feeds is None:
            return
        params = dict(part.params)
        has_weights = any(param.name == "trainable" for param in part.entry.params)
        if scope.is_frozen and has_weights:
            params["trainable"] = False
        draft = self._add(part, scope, number, part.entry.name, params)
        draft.feeds, draft.masks, draft.claimed = feeds, tuple(call.masks()), feeds[0].shape
        if has_weights or part.entry.category == "attention":
            owner = self._owners.setdefault(id(part), draft.id)
            draft.shared_with = owner if owner != draft.id else None
            self._groups.setdefault(owner, part.group)

    def _steps(self, part: Part, scope: Scope, number: int, call: Call) -> None:
        special = operations.special(part.module, part.class_name)
        args = [*call.args, *(value for value in call.kwargs.values() if value is not None)]
        try:
            steps = special(part.config, args) if special else operations.operation(part.class_name, part.config, args)
        except Unfit as fault:
            self._faults.add(call.path, str(fault))
            return
        before = ""
        for step in steps:
            before = self._step(part, scope, number, step, before).id
        if special and len(steps) == 1:
            owner = self._owners.setdefault(id(part), before)
            self._drafts[before].shared_with = owner if owner != before else None
            self._groups.setdefault(owner, part.group)

    def _step(self, part: Part, scope: Scope, number: int, step: Step, before: str) -> Draft:
        draft = self._add(part, scope, number, step.layer, dict(step.params))
        draft.feeds = tuple(before if tensor is None else tensor for tensor in step.inputs)
        return draft

    def _add(self, part: Part, scope: Scope, number: int, layer: str, params: dict[str, Any]) -> Draft:
        if len(self._drafts) >= self._limits.layers:
            most = f"{self._limits.layers:,}"
            raise ImportRefused(part.path, f"with all models inside laid open there are more than {most} layers.")
        name = free_id(f"{scope.prefix}{part.name}", self._drafts)
        draft = self._drafts[name] = Draft(name, layer, params, scope, part.path)
        scope.results[part.name, number] = name
        return draft

    def _enter(self, part: Part, scope: Scope, number: int, call: Call) -> None:
        """Lay open a call of a model inside; from its second call on its layers share their weights."""
        assert part.model is not None
        given = list(call.tensors())
        if len(given) != len(part.model.inputs):
            needed = len(part.model.inputs)
            self._faults.add(call.path, f"{named(part.name)} has {needed} inputs, and is called with {len(given)}.")
            return
        if call.kwargs.get("training") is True:
            self._faults.add(f"{call.path}.kwargs.training", "a model inside that always trains is not taken.")
        if call.kwargs.get("training") is False:
            self._notes.append(f"{part.name} was called with training=False; here its layers follow the training.")
        inner = Scope(part.model, f"{scope.prefix}{part.name}_", (scope, given))
        inner.is_frozen = scope.is_frozen or part.model.is_frozen
        scope.scopes[part.name, number] = inner
        self._place(inner)

    def _node(self, draft: Draft) -> Node:
        found = [
            feed if isinstance(feed, str) else self._resolve(draft.scope, feed, draft.path) for feed in draft.feeds
        ]
        inputs = tuple(reference for reference in found if reference)
        return Node(id=draft.id, layer=draft.layer, params=draft.params, inputs=inputs, shared_with=draft.shared_with)

    def _resolve(self, scope: Scope, tensor: Tensor, path: str) -> str | None:
        """The node whose result a tensor is, as our links name it."""
        for _ in range(_MOST_STEPS):
            part = scope.model.parts.get(tensor.layer)
            if part is None:
                self._faults.add(path, f"it is fed by {named(tensor.layer)}, and there is no such layer.")
                return None
            key = (tensor.layer, 0 if part.kind == "input" else tensor.call)
            if part.kind == "input" and scope.outer:
                index = next((i for i, one in enumerate(scope.model.inputs) if one.layer == part.name), None)
                scope, given = scope.outer
                tensor = given[index or 0]
            elif key in scope.results and (tensor.slot == 0 or _gives_many(part)):
                return scope.results[key] + (f":{tensor.slot}" if tensor.slot else "")
            elif key in scope.scopes and tensor.slot < len(scope.scopes[key].model.outputs):
                scope = scope.scopes[key]
                tensor = scope.model.outputs[tensor.slot]
            else:
                self._missing(part, tensor, path)
                return None
        self._faults.add(path, "the models inside feed each other in a circle.")
        return None

    def _missing(self, part: Part, tensor: Tensor, path: str) -> None:
        if part.kind == "mask":
            self._faults.add(path, f"the operation {part.class_name} is taken as a mask only, not as data.")
        elif tensor.call >= len(part.calls) or tensor.slot or part.kind == "model":
            call = f"call {tensor.call}, result {tensor.slot}"
            self._faults.add(path, f"it is fed by {named(tensor.layer)} ({call}), and there is no such result.")

    def _check_masks(self, spec: ModelSpec) -> None:
        for draft, mask in self._masks():
            source = lambda tensor, scope=draft.scope: self._resolve(scope, tensor, draft.path)  # noqa: B023, E731
            if not is_mask_of(spec, draft.scope.model, mask, source):
                self._faults.add(draft.path, f"its mask comes from {named(mask.layer)}; only masks that Embedding and "
                                 "Masking make by themselves are taken.")  # fmt: skip

    def _masks(self) -> Iterator[tuple[Draft, Tensor]]:
        for draft in self._drafts.values():
            for mask in draft.masks:
                yield draft, mask


def _gives_many(part: Part) -> bool:
    """May this layer give several results? A recurrent one gives its states as well."""
    return part.entry is not None and part.entry.category in ("recurrent", "wrapper")
