// Operations on blocks, and how blocks follow their layers. The twins of core/edits/blocks.py.

import { Refused, find, free } from "./document_changes.js";
import { byId, reached, reaching } from "./document_graph.js";

export function makeBlock(model, op) {
  free(model, op.id);
  const nodes = byId(model);
  const held = new Map(model.blocks.flatMap((block) => block.nodes.map((id) => [id, block.id])));
  for (const id of new Set(op.nodes)) {
    if ((nodes.get(id) ?? find(model, id)).layer === "Input") {
      throw new Refused(id, "an Input cannot be in a block: rows come in once. Leave it outside.");
    }
    if (held.has(id)) {
      throw new Refused(id, `it is in the block '${held.get(id)}' already. Dissolve that block first.`);
    }
  }
  const between = standsBetween(model, new Set(op.nodes));
  if (between) {
    const sentence = `${between} stands between these layers and outside of the block. Take it in too.`;
    throw new Refused(op.id, sentence);
  }
  const block = { id: op.id, nodes: op.nodes, repeat: 1, open: true };
  return { ...model, blocks: [...model.blocks, sorted(model, block)] };
}

export function setBlock(model, op) {
  const block = findBlock(model, op.block);
  if (op.to != null && op.to !== block.id) free(model, op.to);
  const changed = {
    ...block,
    id: op.to ?? block.id,
    repeat: op.repeat ?? block.repeat,
    open: op.open ?? block.open,
  };
  return { ...model, blocks: model.blocks.map((other) => (other === block ? changed : other)) };
}

export function dissolve(model, op) {
  const block = findBlock(model, op.block);
  return { ...model, blocks: model.blocks.filter((other) => other !== block) };
}

/** The block that a layer is in. */
export const holding = (model, id) => model.blocks.find((block) => block.nodes.includes(id));

/** The model with one layer more in that block, if there is one. */
export function joined(model, id, block) {
  if (!block) return model;
  const grown = sorted(model, { ...block, nodes: [...block.nodes, id] });
  return { ...model, blocks: model.blocks.map((other) => (other.id === block.id ? grown : other)) };
}

/** The layer is in no block any more; a block that loses its last layer is gone. */
export function left(model, id) {
  const rest = (block) =>
    block.nodes.includes(id) ? { ...block, nodes: block.nodes.filter((other) => other !== id) } : block;
  return { ...model, blocks: model.blocks.map(rest).filter((block) => block.nodes.length) };
}

/** The block in which a layer stands together with one of those that it feeds. */
export function inside(model, id, fed) {
  const block = holding(model, id);
  return block && fed.some((other) => block.nodes.includes(other)) ? block : undefined;
}

function findBlock(model, id) {
  const block = model.blocks.find((other) => other.id === id);
  if (!block) throw new Refused(id, `there is no block '${id}' in this model.`);
  return block;
}

/** A layer outside that a block feeds and that feeds the block: closed, the block would feed itself. */
function standsBetween(model, within) {
  const above = reaching(model, within);
  const below = reached(model, within);
  return model.nodes.find(({ id }) => above.has(id) && below.has(id) && !within.has(id))?.id;
}

function sorted(model, block) {
  const within = new Set(block.nodes);
  return { ...block, nodes: model.nodes.filter((node) => within.has(node.id)).map((node) => node.id) };
}
