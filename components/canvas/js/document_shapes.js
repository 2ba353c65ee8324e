// What the fields of each operation have to be. The twin of core/edits/kinds.py.

import { Refused } from "./document_changes.js";

const MAX_TOGETHER = 1000;
const MAX_COORDINATE = 1e6;
const NAME = "a name begins with a letter and has letters, digits and underscores only, at most 64.";

const isText = (value) => typeof value === "string" && value.length >= 1 && [...value].length <= 80;
const isId = (value) => typeof value === "string" && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(value);
const isReference = (value) => typeof value === "string" && /^[A-Za-z][A-Za-z0-9_]{0,63}(:\d{1,2})?$/.test(value);
const isFlag = (value) => typeof value === "boolean";
const isCount = (value) => Number.isInteger(value) && value >= 0;
const isRepeat = (value) => Number.isInteger(value) && value >= 1 && value <= 100;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isCoordinate = (value) => Number.isFinite(value) && Math.abs(value) <= MAX_COORDINATE;
const isPosition = (value) => Array.isArray(value) && value.length === 2 && value.every(isCoordinate);
const isPositions = (value) =>
  isObject(value) &&
  Object.keys(value).length > 0 &&
  Object.entries(value).every(([id, position]) => isId(id) && isPosition(position));
const isValue = (value) => value !== undefined;

const listOf = (is) => (value) => Array.isArray(value) && value.every((item) => is(item));
const optional = (is) => (value) => value === undefined || is(value);
const nullable = (is) => (value) => value == null || is(value);

const named = { id: nullable(isId), position: nullable(isPosition) };
const values = { layer: isText, params: optional(isObject) };

const FIELDS = {
  add: { ...values, ...named, after: nullable(isId), linked: optional(isFlag) },
  insert_before: { ...values, ...named, node: isId, link: optional(isCount) },
  remove: { node: isId, heal: optional(isFlag) },
  duplicate: { ...named, node: isId },
  rename: { node: isId, to: isId },
  share: { node: isId, shared_with: nullable(isId) },
  set_param: { node: isId, name: isText, value: isValue },
  reset_param: { node: isId, name: isText },
  set_inputs: { node: isId, inputs: listOf(isReference) },
  set_outputs: { outputs: listOf(isReference) },
  connect: { source: isReference, node: isId, slot: nullable(isCount) },
  disconnect: { node: isId, link: isCount },
  place: { positions: isPositions },
  tidy: {},
  make_block: { id: isId, nodes: (value) => listOf(isId)(value) && value.length > 0 },
  set_block: { block: isId, repeat: nullable(isRepeat), open: nullable(isFlag), to: nullable(isId) },
  dissolve: { block: isId },
};

/** Throws `Refused` if there is no such operation, or a field of it is wrong. */
export function refuseMalformed(op) {
  if (op?.op !== "together") {
    refuseMalformedSingle(op, "");
    return;
  }
  const { edits, op: _, ...more } = op;
  const count = Array.isArray(edits) ? edits.length : 0;
  if (count < 1 || count > MAX_TOGETHER || Object.keys(more).length) {
    throw malformed("together", `needed a list of 1 to ${MAX_TOGETHER} edits.`);
  }
  edits.forEach((edit, index) => refuseMalformedSingle(edit, `edits.${index}.`));
}

function refuseMalformedSingle(op, place) {
  if (!isObject(op) || !Object.hasOwn(FIELDS, op.op)) {
    throw malformed(`${place}op`, "there is no such operation here.");
  }
  const fields = FIELDS[op.op];
  for (const name of Object.keys(op)) {
    if (name !== "op" && !Object.hasOwn(fields, name)) throw malformed(place + name, "there is no such field.");
  }
  for (const [name, is] of Object.entries(fields)) {
    if (!is(op[name])) throw malformed(place + name, is === isId ? NAME : `got ${said(op[name])}.`);
  }
}

const said = (value) => String(JSON.stringify(value)).slice(0, 80);

const malformed = (place, sentence) => new Refused(`edit.${place}`, `this edit cannot be done: ${sentence}`);
