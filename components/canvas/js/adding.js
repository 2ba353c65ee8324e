// New layers: behind another, on a link, at a place, or at the end of a link that is drawn.

import { apply, freshId } from "./document.js";
import { allPositions, fedBy, free, onGrid, roomBelow } from "./placing.js";
import { ROW_GAP } from "./layout.js";
import { WIDTH } from "./scene.js";

const SIZE = { width: WIDTH, height: 74 };

/**
 * The operation that adds a layer.
 *
 * @param where {after} behind a layer, {merge: [ids]} fed by several, {link} on a link, {at: {x, y}} without links,
 *   {from, at} fed by a reference, or {before} in front of a layer.
 * @returns {op, id}
 */
export function adding(editor, layer, where) {
  const { model, scene, catalog } = editor;
  const id = freshId(model, layer);
  const isSource = catalog[layer]?.arity === "none";
  const input = inputParams(editor);
  const edits = ways.find(([fits]) => fits(where, isSource))[1]({ model, scene, layer, id, where, isSource, input });
  return { op: edits.length > 1 ? { op: "together", edits } : edits[0], id };
}

/** An Input takes what the data gives. */
function inputParams({ data }) {
  return data.shape?.length ? { params: { shape: data.shape } } : {};
}

const ways = [
  [({ link }, isSource) => link && !isSource, onLink],
  [({ from }, isSource) => from && !isSource, atEnd],
  [({ merge }) => merge, merging],
  [({ at }) => at, floating],
  [() => true, behind],
];

function behind({ model, scene, layer, id, where, isSource, input }) {
  const after = isSource ? undefined : where.after ?? end(model);
  const edit = { op: "add", layer, id, ...(layer === "Input" ? input : {}), ...(after ? { after } : {}) };
  if (!model.nodes.length && !isSource) return [{ op: "add", layer: "Input", ...input }, edit];
  if (!scene.isPlaced) return [edit];
  if (isSource || !after) return [{ ...edit, position: atTop(scene) }];
  const above = scene.items.get(scene.owner.get(after));
  const y = onGrid(above.y + above.height + ROW_GAP);
  return withRoom(scene, { ...edit, position: [onGrid(above.x), y] }, fedBy(model, after), y);
}

function end(model) {
  return model.outputs.at(-1)?.split(":")[0];
}

function atTop(scene) {
  const items = [...scene.items.values()];
  const first = items.reduce((one, other) => (other.y < one.y ? other : one), items[0] ?? { x: 0, y: 0, width: 0 });
  const { x, y } = free({ x: first.x, y: first.y }, SIZE, items);
  return [onGrid(x), onGrid(y)];
}

function onLink({ scene, layer, id, where }) {
  const { link } = where;
  const edit = { op: "insert_before", node: link.node, layer, id, link: link.slot };
  if (!scene.isPlaced) return [edit];
  const [above, below] = [scene.items.get(link.from), scene.items.get(link.to)];
  const y = onGrid(Math.max(above.y + above.height + ROW_GAP, where.at ? where.at.y - SIZE.height / 2 : -Infinity));
  return withRoom(scene, { ...edit, position: [onGrid((above.x + below.x) / 2), y] }, [link.node], y);
}

function withRoom(scene, edit, starts, y) {
  const positions = roomBelow(scene, starts, y, SIZE.height);
  return positions ? [{ op: "place", positions }, edit] : [edit];
}

function merging({ scene, layer, id, where }) {
  const last = where.merge.map((one) => scene.items.get(scene.owner.get(one))).reduce((one, other) => (other.y > one.y ? other : one));
  const position = scene.isPlaced ? { position: [onGrid(last.x), onGrid(last.y + last.height + ROW_GAP)] } : {};
  const links = where.merge.map((source) => ({ op: "connect", source, node: id }));
  return [{ op: "add", layer, id, linked: false, ...position }, ...links];
}

function atEnd({ scene, layer, id, where }) {
  const position = scene.isPlaced && where.at ? { position: [onGrid(where.at.x - WIDTH / 2), onGrid(where.at.y)] } : {};
  return [{ op: "add", layer, id, linked: false, ...position }, { op: "connect", source: where.from, node: id }];
}

/** A place of its own: then every layer has one. */
function floating({ model, scene, layer, id, where, input }) {
  const position = [onGrid(where.at.x - WIDTH / 2), onGrid(where.at.y - SIZE.height / 2)];
  const edit = { op: "add", layer, id, linked: false, position, ...(layer === "Input" ? input : {}) };
  return scene.isPlaced || !model.nodes.length ? [edit] : [{ op: "place", positions: allPositions(scene) }, edit];
}

/** Edits in portions that the server takes at once. */
export function portions(edits, most = 1000) {
  const found = [];
  for (let at = 0; at < edits.length; at += most) found.push(edits.slice(at, at + most));
  return found.map((part) => (part.length > 1 ? { op: "together", edits: part } : part[0]));
}

/** Collects edits of which each sees the model after the ones before. */
export class Draft {
  constructor(model, catalog) {
    Object.assign(this, { model, catalog, edits: [] });
  }

  do(edit) {
    this.model = apply(this.model, edit, this.catalog);
    this.edits.push(edit);
  }

  freshId(layer) {
    return freshId(this.model, layer);
  }
}
