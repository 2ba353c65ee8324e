// Operations on layers: they come, go, change their name and their values. The twins of core/edits/structure.py.

import { holding, inside, joined, left } from "./document_blocks.js";
import {
  Refused,
  find,
  free,
  insertNode,
  mapNodes,
  redirect,
  replaceNode,
  row,
  withInputsFrom,
  withOutputs,
} from "./document_changes.js";
import { byId, children, freshId, outputs, ownerId, sharing, sourceId, taking } from "./document_graph.js";

/** Behind `after`, else behind the output; a first layer that is to be linked gets an `Input` to stand on. */
export function add(model, op, catalog) {
  const entry = offered(catalog, op.layer);
  const linked = op.linked ?? true;
  if (linked && !model.nodes.length && entry.arity !== "none") model = add(model, { layer: "Input" }, catalog);
  const node = fresh(model, entry, op);
  if (entry.arity === "none" || !linked) {
    const grown = insertNode(model, node, { behind: op.after ? find(model, op.after).id : null });
    return withOutputs(grown, grown.outputs.length ? grown.outputs : [node.id]);
  }
  const after = op.after ? find(model, op.after).id : end(model);
  const block = inside(model, after, children(model).get(after));
  return putBehind(model, { ...node, inputs: Array(links(entry)).fill(after) }, after, block);
}

export function insertBefore(model, op, catalog) {
  const target = find(model, op.node);
  const entry = offered(catalog, op.layer);
  const link = op.link ?? 0;
  if (target.layer === "Input" || entry.arity === "none") {
    throw new Refused(target.id, `${op.layer} cannot stand before ${target.id}: nothing can feed an Input.`);
  }
  if (link >= Math.max(1, target.inputs.length)) {
    throw new Refused(target.id, `it has ${target.inputs.length} inputs, so there is no input ${link}.`);
  }
  const fedBy = target.inputs.slice(link, link + 1);
  const node = { ...fresh(model, entry, op), inputs: Array(links(entry)).fill(fedBy).flat() };
  const inputs = [...target.inputs.slice(0, link), node.id, ...target.inputs.slice(link + 1)];
  const block = inside(model, target.id, fedBy.map(sourceId));
  const grown = insertNode(replaceNode(model, target, { inputs }), node, { before: target.id });
  return joined(grown, node.id, block);
}

/** The output moves to what fed the node; but an Input does not become one output among others. */
export function remove(model, op) {
  const node = find(model, op.node);
  const heal = op.heal ?? true;
  const rest = left(unshared(model, node), node.id);
  const healed = heal ? healAround(rest, node) : cut(rest, node);
  const keepsHeir = heal && hasHeir(model, node);
  return {
    ...healed,
    outputs: healed.outputs.filter((reference) => keepsHeir || model.outputs.includes(reference)),
  };
}

export function duplicate(model, op) {
  const node = find(model, op.node);
  if (op.id != null) free(model, op.id);
  const { position, ...rest } = node;
  const twin = placed({ ...rest, id: op.id ?? freshId(model, node.layer) }, op.position);
  const block = holding(model, node.id);
  if (node.inputs.length === 1) return putBehind(model, { ...twin, inputs: [node.id] }, node.id, block);
  return joined(insertNode(model, twin, { behind: node.id }), twin.id, block);
}

export function rename(model, op) {
  const renamed = find(model, op.node);
  const old = renamed.id;
  const name = op.to;
  if (name === old) return model;
  free(model, name);
  const takes = taking(old);
  const follow = (references) => references.map((one) => (takes(one) ? name + one.slice(old.length) : one));
  const withFollowed = withInputsFrom(old, follow);
  const nodes = model.nodes.map((node) => {
    const fed = withFollowed(node);
    const own = node === renamed ? { ...fed, id: name } : fed;
    return node.shared_with === old ? { ...own, shared_with: name } : own;
  });
  const blocks = model.blocks.map((block) => ({
    ...block,
    nodes: block.nodes.map((id) => (id === old ? name : id)),
  }));
  return { ...model, nodes, outputs: follow(model.outputs), blocks };
}

export function share(model, op) {
  const node = find(model, op.node);
  if (op.shared_with == null) return mapNodes(model, (other) => (other === node ? alone(other) : other));
  const other = find(model, op.shared_with);
  if (ownerId(byId(model), other) === node.id) {
    const sentence = `${other.id} uses the weights of ${node.id} already. Share the other way round.`;
    throw new Refused(node.id, sentence);
  }
  if (other.layer !== node.layer) {
    throw new Refused(node.id, `a ${node.layer} cannot use the weights of ${other.id}, a ${other.layer}.`);
  }
  return replaceNode(model, node, { shared_with: other.id, params: other.params });
}

export function setParam(model, op, catalog) {
  const node = find(model, op.node);
  const entry = row(catalog, node.layer);
  if (entry.params && !entry.params.includes(op.name)) {
    throw new Refused(op.name, `${node.layer} has no parameter \`${op.name}\`.`);
  }
  return withParams(model, node, { ...node.params, [op.name]: op.value });
}

/** Also takes away a parameter that Keras does not know. */
export function resetParam(model, op, catalog) {
  const node = find(model, op.node);
  const entry = row(catalog, node.layer);
  const { [op.name]: gone, ...params } = node.params;
  if (entry.required?.includes(op.name)) params[op.name] = entry.start[op.name];
  return withParams(model, node, params);
}

/** Nodes that share weights are one layer, so they change together. */
function withParams(model, node, params) {
  const group = sharing(model, node);
  return mapNodes(model, (other) => (other === node || group.has(other.id) ? { ...other, params } : other));
}

function offered(catalog, layer) {
  const entry = row(catalog, layer);
  if (entry.offered === false) throw new Refused("layer", `${layer} cannot be added. ${entry.reason ?? ""}`.trim());
  return entry;
}

function fresh(model, entry, op) {
  if (op.id != null) free(model, op.id);
  const params = { ...entry.start, ...op.params };
  return placed({ id: op.id ?? freshId(model, op.layer), layer: op.layer, params, inputs: [] }, op.position);
}

const placed = (node, position) => (position == null ? node : { ...node, position });

const alone = ({ shared_with, ...node }) => node;

/** How often a new layer takes the one before it: attention to itself takes it twice. */
const links = (entry) => (entry.arity === "named" ? entry.fewest : 1);

function end(model) {
  const nodes = byId(model);
  return outputs(model).findLast((id) => nodes.has(id)) ?? model.nodes.at(-1).id;
}

/** The node stands behind `after` in the list, and feeds what `after` fed, the loss included. */
function putBehind(model, node, after, block) {
  const grown = redirect(insertNode(model, node, { behind: after }), after, node.id);
  return joined(withOutputs(grown, grown.outputs.length ? grown.outputs : [node.id]), node.id, block);
}

/** The node is gone; what it fed takes its inputs: a merge all of them, any other layer the first. */
function healAround(model, node) {
  const takes = taking(node.id);
  const healed = (references, most) =>
    references.flatMap((one) => (takes(one) ? node.inputs.slice(0, most) : [one]));
  const withHealed = withInputsFrom(node.id, (inputs) => healed(inputs, inputs.length > 1 ? undefined : 1));
  return withOutputs({ ...model, nodes: others(model, node).map(withHealed) }, healed(model.outputs, 1));
}

/** The node is gone, and what it fed loses that input. */
function cut(model, node) {
  const takes = taking(node.id);
  const rest = (references) => references.filter((one) => !takes(one));
  const nodes = others(model, node).map(withInputsFrom(node.id, rest));
  return { ...model, nodes, outputs: rest(model.outputs) };
}

const others = (model, node) => model.nodes.filter((other) => other.id !== node.id);

function hasHeir(model, node) {
  if (!outputs(model).includes(node.id) || !node.inputs.length) return false;
  const heir = byId(model).get(sourceId(node.inputs[0]));
  return Boolean(heir) && (heir.layer !== "Input" || model.outputs.length === 1);
}

/** Those that used the node's weights use the weights of the first of them. */
function unshared(model, node) {
  const first = model.nodes.find((other) => other.shared_with === node.id)?.id;
  if (first === undefined) return model;
  return mapNodes(model, (other) => {
    if (other.shared_with !== node.id) return other;
    const heir = node.shared_with ?? (other.id === first ? null : first);
    const own = { ...alone(other), params: node.params };
    return heir == null ? own : { ...own, shared_with: heir };
  });
}
