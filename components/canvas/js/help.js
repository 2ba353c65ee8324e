// The list of all keys.

import { ACTIONS } from "./actions.js";
import { button, element } from "./dom.js";
import { written } from "./keys.js";

const BY_HAND = [
  ["Walk", "Walk along the links", "↑ ↓ ← →"],
  ["Walk", "Walk and keep what is selected", "Shift ↑ ↓ ← →"],
  ["Walk", "Move what is selected", "Alt ↑ ↓ ← →"],
  ["Walk", "First and last layer", "Home End"],
  ["Mouse", "Draw from a port to connect", "drag"],
  ["Mouse", "Drop a layer on a link to insert it", "drag"],
  ["Mouse", "Select with a frame; add to it", "drag, Shift"],
  ["Mouse", "Pan", "Space drag, wheel"],
  ["Mouse", "Zoom", "Ctrl wheel, pinch"],
  ["Mouse", "Add a layer there", "double click"],
];

export class Help {
  constructor(editor) {
    this.editor = editor;
    this.dialog = element("dialog", "help", editor.box);
    this.dialog.setAttribute("aria-label", "Keys");
    this.dialog.addEventListener("close", () => editor.selection.focus());
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation());
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
    const sheet = element("div", "sheet", this.dialog);
    const head = element("div", "head", sheet);
    element("h3", "", head, "Keys");
    button(head, { picture: "close", hint: "Close (Esc)" }, () => this.dialog.close());
    this.columns = element("div", "columns", sheet);
    this.draw();
  }

  draw() {
    const rows = [...BY_HAND, ...ACTIONS.map((action) => [action.group, action.label, written(action)])];
    for (const [group, list] of Map.groupBy(rows, ([name]) => name)) {
      const part = element("section", "", this.columns);
      element("h4", "", part, group);
      const table = element("dl", "", part);
      for (const [, label, keys] of list) {
        element("dt", "", table, label);
        element("kbd", "", element("dd", "", table), keys);
      }
    }
  }

  open() {
    this.dialog.showModal();
  }
}
