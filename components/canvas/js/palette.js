// The layers that can be added: searched, in their categories; clicked, or dragged to a place or onto a link.

import { add, whereBehind } from "./actions.js";
import { button, element } from "./dom.js";
import { matching } from "./search.js";

const FAR = 5; // pixels that a press may stray and still be a click

export class Palette {
  constructor(editor) {
    this.editor = editor;
    this.isAll = false;
    this.box = element("aside", "palette", editor.box);
    this.box.setAttribute("aria-label", "Layers to add");
    this.field = element("input", "search", this.box);
    this.field.type = "search";
    this.field.placeholder = "Search layers";
    this.field.setAttribute("aria-label", "Search layers");
    this.field.addEventListener("input", () => this.draw());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.list = element("div", "list", this.box);
    this.more = button(this.box, { text: "more", className: "more" }, () => this.toggle());
    this.box.addEventListener("pointerdown", (event) => this.press(event));
    this.draw();
  }

  toggle() {
    this.isAll = !this.isAll;
    this.draw();
  }

  draw() {
    const { catalog } = this.editor;
    const typed = this.field.value.trim();
    const found = matching(catalog, typed, { all: this.isAll || Boolean(typed) });
    const groups = Map.groupBy(found, ([, { category }]) => category);
    this.list.replaceChildren();
    for (const [category, rows] of groups) this.group(category, rows);
    if (!found.length) element("p", "none", this.list, "No layer has this in its name or purpose.");
    const offered = Object.values(catalog).filter((row) => row.offered).length;
    this.more.hidden = Boolean(typed);
    this.more.textContent = this.isAll ? "Show fewer" : `${offered} layers · show all`;
  }

  group(category, rows) {
    const group = element("div", "group", this.list);
    const title = category[0].toUpperCase() + category.slice(1);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", title);
    element("h4", "", group, title).setAttribute("aria-hidden", "true");
    for (const [layer, row] of rows) {
      const entry = button(group, { className: "entry", hint: row.summary, label: `Add ${layer}` }, (event) => this.click(event, layer));
      Object.assign(entry.dataset, { layer, colour: row.colour });
      element("span", "swatch", entry);
      element("span", "name", entry, layer);
    }
  }

  key(event) {
    event.stopPropagation();
    if (event.key === "Enter") {
      const first = this.list.querySelector(".entry");
      if (first) add(this.editor, first.dataset.layer, whereBehind(this.editor, first.dataset.layer));
    } else if (event.key === "ArrowDown") this.list.querySelector(".entry")?.focus();
    else if (event.key === "Escape") {
      this.field.value = "";
      this.draw();
      this.editor.selection.focus();
    } else return;
    event.preventDefault();
  }

  click(event, layer) {
    if (this.hasDragged) return;
    this.add(layer, whereBehind(this.editor, layer), { isByMouse: event.detail > 0 });
  }

  /** By mouse the new layer gets the focus, so that its keys work; by keyboard the next one is chosen from the list. */
  add(layer, where, { isByMouse }) {
    if (add(this.editor, layer, where) && isByMouse) this.editor.selection.focus();
  }

  press(event) {
    const entry = event.target.closest(".entry");
    this.hasDragged = false;
    if (!entry || event.button || event.pointerType === "touch") return;
    this.held = { layer: entry.dataset.layer, entry, x: event.clientX, y: event.clientY };
    const move = (moved) => this.move(moved);
    const up = (raised) => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      this.drop(raised);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
  }

  move(event) {
    const { held, editor } = this;
    if (!this.ghost && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
    this.hasDragged = true;
    this.ghost ??= this.makeGhost(held);
    this.ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
    const { link } = editor.gestures.under(event);
    const isFitting = editor.catalog[held.layer].arity !== "none";
    editor.selection.light(null, isFitting ? link?.key : null);
    event.preventDefault();
  }

  whereDropped(link, at) {
    if (link) return { link, at };
    return this.editor.scene.items.size ? { at } : {};
  }

  makeGhost({ layer, entry }) {
    const ghost = element("div", "ghost", this.editor.box, layer);
    ghost.dataset.colour = entry.dataset.colour;
    return ghost;
  }

  drop(event) {
    const { editor, held } = this;
    if (!this.ghost) return;
    this.ghost.remove();
    this.ghost = null;
    editor.selection.light(null);
    const under = editor.gestures.under(event);
    const isOnSurface = editor.surface.contains(editor.root.elementFromPoint(event.clientX, event.clientY));
    const at = editor.viewport.point(event);
    if (!isOnSurface) editor.speaker.toast("Drop the layer on the canvas, or on a link to insert it there.");
    else this.add(held.layer, this.whereDropped(under.link, at), { isByMouse: true });
  }
}
