// The automatic layout: data flows down, rows by the longest way, few crossings, straight chains.

import { spread } from "./columns.js";
import { ranksOf, rowsOf } from "./layering.js";
import { order } from "./ordering.js";

export const ROW_GAP = 46;
const COLUMN_GAP = 34;
const LINK_HALF = 9; // half the room that a passing link takes
const GATE_GAP = 30; // between the edge of a block and its layers
const FRAME = { top: 26, side: 22, bottom: 20 };

/**
 * Where everything stands.
 *
 * @param items [{id, width, height, group}] of which `group` names an open block, or is null.
 * @param links [{key, from, to}] between items.
 * @returns {places: Map(id -> {x, y}), ways: Map(key -> [[x, y], …]), frames: Map(group -> {x, y, width, height})}
 */
export function laidOut(items, links) {
  const found = { places: new Map(), ways: new Map(), frames: new Map() };
  const groups = Map.groupBy(items.filter(({ group }) => group != null), ({ group }) => group);
  const inner = new Map([...groups].map(([group, members]) => [group, within(group, members, links)]));
  const owner = new Map([...groups].flatMap(([group, members]) => members.map(({ id }) => [id, group])));
  const name = (id) => (owner.has(id) ? `block:${owner.get(id)}` : id);
  const boxes = [...inner].map(([group, { box }]) => ({ ...box, id: `block:${group}` }));
  const singles = items.filter(({ group }) => group == null).map(sized);
  const outer = joined(links.map(({ key, from, to }) => ({ key, from: name(from), to: name(to) })));
  const rows = layered(inOrder([...singles, ...boxes], items, name), outer);
  for (const item of singles) found.places.set(item.id, rows.places.get(item.id));
  for (const [group, part] of inner) settle(found, group, part, rows.places.get(`block:${group}`));
  for (const link of links) found.ways.set(link.key, way(link, owner, inner, rows, found));
  return found;
}

const sized = (item) => ({ ...item, left: item.width / 2, right: item.width / 2 });

/** As they stand in the model, so that the order of the layout follows it. */
function inOrder(boxes, items, name) {
  const place = new Map();
  items.forEach(({ id }, index) => place.has(name(id)) || place.set(name(id), index));
  return boxes.sort((one, other) => place.get(one.id) - place.get(other.id));
}

/** Several links between the same two boxes are one. */
function joined(links) {
  const found = new Map();
  for (const link of links) {
    if (link.from === link.to) continue;
    const pair = `${link.from} ${link.to}`;
    if (found.has(pair)) found.get(pair).keys.push(link.key);
    else found.set(pair, { ...link, keys: [link.key] });
  }
  return [...found.values()];
}

/** A block's own layout, with a gate above for each layer outside that feeds it, and one below for each that it feeds. */
function within(group, members, links) {
  const ids = new Set(members.map(({ id }) => id));
  const gates = new Map();
  const gate = (id) => gates.get(id) ?? gates.set(id, { id, width: 2, height: 0, left: 1, right: 1 }).get(id);
  const own = [];
  for (const { key, from, to } of links) {
    if (!ids.has(from) && !ids.has(to)) continue;
    const start = ids.has(from) ? from : gate(`above ${from}`).id;
    const end = ids.has(to) ? to : gate(`below ${from}`).id;
    own.push({ key, from: start, to: end });
  }
  const above = [...gates.values()].filter(({ id }) => id.startsWith("above "));
  const below = [...gates.values()].filter(({ id }) => id.startsWith("below "));
  const rows = layered([...above, ...members.map(sized), ...below], joined(own), { ends: below });
  const anchor = anchored(rows, above, members);
  const width = rows.right - rows.left + 2 * FRAME.side;
  const left = anchor - rows.left + FRAME.side;
  const height = rows.height + FRAME.top + FRAME.bottom;
  return { group, members, rows, box: { width, height, left, right: width - left }, shift: left - anchor };
}

function anchored(rows, above, members) {
  const first = above[0] ?? members[0];
  return rows.places.get(first.id).x + (above[0] ? 1 : members[0].width / 2);
}

/** Rows of items and the ways of the long links between them; all x are left edges. */
function layered(items, links, { ends = [] } = {}) {
  const rank = ranksOf(items, links);
  const last = Math.max(0, ...rank.values());
  for (const { id } of ends) rank.set(id, Math.max(last, rank.get(id)));
  const { rows, segments, ways } = rowsOf(items, links, rank, LINK_HALF);
  order(rows, segments);
  spread(rows, segments, COLUMN_GAP);
  const places = new Map();
  const bands = [];
  let y = 0;
  rows.forEach((row, index) => {
    const height = Math.max(0, ...row.map(({ item }) => item?.height ?? 0));
    bands[index] = [y, y + height];
    for (const { item, x } of row) {
      if (item) places.set(item.id, { x: x - item.left, y: y + (height - item.height) / 2, width: item.left + item.right });
    }
    y += height + (height ? ROW_GAP : GATE_GAP);
  });
  const boxes = rows.flat();
  return {
    places,
    height: bands.at(-1)?.[1] ?? 0,
    left: Math.min(...boxes.map(({ x, left }) => x - left)),
    right: Math.max(...boxes.map(({ x, right }) => x + right)),
    ways: new Map([...ways].flatMap(([link, cells]) => link.keys?.map((key) => [key, points(cells, bands)]) ?? [])),
  };
}

function points(cells, bands) {
  return cells.flatMap(({ x, row }) => bands[row].map((y) => [x, y]));
}

function settle(found, group, { members, rows, box, shift }, corner) {
  found.frames.set(group, { x: corner.x, y: corner.y, width: box.width, height: box.height });
  const origin = { x: corner.x + shift, y: corner.y + FRAME.top };
  for (const { id } of members) {
    const place = rows.places.get(id);
    found.places.set(id, { x: origin.x + place.x, y: origin.y + place.y });
  }
}

/** The points through which a link goes: in the block that it leaves, between the blocks, in the block that it enters. */
function way({ key, from, to }, owner, inner, rows, found) {
  const [start, end] = [owner.get(from), owner.get(to)];
  const own = (group) => {
    const { rows: part, shift } = inner.get(group);
    const frame = found.frames.get(group);
    const moved = ([x, y]) => [x + frame.x + shift, y + frame.y + FRAME.top];
    const gate = (id) => part.places.get(id) && [moved([part.places.get(id).x + 1, part.places.get(id).y])];
    return { points: (part.ways.get(key) ?? []).map(moved), gate };
  };
  if (start && start === end) return own(start).points;
  const leaving = start ? [...own(start).points, ...(own(start).points.length ? own(start).gate(`below ${from}`) : [])] : [];
  const entering = end ? [...(own(end).points.length ? own(end).gate(`above ${from}`) : []), ...own(end).points] : [];
  return [...leaving, ...(rows.ways.get(key) ?? []), ...entering];
}
