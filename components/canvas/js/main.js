// The entry: one editor for each place where Streamlit mounts the component.

import { Editor } from "./editor.js";

const STYLES = ["canvas.css", "node.css", "panels.css"];
const EDITORS = new WeakMap();
const own = (name) => new URL(name, import.meta.url);

const ready = Promise.all([
  fetch(own("catalog.json")).then((answer) => answer.json()),
  ...STYLES.map(async (name) => {
    const sheet = new CSSStyleSheet();
    return sheet.replace(await (await fetch(own(name))).text());
  }),
]);

/**
 * Streamlit calls this at first, and again when `data` or the theme has changed.
 *
 * @returns what Streamlit says when the call has ended: the element is gone, or a newer call has overtaken this one.
 */
export async function show(component) {
  const [catalog, ...sheets] = await ready;
  const root = component.parentElement;
  if (!EDITORS.has(root)) {
    root.adoptedStyleSheets = sheets;
    EDITORS.set(root, new Editor(root, catalog));
  }
  const before = EDITORS.get(root).component;
  EDITORS.get(root).update(component);
  return () => setTimeout(() => leave(root, component, before), 0);
}

/** The newer call may have come first; then what it said counts. */
function leave(root, component, before) {
  const editor = EDITORS.get(root);
  if (!(root.host ?? root).isConnected) {
    editor?.destroy();
    EDITORS.delete(root);
  } else if (before && editor?.component === component) editor.update(before);
}
