// What is to be drawn: items (layers and closed blocks), the links between them, and the frames of open blocks.

import { byId, source } from "./document_graph.js";
import { laidOut } from "./layout.js";
import { besides } from "./placing.js";
import { brief } from "./words.js";

export const WIDTH = 204;
const [SHORT, TALL] = [56, 74]; // pixels, without and with the line of parameters
const FRAME = { top: 30, side: 16, bottom: 14 };
const UNKNOWN = { shape: null, parameters: null, problems: [], slots: 1 };

/**
 * @param model the document with what is pending.
 * @param answers {id: {shape, parameters, problems, slots}} of the last check.
 * @param before the scene before this one: its layout is kept if the structure is the same.
 * @returns {items: Map, links: [], frames: [], isPlaced, owner: Map(node id -> item id), signature}
 */
export function makeScene(model, answers, catalog, before = null) {
  const closed = model.blocks.filter((block) => !block.open);
  const owner = new Map(closed.flatMap((block) => block.nodes.map((id) => [id, block.id])));
  const ends = new Set(model.outputs.map((reference) => source(reference)[0]));
  const nodes = byId(model);
  const items = new Map();
  for (const node of nodes.values()) {
    if (!owner.has(node.id)) items.set(node.id, layerItem(node, answers, catalog, ends));
  }
  for (const block of closed) items.set(block.id, blockItem(block, nodes, answers, ends, catalog));
  for (const id of nodes.keys()) if (!owner.has(id)) owner.set(id, id);
  const links = linksOf(model, owner, items, answers);
  const scene = { model, items, links, owner, isPlaced: model.nodes.some(({ position }) => position != null) };
  place(scene, model, before);
  return scene;
}

function layerItem(node, answers, catalog, ends) {
  const row = catalog[node.layer];
  const text = brief(node, row);
  return {
    id: node.id,
    members: [node.id],
    node,
    title: node.id,
    kind: node.layer,
    colour: row?.colour ?? "gray",
    brief: text,
    ...(answers[node.id] ?? UNKNOWN),
    isAwaited: !answers[node.id],
    isOutput: ends.has(node.id),
    isShared: node.shared_with != null,
    inputs: portsOf(node, row),
    hasFreePort: row?.arity === "many" && node.inputs.length > 0 && (row.most == null || node.inputs.length < row.most),
    width: WIDTH,
    height: text ? TALL : SHORT,
  };
}

/** The names of a layer's inputs; a merge has as many as it uses. */
function portsOf(node, row) {
  if (!row || row.arity === "one") return [""];
  if (row.arity === "none") return [];
  if (row.arity === "named") return row.input_names.slice(0, row.most ?? row.input_names.length);
  return Array(Math.max(1, node.inputs.length)).fill("");
}

function blockItem(block, nodes, answers, ends, catalog) {
  const members = block.nodes.filter((id) => nodes.has(id));
  const found = members.map((id) => answers[id] ?? UNKNOWN);
  const last = exit(block, nodes, ends);
  const known = found.every(({ parameters }) => parameters != null);
  const copies = block.repeat > 1 ? ` ×${block.repeat}` : "";
  return {
    id: block.id,
    block,
    members,
    title: block.id,
    kind: `Block${copies}`,
    colour: catalog[nodes.get(members[0])?.layer]?.colour ?? "gray",
    brief: `${members.length} layer${members.length === 1 ? "" : "s"}${copies}`,
    shape: answers[last]?.shape ?? null,
    slots: 1,
    parameters: known ? found.reduce((sum, { parameters }) => sum + parameters, 0) : null,
    problems: found.flatMap(({ problems }) => problems),
    isOutput: members.some((id) => ends.has(id)),
    inputs: [""],
    width: WIDTH,
    height: TALL,
  };
}

/** The layer of a block whose result leaves it. */
export function exit(block, nodes, ends = new Set()) {
  const within = new Set(block.nodes);
  const leaving = new Set();
  for (const node of nodes.values()) {
    if (!within.has(node.id)) for (const reference of node.inputs) leaving.add(source(reference)[0]);
  }
  return block.nodes.findLast((id) => leaving.has(id) || ends.has(id)) ?? block.nodes.at(-1);
}

function linksOf(model, owner, items, answers) {
  const links = [];
  const seen = new Set();
  for (const node of model.nodes) {
    node.inputs.forEach((reference, slot) => {
      const [from, output] = source(reference);
      const [start, end] = [owner.get(from), owner.get(node.id)];
      if (!start || start === end) return;
      const isHidden = start !== from || end !== node.id;
      if (isHidden && seen.has(`${start} ${end}`)) return;
      seen.add(`${start} ${end}`);
      const shape = answers[from]?.shape?.split(", ")[output] ?? null;
      const ports = items.get(end).inputs.length;
      links.push({
        key: `${node.id}/${slot}`,
        from: start,
        to: end,
        node: node.id,
        slot,
        source: reference,
        output,
        outputs: items.get(start).slots,
        port: end === node.id ? Math.min(slot, Math.max(0, ports - 1)) : 0,
        shape,
        isBad: Boolean(answers[node.id]?.problems.length),
      });
    });
  }
  return links;
}

/** Where the user put it, else by the layout; the layout of an equal structure is taken over. */
function place(scene, model, before) {
  const open = new Map(model.blocks.filter(({ open }) => open).flatMap(({ id, nodes }) => nodes.map((one) => [one, id])));
  const items = [...scene.items.values()].map(({ id, width, height }) => ({ id, width, height, group: open.get(id) ?? null }));
  if (scene.isPlaced) {
    scene.signature = null;
    placeByHand(scene, items);
    scene.ways = new Map();
    scene.frames = model.blocks.filter((block) => block.open).map((block) => around(block, scene.items)).filter(Boolean);
    return;
  }
  scene.signature = JSON.stringify([items, scene.links.map(({ key, from, to }) => [key, from, to])]);
  scene.layout = before?.signature === scene.signature ? before.layout : laidOut(items, scene.links);
  for (const item of scene.items.values()) Object.assign(item, corner(scene.layout.places.get(item.id)));
  scene.ways = scene.layout.ways;
  scene.frames = model.blocks
    .filter((block) => scene.layout.frames.has(block.id))
    .map((block) => ({ block, ...scene.layout.frames.get(block.id) }));
}

const corner = ({ x, y }) => ({ x: Math.round(x), y: Math.round(y) });

function placeByHand(scene, list) {
  const nodes = byId(scene.model);
  for (const { id } of list) {
    const item = scene.items.get(id);
    const spots = item.members.map((member) => nodes.get(member)?.position).filter(Boolean);
    if (!spots.length) continue;
    item.x = Math.min(...spots.map(([x]) => x));
    item.y = Math.min(...spots.map(([, y]) => y));
  }
  for (const { id } of list) {
    const item = scene.items.get(id);
    if (item.x === undefined) Object.assign(item, besides(item, scene));
  }
}

/** The frame around the layers of an open block, wherever they stand. */
export function around(block, items, at = (item) => item) {
  const members = block.nodes.map((id) => items.get(id)).filter((item) => item?.x !== undefined);
  if (!members.length) return null;
  const spots = members.map((item) => ({ ...at(item), height: item.height }));
  const left = Math.min(...spots.map(({ x }) => x)) - FRAME.side;
  const top = Math.min(...spots.map(({ y }) => y)) - FRAME.top;
  const width = Math.max(...spots.map(({ x }) => x)) + WIDTH + FRAME.side - left;
  const height = Math.max(...spots.map((one) => one.y + one.height)) + FRAME.bottom - top;
  return { block, x: left, y: top, width, height };
}

/** The box around some or all items, or null where there are none. */
export function extent(items) {
  const list = [...items];
  if (!list.length) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of list) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
