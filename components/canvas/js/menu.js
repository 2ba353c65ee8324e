// The menu of what can be done here: the same actions as the keys.

import { action, run } from "./actions.js";
import { element } from "./dom.js";
import { written } from "./keys.js";

const ON_LAYER = ["parameters", "rename", "connect", "insert", "duplicate", "copy", "cut", "block", "dissolve", "open", "remove", "cut_out"];
const ON_LINK = ["insert", "remove"];
const ON_GROUND = ["add", "paste", "undo", "redo", "all", "tidy", "fit", "code", "help"];

export class ContextMenu {
  constructor(editor) {
    this.editor = editor;
    this.box = element("div", "menu", editor.stage);
    this.box.setAttribute("role", "menu");
    this.box.setAttribute("aria-label", "Actions");
    this.box.hidden = true;
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("focusout", ({ relatedTarget }) => this.box.contains(relatedTarget) || this.close());
  }

  openAtCurrent() {
    const { selection, board, surface } = this.editor;
    const item = selection.current;
    const { left, bottom } = (item ? board.element(item) : surface).getBoundingClientRect();
    this.open({ clientX: left + 20, clientY: item ? bottom : bottom - 300 });
  }

  open({ clientX, clientY }) {
    const { editor } = this;
    const { link, chosen, current } = editor.selection;
    const names = link ? ON_LINK : chosen.size || current ? ON_LAYER : ON_GROUND;
    const can = (name) => action(name).can?.(editor) ?? true;
    const list = chosen.size || link ? names : ON_GROUND;
    this.box.replaceChildren();
    for (const name of list.filter(can)) this.entry(name);
    this.box.hidden = false;
    const { left, top, width, height } = editor.stage.getBoundingClientRect();
    this.box.style.left = `${Math.min(clientX - left, width - this.box.offsetWidth - 8)}px`;
    this.box.style.top = `${Math.max(8, Math.min(clientY - top, height - this.box.offsetHeight - 8))}px`;
    this.box.firstElementChild?.focus();
  }

  entry(name) {
    const entry = element("button", "", this.box);
    entry.type = "button";
    entry.setAttribute("role", "menuitem");
    element("span", "", entry, action(name).label);
    element("kbd", "", entry, written(action(name)));
    entry.onclick = () => {
      this.close();
      this.editor.selection.focus();
      run(this.editor, name);
    };
  }

  close() {
    this.box.hidden = true;
  }

  key(event) {
    event.stopPropagation();
    const entries = [...this.box.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = entries.indexOf(this.editor.root.activeElement);
    if (step) entries[(at + step + entries.length) % entries.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      this.close();
      this.editor.selection.focus();
    } else return;
    event.preventDefault();
  }
}
