// The box in which one types the name of a layer, at the place where the layer will be.

import { add } from "./actions.js";
import { element, setAttribute } from "./dom.js";
import { matching } from "./search.js";

const MOST = 8;
const SIZE = { width: 260, height: 320 };

export class QuickAdd {
  constructor(editor) {
    this.editor = editor;
    this.box = element("div", "quick", editor.stage);
    this.box.hidden = true;
    this.field = element("input", "", this.box);
    this.field.type = "text";
    this.field.placeholder = "Add a layer";
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-label": "Add a layer",
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      "aria-controls": "quick-list",
      autocomplete: "off",
      spellcheck: "false",
    })) this.field.setAttribute(name, value);
    this.list = element("div", "list", this.box);
    this.list.id = "quick-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Layers");
    this.field.addEventListener("input", () => this.filter());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.close(false));
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.pick(option.dataset.layer);
    });
  }

  /** `where` as `adding` takes it; `at`: a point of the plane near which the box opens. */
  open({ where, at }) {
    this.where = where;
    const { viewport } = this.editor;
    const spot = viewport.inside(at);
    const left = Math.min(Math.max(8, spot.x - SIZE.width / 2), viewport.width - SIZE.width - 8);
    const top = Math.min(Math.max(8, spot.y), viewport.height - SIZE.height - 8);
    this.box.style.left = `${left}px`;
    this.box.style.top = `${Math.max(8, top)}px`;
    this.box.hidden = false;
    this.field.value = "";
    this.filter();
    this.field.focus();
  }

  close(toCanvas = true) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    if (toCanvas) this.editor.selection.focus();
  }

  filter() {
    this.found = matching(this.editor.catalog, this.field.value, { all: Boolean(this.field.value.trim()) }).slice(0, MOST);
    this.list.replaceChildren();
    this.found.forEach(([layer, row], index) => {
      const option = element("div", "option", this.list);
      option.id = `quick-${index}`;
      option.setAttribute("role", "option");
      Object.assign(option.dataset, { layer, colour: row.colour });
      element("span", "swatch", option);
      element("span", "name", option, layer);
      element("span", "summary", option, row.summary);
    });
    if (!this.found.length) element("p", "none", this.list, "No layer has this in its name or purpose.");
    this.point(0);
  }

  point(at) {
    this.at = at;
    [...this.list.children].forEach((option, index) => {
      if (option.role === "option" || option.getAttribute("role")) setAttribute(option, "aria-selected", String(index === at));
      if (index === at) option.scrollIntoView({ block: "nearest" });
    });
    this.field.setAttribute("aria-activedescendant", this.found.length ? `quick-${at}` : "");
  }

  key(event) {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) this.point((this.at + step + this.found.length) % this.found.length);
    else if (event.key === "Enter") this.found.length && this.pick(this.found[this.at][0]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  pick(layer) {
    const { editor, where } = this;
    this.box.hidden = true;
    const isMerge = editor.catalog[layer].arity === "many" && where.after && editor.selection.ids.length > 1;
    add(editor, layer, isMerge ? { merge: editor.selection.ids } : where);
    editor.selection.focus();
  }
}
