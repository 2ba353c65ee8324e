// Which layers a link may go to, or come from.

import { byId, isSame, reached, reaching, sourceId } from "./document_graph.js";
import { exit } from "./scene.js";

/** The ids of the items that can take a link from `from`. */
export function targetsOf(scene, catalog, from) {
  const above = reaching(scene.model, [sourceId(from)]);
  return fitting(scene, ({ node }) => {
    if (!node || node.layer === "Input" || catalog[node.layer]?.arity === "none" || above.has(node.id)) return false;
    const isNamed = catalog[node.layer]?.arity === "named";
    return isNamed || !node.inputs.some((reference) => isSame(reference, from));
  });
}

/** The ids of the items that can feed `to`. */
export function sourcesOf(scene, to) {
  const below = reached(scene.model, [to]);
  return fitting(scene, ({ members }) => !members.some((id) => below.has(id)));
}

function fitting(scene, may) {
  return new Set([...scene.items.values()].filter(may).map(({ id }) => id));
}

/** What a link from this item comes from: the layer itself, or the last layer of a closed block. */
export function sourceOf(scene, item, slot = 0) {
  const id = item.node ? item.id : exit(item.block, byId(scene.model));
  return slot ? `${id}:${slot}` : id;
}

/** From above to below, then from left to right. */
export function inReadingOrder(scene, ids) {
  const items = [...ids].map((id) => scene.items.get(id));
  return items.sort((one, other) => one.y - other.y || one.x - other.x);
}

/** The nearest item in a direction; along links if there are any. */
export function neighbour(scene, item, way) {
  const linked = {
    down: scene.links.filter(({ from }) => from === item.id).map(({ to }) => to),
    up: scene.links.filter(({ to }) => to === item.id).map(({ from }) => from),
  }[way];
  if (linked?.length) return nearest(item, linked.map((id) => scene.items.get(id)));
  return nearest(item, [...scene.items.values()].filter((other) => other !== item && isTowards(item, other, way)));
}

function isTowards(item, other, way) {
  const [right, down] = [other.x - item.x, other.y + other.height / 2 - item.y - item.height / 2];
  if (way === "left" || way === "right") return Math.sign(right) === (way === "left" ? -1 : 1) && Math.abs(right) > Math.abs(down);
  return Math.sign(down) === (way === "up" ? -1 : 1) && Math.abs(down) >= Math.abs(right);
}

function nearest(item, others) {
  const distance = (other) => Math.hypot(other.x - item.x, other.y - item.y);
  return others.reduce((best, other) => (!best || distance(other) < distance(best) ? other : best), null);
}
