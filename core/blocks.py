"""Repeated blocks written out: each copy with nodes of its own, fed by the copy before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from core import graph
from core.errors import SpecError
from core.spec import Block, ModelSpec, Node

MAX_LAYERS = 5000
"""A model written out has no more; as many as `core.spec` takes in a file."""
_MOST_IN_A_NAME = 56


@dataclass(frozen=True)
class Ends:
    """Where a block begins and ends: what feeds it from outside, and which of its results leave it."""

    entries: tuple[str, ...]
    exits: tuple[str, ...]


@dataclass(frozen=True)
class Expansion:
    """A model written out, without blocks.

    `originals` has for each of its nodes the id of the node that the user made; `repeats` has for each node of a
    repeated block the number of its copy, from 1. The last copy keeps the ids, so that links, outputs, losses and
    targets which name a node of the block go on to mean what leaves it.
    """

    model: ModelSpec
    originals: Mapping[str, str]
    repeats: Mapping[str, int] = field(default_factory=dict)


def expand(model: ModelSpec) -> ModelSpec:
    """The model without blocks: one that is repeated n times has become n copies in a row.

    Raises:
        SpecError: if a block cannot be repeated; the path is its id.
    """
    return expansion(model).model


def copies(model: ModelSpec) -> Mapping[str, str]:
    """For each node of the model written out the id of the node that the user made; raises as `expand` does."""
    return expansion(model).originals


def sound(model: ModelSpec) -> ModelSpec:
    """The model with those blocks once that cannot be repeated."""
    repeated = [block for block in model.blocks if block.repeat > 1]
    blocks = tuple(block for block in repeated if fault(model, block) is None)
    return model.model_copy(update={"blocks": blocks})


def expansion(model: ModelSpec) -> Expansion:
    """The model written out, and who is a copy of whom; raises as `expand` does."""
    repeated = [block for block in model.blocks if block.repeat > 1]
    for block in repeated:
        if sentence := fault(model, block):
            raise SpecError(block.id, sentence)
    if not repeated:
        return Expansion(model.model_copy(update={"blocks": ()}), {node.id: node.id for node in model.nodes})
    taken = {node.id for node in model.nodes} | {block.id for block in model.blocks}
    rows = {block.nodes: _row(model, block, taken) for block in repeated}
    written = tuple(_written(model, rows))
    nodes = tuple(node for node, _, _ in written)
    return Expansion(
        model.model_copy(update={"nodes": nodes, "blocks": ()}),
        {node.id: original for node, original, _ in written},
        {node.id: number for node, _, number in written if number},
    )


def ends(model: ModelSpec, block: Block) -> Ends:
    """What feeds the block and what leaves it, as references, each once."""
    within = set(block.nodes)
    entries: dict[str, None] = {}
    exits: dict[str, None] = {}
    for node in model.nodes:
        for reference in node.inputs:
            if (graph.source(reference)[0] in within) != (node.id in within):
                (entries if node.id in within else exits)[_plain(reference)] = None
    exits |= dict.fromkeys(_plain(reference) for reference in model.outputs if graph.source(reference)[0] in within)
    return Ends(tuple(entries), tuple(exits))


def fault(model: ModelSpec, block: Block) -> str | None:
    """Why a block cannot be repeated, in a sentence; None if it can."""
    known = {node.id: node for node in model.nodes}
    if missing := [name for name in block.nodes if name not in known]:
        return f"its layer {missing[0]!r} is not in this model. Take it out of the block."
    if block.repeat == 1:
        return None
    if any(known[name].layer == "Input" for name in block.nodes):
        return "an Input is in it, and rows come in once. Take it out of the block, or set repeat to 1."
    if others := [other.id for other in model.blocks if other is not block and {*other.nodes} & {*block.nodes}]:
        return f"it has layers in common with the block {others[0]!r}, so neither can be repeated. Dissolve one."
    return _unlike_a_link(model, block) or _too_many(model)


def _unlike_a_link(model: ModelSpec, block: Block) -> str | None:
    """Each copy is fed by the one before it, so a block that is repeated has one way in and one way out."""
    if not _is_connected(model, block):
        return "its layers are not linked to each other, so they cannot stand in a row. Link them, or set repeat to 1."
    found = ends(model, block)
    for references, way, needed in (
        (found.entries, "fed by", "one layer outside that feeds it"),
        (found.exits, "left through", "one result that leaves it"),
    ):
        if len(references) != 1:
            came = f"is {way} {' and '.join(references)}" if references else "has none"
            return f"to be repeated it needs {needed}, and it {came}. Change its links, or set repeat to 1."
    return None


def _too_many(model: ModelSpec) -> str | None:
    size = sum(len(block.nodes) * (block.repeat - 1) for block in model.blocks) + len(model.nodes)
    if size <= MAX_LAYERS:
        return None
    return f"with its repeats the model would have {size:,} layers; at most {MAX_LAYERS:,} fit. Repeat less often."


def _is_connected(model: ModelSpec, block: Block) -> bool:
    """Is there a way between any two of its layers, in whatever direction, that does not leave the block?"""
    within = set(block.nodes)
    beside: dict[str, set[str]] = {name: set() for name in within}
    for node in model.nodes:
        for parent in graph.parents(node) if node.id in within else ():
            if parent in within:
                beside[parent].add(node.id)
                beside[node.id].add(parent)
    seen: set[str] = set()
    waiting = [block.nodes[0]]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(beside[name])
    return seen == within


@dataclass(frozen=True)
class _Row:
    """The copies of one block: for each the names of its nodes, and what feeds it in place of the block's entry."""

    names: tuple[Mapping[str, str], ...]
    feeds: tuple[str | None, ...]


def _row(model: ModelSpec, block: Block, taken: set[str]) -> _Row:
    """Chooses free names for all copies but the last, which keeps its own."""
    names: list[dict[str, str]] = []
    for number in range(1, block.repeat):
        names.append({name: _free(f"{name[:_MOST_IN_A_NAME]}_{number}", taken) for name in block.nodes})
    names.append({name: name for name in block.nodes})
    leaves = ends(model, block).exits[0]
    return _Row(tuple(names), (None, *(_renamed(leaves, before) for before, _ in pairwise(names))))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _written(model: ModelSpec, rows: Mapping[tuple[str, ...], _Row]) -> Iterator[tuple[Node, str, int]]:
    """Each node of the model written out, with its original and the number of its copy (0 outside of blocks).

    All copies but the last stand before the first of the block's layers, so that a chain stays a chain.
    """
    of = {name: (members, row) for members, row in rows.items() for name in members}
    begun: set[tuple[str, ...]] = set()
    for node in model.nodes:
        if node.id not in of:
            yield node, node.id, 0
            continue
        members, row = of[node.id]
        last = len(row.names)
        if members not in begun:
            begun.add(members)
            inside = [other for other in model.nodes if other.id in row.names[0]]
            for number in range(1, last):
                yield from ((_copy(other, row, number), other.id, number) for other in inside)
        yield _copy(node, row, last), node.id, last


def _copy(node: Node, row: _Row, number: int) -> Node:
    names, feed = row.names[number - 1], row.feeds[number - 1]
    inputs = (
        _renamed(reference, names) if graph.source(reference)[0] in names else feed or reference
        for reference in node.inputs
    )
    shared = names.get(node.shared_with, node.shared_with) if node.shared_with else None
    update = {"id": names[node.id], "inputs": tuple(inputs), "shared_with": shared, "position": None}
    return node.model_copy(update=update)


def _renamed(reference: str, names: Mapping[str, str]) -> str:
    name, colon, slot = reference.partition(":")
    return f"{names[name]}{colon}{slot}"


def _plain(reference: str) -> str:
    """`a` and `a:0` are one."""
    return reference.removesuffix(":0")
