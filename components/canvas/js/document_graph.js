// The layer graph: who feeds whom. Pure functions, the twins of core/graph.py.

/** "lstm_1:2" is ["lstm_1", 2]. */
export function source(reference) {
  const [node, slot] = reference.split(":");
  return [node, Number(slot ?? 0)];
}

export function sourceId(reference) {
  const colon = reference.indexOf(":");
  return colon < 0 ? reference : reference.slice(0, colon);
}

/** Does a reference take something from that node? */
export function taking(id) {
  const prefix = `${id}:`;
  return (reference) => reference === id || reference.startsWith(prefix);
}

/** So it is with most layers that are linked: a quick look saves two walks through a large model. */
export function feedsNothing(model, id) {
  const takes = taking(id);
  return !model.nodes.some((node) => node.inputs.some(takes));
}

export const isSame = (one, other) => source(one).join(":") === source(other).join(":");

/** The nodes by their ids; of two with one id the first. */
export function byId(model) {
  const found = new Map();
  for (const node of model.nodes) if (!found.has(node.id)) found.set(node.id, node);
  return found;
}

export const parents = (node) => [...new Set(node.inputs.map(sourceId))];

export const outputs = (model) => model.outputs.map(sourceId);

/** For each node the ids of those that it feeds. */
export function children(model) {
  const found = new Map(model.nodes.map((node) => [node.id, []]));
  for (const node of model.nodes) for (const parent of parents(node)) found.get(parent)?.push(node.id);
  return found;
}

/** The starts, and all nodes that they feed, directly or not. */
export function reached(model, starts) {
  return walk(starts, children(model));
}

/** The targets, and all nodes from which one of them is reached. */
export function reaching(model, targets) {
  return walk(targets, new Map([...byId(model)].map(([id, node]) => [id, parents(node)])));
}

function walk(starts, steps) {
  const found = new Set();
  const waiting = [...starts].filter((id) => steps.has(id));
  while (waiting.length) {
    const id = waiting.pop();
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...steps.get(id).filter((step) => steps.has(step)));
  }
  return found;
}

/** Do nodes feed each other in a circle? Takes away again and again what waits for nothing, and sees what is left. */
export function hasCycle(model) {
  const nodes = byId(model);
  const feeds = children(model);
  const waits = new Map([...nodes].map(([id, node]) => [id, parents(node).filter((one) => nodes.has(one)).length]));
  const ready = [...nodes.keys()].filter((id) => !waits.get(id));
  for (const id of ready) {
    for (const fed of feeds.get(id)) {
      waits.set(fed, waits.get(fed) - 1);
      if (!waits.get(fed)) ready.push(fed);
    }
  }
  return ready.length < nodes.size;
}

/** The ids along a way on which `start` feeds `end`, both named; empty where there is none. */
export function way(model, start, end) {
  const nodes = byId(model);
  const below = new Map([[end, null]]);
  const waiting = nodes.has(end) ? [end] : [];
  while (waiting.length) {
    const id = waiting.pop();
    if (id === start) return followed(below, start);
    for (const parent of parents(nodes.get(id))) {
      if (!nodes.has(parent) || below.has(parent)) continue;
      below.set(parent, id);
      waiting.push(parent);
    }
  }
  return [];
}

function followed(steps, start) {
  const found = [];
  for (let id = start; id !== null; id = steps.get(id)) found.push(id);
  return found;
}

/** The id of the node that owns the weights; a node whose sharing is broken stands for itself. */
export function ownerId(nodes, node) {
  const seen = new Set([node.id]);
  let owner = node;
  while (owner.shared_with != null) {
    owner = nodes.get(owner.shared_with);
    if (!owner || seen.has(owner.id)) return node.id;
    seen.add(owner.id);
  }
  return owner.id;
}

/** The ids of all nodes that use one layer's weights, this one included. */
export function sharing(model, node) {
  const users = new Map(model.nodes.map((other) => [other.id, []]));
  for (const other of model.nodes) users.get(other.shared_with)?.push(other.id);
  return new Set([node.id, ...walk([ownerId(byId(model), node)], users)]);
}

/** A free id in Keras's own manner: `dense_3` when `dense_1` and `dense_2` are taken, by layers or blocks. */
export function freshId(model, layer) {
  const words = layer
    .replace(/[^A-Za-z0-9_]+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2");
  const stem = words.toLowerCase().replace(/^[_0-9]+/, "").slice(0, 56) || "layer";
  const taken = new Set([...model.nodes, ...model.blocks].map((thing) => thing.id));
  let number = 1;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}
