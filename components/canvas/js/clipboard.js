// Layers as JSON on the system's clipboard, and back: with their links among each other, under free names.

import { Draft } from "./adding.js";
import { Refused } from "./document.js";
import { source } from "./document_graph.js";
import { allPositions, onGrid } from "./placing.js";
import { extent } from "./scene.js";

const KIND = "eagerly layers";
const FOREIGN = "What is on the clipboard are no layers of Eagerly. Copy layers on a canvas, then paste.";
const MOST = 500;

export function copied(model, ids) {
  const within = new Set(ids);
  const nodes = model.nodes.filter(({ id }) => within.has(id));
  const blocks = model.blocks.filter((block) => block.nodes.every((id) => within.has(id)));
  return JSON.stringify({ kind: KIND, nodes, blocks }, null, 1);
}

/**
 * The edits that add what was copied.
 *
 * @param where {at} the middle of the place, or null: beside the layers that were copied.
 * @returns {edits, ids} of which `ids` are the new layers.
 * @throws Refused if it is no JSON of ours, or cannot be added.
 */
export function pasting(editor, text, where = null) {
  const { nodes, blocks } = understood(text, editor.catalog);
  const { scene } = editor;
  const draft = new Draft(editor.model, editor.catalog);
  const spot = where || scene.isPlaced ? shift(nodes, where, scene) : null;
  if (spot && !scene.isPlaced && editor.model.nodes.length) draft.do({ op: "place", positions: allPositions(scene) });
  const names = new Map();
  for (const node of nodes) {
    const id = draft.freshId(node.layer);
    names.set(node.id, id);
    const position = spot ? { position: spot(node) } : {};
    draft.do({ op: "add", layer: node.layer, params: node.params ?? {}, id, linked: false, ...position });
    for (const name of Object.keys(editor.catalog[node.layer].start)) {
      if (!(name in (node.params ?? {}))) draft.do({ op: "reset_param", node: id, name });
    }
  }
  for (const node of nodes) connect(draft, node, names);
  for (const block of blocks) group(draft, block, names);
  return { edits: draft.edits, ids: [...names.values()] };
}

function connect(draft, node, names) {
  const id = names.get(node.id);
  const shared = names.get(node.shared_with);
  const inputs = (node.inputs ?? []).flatMap((reference) => {
    const [from, slot] = source(reference);
    return names.has(from) ? [slot ? `${names.get(from)}:${slot}` : names.get(from)] : [];
  });
  if (inputs.length) draft.do({ op: "set_inputs", node: id, inputs });
  if (shared) draft.do({ op: "share", node: id, shared_with: shared });
}

function group(draft, block, names) {
  const id = draft.freshId("block");
  draft.do({ op: "make_block", id, nodes: block.nodes.map((one) => names.get(one)) });
  const { repeat = 1, open = true } = block;
  if (repeat !== 1 || !open) draft.do({ op: "set_block", block: id, repeat, open });
}

function shift(nodes, where, scene) {
  const spots = new Map(nodes.map((node, index) => [node.id, node.position ?? placeOf(node, scene) ?? [0, index * 120]]));
  const box = extent([...spots.values()].map(([x, y]) => ({ x, y, width: 204, height: 74 })));
  const [right, down] = where ? [where.x - box.x - box.width / 2, where.y - box.y - box.height / 2] : [40, 40];
  return ({ id }) => spots.get(id).map((value, axis) => onGrid(value + (axis ? down : right)));
}

function placeOf({ id }, scene) {
  const item = scene.items.get(id);
  return item && [item.x, item.y];
}

/** What was copied; whatever else there may be is refused before anything is done with it. */
function understood(text, catalog) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Refused("", FOREIGN);
  }
  const { kind, nodes, blocks = [] } = found ?? {};
  const isOurs = kind === KIND && isListOf(nodes, isNode) && nodes.length && isListOf(blocks, isBlock);
  if (!isOurs) throw new Refused("", FOREIGN);
  if (nodes.length > MOST) throw new Refused("", `These are ${nodes.length} layers. Paste at most ${MOST} at once.`);
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size < nodes.length || blocks.some((block) => block.nodes.some((id) => !ids.has(id)))) throw new Refused("", FOREIGN);
  for (const { layer } of nodes) {
    if (!Object.hasOwn(catalog, layer)) throw new Refused("", `There is no layer "${layer.slice(0, 80)}" here, so nothing was pasted.`);
  }
  return { nodes, blocks };
}

const isListOf = (list, is) => Array.isArray(list) && list.every(is);
const isText = (value) => typeof value === "string";
const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isNode = (node) =>
  isPlain(node) && isText(node.id) && isText(node.layer) && isPlain(node.params ?? {}) && isListOf(node.inputs ?? [], isText) && isPlace(node.position);
const isPlace = (position) => position == null || (isListOf(position, Number.isFinite) && position.length === 2);
const isBlock = (block) => isPlain(block) && isListOf(block.nodes, isText) && block.nodes.length > 0;
