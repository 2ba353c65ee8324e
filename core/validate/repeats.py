"""Checks of blocks: their layers are there, in one block only, and what is repeated can stand in a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core import blocks, graph
from core.edits import Dissolve, Edit, MakeBlock, SetBlock
from core.problems import Fix, Problem
from core.spec import Block
from core.validate.case import Case


def names_of_blocks_differ(case: Case) -> Iterator[Problem]:
    seen = set(case.nodes)
    for block in case.project.model.blocks:
        if block.id in seen:
            free = graph.fresh_id(case.project.model, "Block")
            message = f"{block.id}: a layer or another block has this name too. Give the block another name."
            yield Problem(block.id, "id", message, Fix(f"Rename it to {free}", (SetBlock(block=block.id, to=free),)))
        seen.add(block.id)


def layers_are_in_one_block(case: Case) -> Iterator[Problem]:
    holder: dict[str, Block] = {}
    for block in case.project.model.blocks:
        twice = next((name for name in block.nodes if name in holder), None)
        if twice is not None:
            first = holder[twice]
            message = f"{block.id}: {twice} is in the block {first.id} too. A layer is in one block: dissolve one."
            other = Fix(f"Dissolve {first.id}", (Dissolve(block=first.id),))
            yield Problem(block.id, "nodes", message, _kept(case, block, {*holder}), "", (other,))
        for name in block.nodes:
            holder.setdefault(name, block)


def layers_of_blocks_are_there(case: Case) -> Iterator[Problem]:
    for block in case.project.model.blocks:
        missing = [name for name in block.nodes if name not in case.nodes]
        if missing:
            message = f"{block.id}: its layer {missing[0]!r} is not in this model. Take it out of the block."
            dissolved = Fix(f"Dissolve {block.id}", (Dissolve(block=block.id),))
            fix = _kept(case, block, set(missing))
            yield Problem(block.id, "nodes", message, fix, "", (dissolved,) if fix != dissolved else ())


def _kept(case: Case, block: Block, without: set[str]) -> Fix:
    """The block with the layers that can stay in it; without any it goes."""
    rest = tuple(name for name in block.nodes if name not in without and name in case.nodes)
    gone = Dissolve(block=block.id)
    if not rest:
        return Fix(f"Dissolve {block.id}", (gone,))
    edits: list[Edit] = [gone, MakeBlock(id=block.id, nodes=rest)]
    if (block.repeat, block.open) != (1, True):
        edits.append(SetBlock(block=block.id, repeat=block.repeat, open=block.open))
    return Fix(f"Keep {', '.join(rest)} in {block.id}", tuple(edits))


def repeated_blocks_stand_in_a_row(case: Case) -> Iterator[Problem]:
    model = case.project.model
    holders = Counter(name for block in model.blocks for name in set(block.nodes))
    for block in model.blocks:
        if block.repeat == 1 or any(holders[name] > 1 or name not in case.nodes for name in block.nodes):
            continue  # the checks above have said so
        sentence = blocks.fault(model, block)
        if sentence is not None:
            once = Fix("Set repeat to 1", (SetBlock(block=block.id, repeat=1),))
            gone = Fix(f"Dissolve {block.id}", (Dissolve(block=block.id),))
            yield Problem(block.id, "repeat", f"{block.id}: {sentence}", once, "", (gone,))


CHECKS = (
    names_of_blocks_differ,
    layers_of_blocks_are_there,
    layers_are_in_one_block,
    repeated_blocks_stand_in_a_row,
)
