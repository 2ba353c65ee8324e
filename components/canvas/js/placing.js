// Room for new layers in a graph that the user has placed by hand.

import { children, reached, sourceId } from "./document_graph.js";
import { ROW_GAP } from "./layout.js";

const STEP = 24;
const GRID = 10;

export const onGrid = (value) => Math.round(value / GRID) * GRID;

/** A free place below what feeds the item, else below everything. */
export function besides(item, scene) {
  const placed = [...scene.items.values()].filter((other) => other.x !== undefined);
  if (!placed.length) return { x: 0, y: 0 };
  const feeding = (item.node?.inputs ?? []).map((one) => scene.items.get(scene.owner.get(sourceId(one)))).filter((one) => one?.x !== undefined);
  const above = feeding.length ? feeding : [placed.reduce((low, one) => (one.y > low.y ? one : low))];
  const x = above.reduce((sum, one) => sum + one.x, 0) / above.length;
  const y = Math.max(...above.map((one) => one.y + one.height)) + ROW_GAP;
  return free({ x: onGrid(x), y: onGrid(y) }, item, placed);
}

/** The place itself, or the next one to the right where nothing stands. */
export function free(place, { width, height }, others) {
  const isTaken = ({ x, y }) =>
    others.some(
      (one) => x < one.x + one.width + STEP && one.x < x + width + STEP && y < one.y + one.height && one.y < y + height,
    );
  const found = { ...place };
  for (let tries = 0; tries < 200 && isTaken(found); tries += 1) found.x += STEP;
  return found;
}

/** All positions, as the canvas shows them: what a first drag writes down. */
export function allPositions(scene) {
  const positions = {};
  for (const item of scene.items.values()) {
    item.members.forEach((id, index) => {
      const own = scene.model.nodes.find((node) => node.id === id)?.position;
      positions[id] = own ?? [Math.round(item.x), Math.round(item.y + index * (item.height + ROW_GAP))];
    });
  }
  return positions;
}

/** Edits that move down what stands below a new layer of that height, so that it has room. */
export function roomBelow(scene, starts, y, height) {
  const below = reached(scene.model, starts);
  const positions = {};
  let nearest = Infinity;
  for (const item of scene.items.values()) {
    if (item.y < y - 1 || !item.members.some((id) => below.has(id))) continue;
    nearest = Math.min(nearest, item.y);
    for (const id of item.members) {
      const node = scene.model.nodes.find((one) => one.id === id);
      const [x, top] = node.position ?? [item.x, item.y];
      positions[id] = [x, top];
    }
  }
  const shift = y + height + ROW_GAP - nearest;
  if (!(shift > 0)) return null;
  for (const id of Object.keys(positions)) positions[id] = [positions[id][0], onGrid(positions[id][1] + shift)];
  return positions;
}

/** The layers that a layer feeds. */
export const fedBy = (model, id) => children(model).get(id) ?? [];
