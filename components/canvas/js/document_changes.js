// Small changes of a model that operations are made of. The twins of core/edits/references.py.

import { taking } from "./document_graph.js";

const MAX_NODES = 5000;

/** An operation that cannot be done; its message is a sentence for the user. */
export class Refused extends Error {
  constructor(place, sentence) {
    super(place ? `${place}: ${sentence}` : sentence);
    this.name = "Refused";
    this.place = place;
  }
}

/** The node of that id. */
export function find(model, id) {
  const node = model.nodes.find((other) => other.id === id);
  if (!node) throw new Refused(id, `there is no layer '${id}' in this model.`);
  return node;
}

/** Refused if a layer or a block has that name. */
export function free(model, id) {
  const sentence = `is called '${id}' already. Choose a free name.`;
  if (model.nodes.some((node) => node.id === id)) throw new Refused(id, `another layer ${sentence}`);
  if (model.blocks.some((block) => block.id === id)) throw new Refused(id, `a block ${sentence}`);
}

/** The catalog's row of a layer. */
export function row(catalog, layer) {
  if (!Object.hasOwn(catalog, layer)) throw new Refused("", `no layer is called "${layer}".`);
  return catalog[layer];
}

/** The model with outputs, each once. */
export const withOutputs = (model, outputs) => ({ ...model, outputs: [...new Set(outputs)] });

/** The node with what it takes from `id` changed; the node itself where it takes nothing from it. */
export function withInputsFrom(id, change) {
  const takes = taking(id);
  return (node) => (node.inputs.some(takes) ? { ...node, inputs: change(node.inputs) } : node);
}

/** The model with some nodes changed. */
export const mapNodes = (model, change) => ({ ...model, nodes: model.nodes.map(change) });

export function replaceNode(model, node, changes) {
  return mapNodes(model, (other) => (other === node ? { ...other, ...changes } : other));
}

/** The model with one node more in its list, at that place; null: at the end. */
export function insertNode(model, node, { behind = null, before = null } = {}) {
  if (model.nodes.length >= MAX_NODES) {
    throw new Refused("model.nodes", "A model has at most 5,000 layers. Remove some before you add more.");
  }
  const at = (id) => model.nodes.findIndex((other) => other.id === id);
  const place = behind !== null ? at(behind) + 1 : before !== null ? at(before) : model.nodes.length;
  return { ...model, nodes: [...model.nodes.slice(0, place), node, ...model.nodes.slice(place)] };
}

/** All that took something from `old` takes the first output of `fresh`, except `fresh` itself. */
export function redirect(model, old, fresh) {
  const takes = taking(old);
  const turned = (references) => references.map((one) => (takes(one) ? fresh : one));
  const withTurned = withInputsFrom(old, turned);
  const nodes = model.nodes.map((node) => (node.id === fresh ? node : withTurned(node)));
  return { ...model, nodes, outputs: turned(model.outputs) };
}
