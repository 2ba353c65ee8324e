// The buttons above the canvas.

import { action, run } from "./actions.js";
import { button, element, setText } from "./dom.js";
import { written } from "./keys.js";

const GROUPS = [["undo", "redo"], ["tidy", "fit"], ["block"], ["code"], ["help"]];
const TEXTS = { tidy: "Tidy", fit: "Fit", block: "Block", code: "Code" };

export class Toolbar {
  constructor(editor) {
    this.editor = editor;
    this.box = element("div", "toolbar", editor.stage);
    this.box.setAttribute("role", "toolbar");
    this.box.setAttribute("aria-label", "Canvas");
    this.buttons = new Map();
    for (const names of GROUPS) {
      const group = element("div", "set", this.box);
      for (const name of names) this.make(group, name);
    }
    this.makeZoom();
  }

  make(parent, name) {
    const hint = `${action(name).label} (${written(action(name))})`;
    const made = button(parent, { picture: name, text: TEXTS[name], hint, label: TEXTS[name] ? "" : action(name).label }, () => run(this.editor, name));
    this.buttons.set(name, made);
  }

  makeZoom() {
    const box = element("div", "zoom set", this.editor.stage);
    button(box, { picture: "minus", hint: "Zoom out (-)" }, () => run(this.editor, "farther"));
    this.scale = button(box, { text: "100 %", hint: "Actual size (0)" }, () => run(this.editor, "actual"));
    button(box, { picture: "plus", hint: "Zoom in (+)" }, () => run(this.editor, "closer"));
  }

  zoomed(scale) {
    setText(this.scale.firstChild, `${Math.round(scale * 100)} %`);
  }

  refresh() {
    for (const name of ["undo", "redo", "block"]) {
      const isOff = !action(name).can(this.editor);
      const made = this.buttons.get(name);
      if (made.disabled !== isOff) made.disabled = isOff;
    }
    this.buttons.get("code").setAttribute("aria-pressed", String(Boolean(this.editor.code?.isOpen)));
  }
}
