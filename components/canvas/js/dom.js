// Small makers of elements. Every text is set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  undo: "M4 7h9a5 5 0 0 1 0 10H8M4 7l4-4M4 7l4 4",
  redo: "M20 7h-9a5 5 0 0 0 0 10h5M20 7l-4-4M20 7l-4 4",
  tidy: "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  block: "M4 5h16v14H4zM8 9h8M8 12h8M8 15h8",
  code: "M8 6l-6 6 6 6M16 6l6 6-6 6",
  help: "M9 9a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 1.8M12 17.2v.3",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  close: "M6 6l12 12M18 6L6 18",
  open: "M7 10l5 5 5-5",
  shut: "M10 7l5 5-5 5",
  panel: "M4 5h16v14H4zM9 5v14",
};

export function element(tag, className, parent, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  parent?.append(made);
  return made;
}

export function drawn(tag, attributes, parent) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent?.append(made);
  return made;
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function icon(name, parent) {
  const made = drawn("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, parent);
  drawn("path", { d: ICONS[name] }, made);
  return made;
}

/** A button with a picture, a text or both; `hint` says what it does and by which key. */
export function button(parent, { picture, text = "", hint = "", label = "", className = "" }, act) {
  const made = element("button", className, parent);
  made.type = "button";
  if (picture) icon(picture, made);
  if (text) element("span", "", made, text);
  if (hint) made.title = hint;
  if (label || !text) made.setAttribute("aria-label", label || hint);
  made.addEventListener("click", act);
  return made;
}
