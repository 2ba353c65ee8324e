"""Which repeated blocks can be written as a `for` loop that makes the same layers in the same order."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core import blocks, graph
from core.blocks import Expansion
from core.spec import Block, ModelSpec, Node


@dataclass(frozen=True)
class Loop:
    """A block as the body of a loop: its nodes in order, fed by `exit`, which before the first round is `entry`."""

    repeat: int
    nodes: tuple[Node, ...]
    entry: str
    exit: str


def loops(model: ModelSpec, expansion: Expansion, order: tuple[Node, ...], plain: bool) -> dict[str, Loop]:
    """For the first node of each such block, as it is named in the model written out, the loop.

    Args:
        model: as the user made it.
        expansion: the same, written out.
        order: the nodes of the model written out, in the order in which their layers are made.
        plain: false if every layer has to have its name, which layers of a loop cannot have.
    """
    found: dict[str, Loop] = {}
    places = {node.id: place for place, node in enumerate(order)}
    for block in model.blocks if plain else ():
        if block.repeat > 1 and set(block.nodes) <= places.keys() and not _is_special(model, block):
            members = {name for name, original in expansion.originals.items() if original in block.nodes}
            begin = min(places[name] for name in members)
            run = order[begin : begin + len(members)]
            loop = _loop(model, block, [expansion.originals[node.id] for node in run])
            if loop is not None and {node.id for node in run} == members:
                found[run[0].id] = loop
    return found


def _loop(model: ModelSpec, block: Block, run: list[str]) -> Loop | None:
    """The loop that makes this run of layers; None if no loop does."""
    ends, body = blocks.ends(model, block), run[: len(run) // block.repeat]
    if run != body * block.repeat or body[-1] != ends.exits[0]:
        return None
    nodes = graph.by_id(model)
    around = tuple(_fed_by_the_round_before(nodes[name], block, ends.exits[0]) for name in body)
    return Loop(block.repeat, around, ends.entries[0], ends.exits[0])


def _fed_by_the_round_before(node: Node, block: Block, result: str) -> Node:
    inputs = tuple(one if graph.source(one)[0] in block.nodes else result for one in node.inputs)
    return node.model_copy(update={"inputs": inputs})


def _is_special(model: ModelSpec, block: Block) -> bool:
    """Weights that are shared, layers that give several results, and named outputs need lines of their own."""
    within = [node for node in model.nodes if node.id in block.nodes]
    shared = {node.shared_with for node in model.nodes} | {node.id for node in within if node.shared_with}
    references = [one for node in model.nodes for one in node.inputs] + list(model.outputs)
    several = any('"return_state": true' in json.dumps(node.params) for node in within)
    several |= any(slot and name in block.nodes for name, slot in map(graph.source, references))
    is_output = len(model.outputs) > 1 and any(graph.source(name)[0] in block.nodes for name in model.outputs)
    return several or is_output or not shared.isdisjoint(block.nodes)
