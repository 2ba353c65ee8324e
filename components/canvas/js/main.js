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

/** Streamlit calls this at first, and again when `data` or the theme has changed. */
export async function show(component) {
  const [catalog, ...sheets] = await ready;
  const root = component.parentElement;
  if (!EDITORS.has(root)) {
    root.adoptedStyleSheets = sheets;
    EDITORS.set(root, new Editor(root, catalog));
  }
  EDITORS.get(root).update(component);
}

/** Streamlit also says this of a call that came too late, while the component is still mounted. */
export function leave(root) {
  setTimeout(() => {
    if ((root.host ?? root).isConnected || !EDITORS.has(root)) return;
    EDITORS.get(root).destroy();
    EDITORS.delete(root);
  }, 0);
}
