"""Edits of blocks: layers that are drawn as one and can be repeated; and how blocks follow their layers."""

from __future__ import annotations

from collections.abc import Iterable

from core import graph
from core.edits.kinds import Dissolve, MakeBlock, SetBlock
from core.edits.references import find, free, with_model
from core.errors import SpecError
from core.spec import Block, ModelSpec, Project


def make_block(project: Project, edit: MakeBlock) -> Project:
    """Layers of no other block, with nothing outside that stands between them."""
    model = project.model
    free(model, edit.id)
    nodes, held = graph.by_id(model), {name: block.id for block in model.blocks for name in block.nodes}
    for name in dict.fromkeys(edit.nodes):
        if (nodes.get(name) or find(model, name)).layer == "Input":
            raise SpecError(name, "an Input cannot be in a block: rows come in once. Leave it outside.")
        if name in held:
            raise SpecError(name, f"it is in the block {held[name]!r} already. Dissolve that block first.")
    if between := _between(model, edit.nodes):
        raise SpecError(edit.id, f"{between} stands between these layers and outside of the block. Take it in too.")
    block = _sorted(model, Block(id=edit.id, nodes=edit.nodes))
    return with_model(project, _with_blocks(model, (*model.blocks, block)))


def set_block(project: Project, edit: SetBlock) -> Project:
    model, block = project.model, _find(project.model, edit.block)
    if edit.to not in (None, block.id):
        free(model, edit.to)
    wanted = {"id": edit.to, "repeat": edit.repeat, "open": edit.open}
    changed = block.model_copy(update={name: value for name, value in wanted.items() if value is not None})
    blocks = (changed if other is block else other for other in model.blocks)
    return with_model(project, _with_blocks(model, blocks))


def dissolve(project: Project, edit: Dissolve) -> Project:
    block = _find(project.model, edit.block)
    return with_model(
        project, _with_blocks(project.model, (other for other in project.model.blocks if other is not block))
    )


def holding(model: ModelSpec, name: str) -> Block | None:
    """The block that a layer is in."""
    return next((block for block in model.blocks if name in block.nodes), None)


def joined(model: ModelSpec, name: str, block: Block | None) -> ModelSpec:
    """The model with one layer more in that block, if there is one."""
    if block is None:
        return model
    grown = _sorted(model, block.model_copy(update={"nodes": (*block.nodes, name)}))
    return _with_blocks(model, (grown if other.id == block.id else other for other in model.blocks))


def left(model: ModelSpec, name: str) -> ModelSpec:
    """The layer is in no block any more; a block that loses its last layer is gone."""
    block = holding(model, name)
    if block is None:
        return model
    rest = block.model_copy(update={"nodes": tuple(other for other in block.nodes if other != name)})
    kept = (rest if other is block else other for other in model.blocks)
    return _with_blocks(model, (other for other in kept if other.nodes))


def renamed(blocks: Iterable[Block], old: str, new: str) -> tuple[Block, ...]:
    """The blocks with one layer under another name."""
    return tuple(
        block.model_copy(update={"nodes": tuple(new if name == old else name for name in block.nodes)})
        for block in blocks
    )


def inside(model: ModelSpec, name: str, fed: Iterable[str]) -> Block | None:
    """The block in which a layer stands together with one of those that it feeds."""
    block = holding(model, name)
    return block if block and not set(block.nodes).isdisjoint(fed) else None


def _find(model: ModelSpec, name: str) -> Block:
    for block in model.blocks:
        if block.id == name:
            return block
    raise SpecError(name, f"there is no block {name!r} in this model.")


def _between(model: ModelSpec, names: Iterable[str]) -> str | None:
    """A layer outside that a block feeds and that feeds the block: closed, the block would feed itself."""
    within = set(names)
    around = (graph.reached(model, within) & graph.reaching(model, within)) - within
    return next((node.id for node in model.nodes if node.id in around), None)


def _sorted(model: ModelSpec, block: Block) -> Block:
    """Its layers stand in the order of the model's list."""
    within = set(block.nodes)
    return block.model_copy(update={"nodes": tuple(node.id for node in model.nodes if node.id in within)})


def _with_blocks(model: ModelSpec, blocks: Iterable[Block]) -> ModelSpec:
    return model.model_copy(update={"blocks": tuple(blocks)})
