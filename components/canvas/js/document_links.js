// Operations on links: what feeds a layer, and whose results the loss sees. The twins of core/edits/links.py.

import { Refused, find, replaceNode, row, withOutputs } from "./document_changes.js";
import { children, feedsNothing, hasCycle, isSame, outputs, reached, sourceId, way } from "./document_graph.js";

const NO_SOURCE = "an Input takes its rows from the data; no layer can feed it.";
const NOT_ITSELF = "a layer cannot feed itself. Choose another layer.";

/** Only links that are new have to be possible: faults that are there already can be taken away one by one. */
export function setInputs(model, op) {
  const node = find(model, op.node);
  const fresh = op.inputs.filter((reference) => !node.inputs.includes(reference));
  for (const reference of fresh) if (find(model, sourceId(reference)) === node) throw new Refused(node.id, NOT_ITSELF);
  if (fresh.length && node.layer === "Input") throw new Refused(node.id, NO_SOURCE);
  if (!hasCycle(model)) for (const reference of fresh) refuseCircle(model, sourceId(reference), node);
  return replaceNode(model, node, { inputs: op.inputs });
}

export function setOutputs(model, op) {
  for (const reference of op.outputs) if (!model.outputs.includes(reference)) find(model, sourceId(reference));
  return withOutputs(model, op.outputs);
}

export function connect(model, op, catalog) {
  const node = find(model, op.node);
  const from = find(model, sourceId(op.source));
  if (from === node) throw new Refused(node.id, NOT_ITSELF);
  if (node.layer === "Input") throw new Refused(node.id, NO_SOURCE);
  const inputs = withLink(node, row(catalog, node.layer), op);
  refuseCircle(model, from.id, node);
  return extended(replaceNode(model, node, { inputs }), op);
}

export function disconnect(model, op) {
  const node = find(model, op.node);
  if (op.link >= node.inputs.length) {
    throw new Refused(node.id, `it has ${node.inputs.length} inputs, so there is no input ${op.link}.`);
  }
  return replaceNode(model, node, { inputs: node.inputs.filter((_, index) => index !== op.link) });
}

/** What feeds the node with the new link; refused if the layer has no place for it. */
function withLink(node, entry, op) {
  const one = entry.arity === "one";
  const slot = op.slot ?? (one ? 0 : node.inputs.length);
  if (entry.most != null && slot >= entry.most) {
    const most = one ? "one input" : `at most ${entry.most} inputs`;
    throw new Refused(node.id, `${node.layer} takes ${most}. Replace one, or disconnect one first.`);
  }
  if (slot > node.inputs.length) {
    const missing = entry.input_names?.[node.inputs.length] ?? `input ${node.inputs.length}`;
    throw new Refused(node.id, `nothing feeds its ${missing} yet. Connect that first.`);
  }
  const known = one ? node.inputs.slice(0, 1) : node.inputs;
  const isTwice = known.some((reference) => isSame(reference, op.source));
  if (isTwice && (one || (entry.arity === "many" && slot === node.inputs.length))) {
    const sentence = `${op.source} feeds it already. Choose another layer, or replace one of its inputs.`;
    throw new Refused(node.id, sentence);
  }
  return one ? [op.source] : [...node.inputs.slice(0, slot), op.source, ...node.inputs.slice(slot + 1)];
}

function refuseCircle(model, from, node) {
  if (feedsNothing(model, node.id)) return;
  const circle = way(model, node.id, from);
  if (circle.length) {
    const shown = [...circle, node.id].join(" → ");
    throw new Refused(node.id, `with this link the layers would go in a circle: ${shown}.`);
  }
}

/** The output moves on from the source, unless the new link leads to an output already. */
function extended(model, op) {
  if (!model.outputs.some((reference) => isSame(reference, op.source))) return model;
  const { below, end } = leads(model, op.node);
  if (end === undefined || outputs(model).some((id) => below.has(id))) return model;
  return withOutputs(
    model,
    model.outputs.map((reference) => (isSame(reference, op.source) ? end : reference)),
  );
}

/** A layer with all that it leads to, and the first of them that feeds nothing. */
function leads(model, id) {
  if (feedsNothing(model, id)) return { below: new Set([id]), end: id };
  const feeds = children(model);
  const below = reached(model, [id]);
  return { below, end: [...feeds.keys()].find((other) => below.has(other) && !feeds.get(other).length) };
}
