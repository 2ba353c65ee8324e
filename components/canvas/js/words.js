// What a layer says of itself: on its node, and to a screen reader.

const NOTHING = new Set([null, undefined, false, "linear", "valid", ""]);

export const count = (number) => (number == null ? "–" : number.toLocaleString("en-GB"));

export const several = (number, word) => `${count(number)} ${word}${number === 1 ? "" : "s"}`;

/** `16 · 3×3 · same · relu`: the parameters that matter, without those that say nothing. */
export function brief(node, row) {
  if (node.layer === "Input") return "";
  const said = (row?.brief ?? []).map((name) => written(name, node.params[name])).filter(Boolean);
  return said.join(" · ");
}

function written(name, value) {
  if (NOTHING.has(value)) return "";
  if (value === true) return name.replaceAll("_", " ");
  if (name === "strides" && [value].flat().every((step) => step === 1)) return "";
  if (Array.isArray(value)) return value.map((part) => (Array.isArray(part) ? part.join("–") : part)).join("×");
  if (typeof value === "object") return [value.name, ...Object.values(value.params ?? {}).slice(0, 2).map(plain)].join(" ");
  if (/^(kernel|pool)_size$/.test(name)) return `size ${value}`;
  if (name === "strides") return `stride ${value}`;
  return String(value);
}

const plain = (value) => (value && typeof value === "object" ? value.name ?? "…" : String(value));

/** `dense_1, Dense, 128 relu, output 128, 8,320 parameters, 1 problem: …` */
export function spoken(item) {
  const problems = item.problems.length ? `${several(item.problems.length, "problem")}: ${item.problems.join(" ")}` : "";
  return [
    item.title,
    item.kind,
    item.brief.replaceAll(" · ", " "),
    item.shape == null ? "" : `output ${item.shape}`,
    item.parameters == null ? "" : several(item.parameters, "parameter"),
    item.isOutput ? "output of the model" : "",
    problems,
  ]
    .filter(Boolean)
    .join(", ");
}
