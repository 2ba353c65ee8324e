// The model, and the operations that change it: the same in the browser as in core.edits, by the same golden cases.

import { dissolve, makeBlock, setBlock } from "./document_blocks.js";
import { Refused, find, mapNodes } from "./document_changes.js";
import { add, duplicate, insertBefore, remove, rename, resetParam, setParam, share } from "./document_layers.js";
import { connect, disconnect, setInputs, setOutputs } from "./document_links.js";
import { refuseMalformed } from "./document_shapes.js";

export { Refused } from "./document_changes.js";
export { freshId } from "./document_graph.js";

const DOERS = {
  add,
  insert_before: insertBefore,
  remove,
  duplicate,
  rename,
  share,
  set_param: setParam,
  reset_param: resetParam,
  set_inputs: setInputs,
  set_outputs: setOutputs,
  connect,
  disconnect,
  place,
  tidy,
  make_block: makeBlock,
  set_block: setBlock,
  dissolve,
  together,
};

/**
 * The model after one operation; the one before stays as it was, and nodes that do not change are the same objects.
 *
 * @param model {nodes, outputs, blocks} as in the project file, made complete by `normal`.
 * @param op an edit as JSON, such as {op: "remove", node: "dense_1"}.
 * @param catalog {layer: {arity, fewest, most, input_names, start, offered, reason, params, required}}.
 * @throws Refused with a sentence, if it cannot be done.
 */
export function apply(model, op, catalog) {
  refuseMalformed(op);
  return DOERS[op.op](model, op, catalog);
}

/** The model with every list there, as the operations need it. */
export function normal(model) {
  const nodes = (model.nodes ?? []).map((node) => ({ ...node, params: node.params ?? {}, inputs: node.inputs ?? [] }));
  const blocks = (model.blocks ?? []).map((block) => ({
    ...block,
    repeat: block.repeat ?? 1,
    open: block.open ?? true,
  }));
  return { nodes, outputs: model.outputs ?? [], blocks };
}

function together(model, op, catalog) {
  return op.edits.reduce((done, edit) => DOERS[edit.op](done, edit, catalog), model);
}

/** Layers that are gone by now are passed over. */
function place(model, op) {
  const positions = new Map(Object.entries(op.positions));
  if (!model.nodes.some((node) => positions.has(node.id))) find(model, Object.keys(op.positions)[0]);
  return mapNodes(model, (node) =>
    positions.has(node.id) ? { ...node, position: positions.get(node.id) } : node,
  );
}

function tidy(model) {
  return mapNodes(model, (node) => {
    const { position, ...free } = node;
    return position == null ? node : free;
  });
}
