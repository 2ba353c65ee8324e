"""The layer graph: who feeds whom, in what order; pure functions on the model's description."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping

from core.errors import SpecError
from core.spec import ModelSpec, Node


def source(reference: str) -> tuple[str, int]:
    """The node and the number of its output that an input names: `"lstm_1:2"` is `("lstm_1", 2)`."""
    node, _, slot = reference.partition(":")
    return node, int(slot or 0)


def references(name: str) -> frozenset[str]:
    """All that an input can be written as that takes something from that node: `"a"`, `"a:0"`, `"a:1"`, `"a:01"` …

    A set, since an edit of a large model asks every node for it.
    """
    return frozenset((name, *(f"{name}:{slot}" for slot in (*range(100), *(f"0{digit}" for digit in range(10))))))


def by_id(model: ModelSpec) -> dict[str, Node]:
    """The nodes by their ids; of two with one id the first."""
    found: dict[str, Node] = {}
    for node in model.nodes:
        found.setdefault(node.id, node)
    return found


def inputs(model: ModelSpec) -> tuple[Node, ...]:
    """The `Input` nodes as they are listed; that is the order in which data is fed to them."""
    return tuple(node for node in model.nodes if node.layer == "Input")


def outputs(model: ModelSpec) -> tuple[str, ...]:
    """The ids of the nodes whose results the loss sees, in order."""
    return tuple(source(reference)[0] for reference in model.outputs)


def parents(node: Node) -> tuple[str, ...]:
    """The ids of the nodes that feed this one, each once, in order."""
    return tuple(dict.fromkeys(source(reference)[0] for reference in node.inputs))


def children(model: ModelSpec) -> dict[str, tuple[str, ...]]:
    """For each node the ids of those that it feeds."""
    found: dict[str, list[str]] = {node.id: [] for node in model.nodes}
    for node in model.nodes:
        for parent in parents(node):
            if parent in found:
                found[parent].append(node.id)
    return {parent: tuple(fed) for parent, fed in found.items()}


def order(model: ModelSpec) -> tuple[Node, ...]:
    """The nodes so that each stands behind those that feed it, and otherwise as they are listed.

    Layers are made in this order, so it decides which random numbers become whose weights. An input that
    names no node is passed over.

    Raises:
        SpecError: if nodes feed each other in a circle.
    """
    placed = _placed(model)
    if len(placed) < len(model.nodes):
        circle = " → ".join(cycle(model))
        raise SpecError("model.nodes", f"The layers feed each other in a circle: {circle}. Remove one of these links.")
    return tuple(model.nodes[index] for index in placed)


def sortable(model: ModelSpec) -> tuple[Node, ...]:
    """As `order`, without the nodes that stand in a circle or below one."""
    return tuple(model.nodes[index] for index in _placed(model))


def _placed(model: ModelSpec) -> list[int]:
    """Kahn's algorithm over positions in the list; the earliest of those that are ready goes first."""
    position = _positions(model)
    waits_for = [{position[name] for name in parents(node) if name in position} for node in model.nodes]
    feeds: dict[int, list[int]] = {}
    for index, needed in enumerate(waits_for):
        for parent in needed:
            feeds.setdefault(parent, []).append(index)
    ready = [index for index, needed in enumerate(waits_for) if not needed]
    placed: list[int] = []
    while ready:
        current = heapq.heappop(ready)
        placed.append(current)
        for index in feeds.get(current, ()):
            waits_for[index].discard(current)
            if not waits_for[index]:
                heapq.heappush(ready, index)
    return placed


def cycle(model: ModelSpec) -> tuple[str, ...]:
    """The ids along one circle, the first named again at the end; empty where there is none."""
    position = _positions(model)
    left = set(range(len(model.nodes))) - set(_placed(model))
    if not left:
        return ()
    path = [min(left)]
    while path.count(path[-1]) < 2:  # each node that is left has a parent that is left: walk up until we meet again
        above = (position.get(name, -1) for name in parents(model.nodes[path[-1]]))
        path.append(next(index for index in above if index in left))
    circle = reversed(path[path.index(path[-1]) :])
    return tuple(model.nodes[index].id for index in circle)


def _positions(model: ModelSpec) -> dict[str, int]:
    """Where each id stands in the list; of two with one id the first."""
    return {node.id: index for index, node in reversed(list(enumerate(model.nodes)))}


def reaching(model: ModelSpec, targets: Iterable[str]) -> frozenset[str]:
    """The targets, and all nodes from which one of them is reached."""
    nodes = by_id(model)
    return _walk(targets, {name: parents(node) for name, node in nodes.items()})


def reached(model: ModelSpec, starts: Iterable[str]) -> frozenset[str]:
    """The starts, and all nodes that they feed, directly or not."""
    return _walk(starts, children(model))


def way(model: ModelSpec, start: str, end: str) -> tuple[str, ...]:
    """The ids along a way on which `start` feeds `end`, both named; empty where there is none."""
    nodes = by_id(model)
    below: dict[str, str | None] = {end: None}
    waiting = [end] if end in nodes else []
    while waiting:
        name = waiting.pop()
        if name == start:
            return _followed(below, start)
        for parent in parents(nodes[name]):
            if parent in nodes and parent not in below:
                below[parent] = name
                waiting.append(parent)
    return ()


def _followed(steps: Mapping[str, str | None], start: str) -> tuple[str, ...]:
    found: list[str] = []
    name: str | None = start
    while name is not None:
        found.append(name)
        name = steps[name]
    return tuple(found)


def _walk(starts: Iterable[str], steps: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [name for name in starts if name in steps]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(step for step in steps[name] if step in steps)
    return frozenset(found)


def owner(model: ModelSpec, node: Node) -> Node:
    """The node that owns the weights: the node itself, or the one at the end of its `shared_with`.

    Raises:
        SpecError: if there is no such node, or nodes share with each other in a circle.
    """
    return node if node.shared_with is None else _owner(by_id(model), node)


def _owner(nodes: Mapping[str, Node], node: Node) -> Node:
    first, seen = node.id, {node.id}
    while node.shared_with is not None:
        if node.shared_with not in nodes:
            raise SpecError(first, f"shared_with: there is no node {node.shared_with!r} to share weights with.")
        node = nodes[node.shared_with]
        if node.id in seen:
            raise SpecError(first, "shared_with: these nodes share weights in a circle. Let one of them own them.")
        seen.add(node.id)
    return node


def sharing(model: ModelSpec, node: Node) -> frozenset[str]:
    """The ids of all nodes that use one layer's weights, this one included."""
    nodes = by_id(model)
    users: dict[str, list[str]] = {name: [] for name in nodes}
    for other in model.nodes:
        if other.shared_with in users:
            users[other.shared_with].append(other.id)
    return _walk((_owner_id(nodes, node),), users) | {node.id}


def _owner_id(nodes: Mapping[str, Node], node: Node) -> str:
    """The owner; a node whose sharing is broken (core.validate says so) stands for itself."""
    try:
        return _owner(nodes, node).id
    except SpecError:
        return node.id


def is_chain(model: ModelSpec) -> bool:
    """Is each node fed by the one listed before it, and the last one the output? (`keras.Sequential` can be it.)"""
    if not model.nodes or model.nodes[0].layer != "Input" or model.outputs != (model.nodes[-1].id,):
        return False
    pairs = zip(model.nodes, model.nodes[1:], strict=False)
    return not model.nodes[0].inputs and all(after.inputs == (before.id,) for before, after in pairs)


def fresh_id(model: ModelSpec, layer: str) -> str:
    """A free id in Keras's own manner: `dense_3` when `dense_1` and `dense_2` are taken, by layers or blocks."""
    stem = re.sub(r"\W+", "", layer, flags=re.ASCII)
    stem = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", stem)
    stem = re.sub(r"([a-z])([A-Z])", r"\1_\2", stem).lower().lstrip("_0123456789")[:56] or "layer"
    taken = {node.id for node in model.nodes} | {block.id for block in model.blocks}
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
