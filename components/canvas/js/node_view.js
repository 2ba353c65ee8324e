// One item on the canvas: a layer, or a closed block.

import { element, icon, setAttribute, setText } from "./dom.js";
import { portX } from "./paths.js";
import { count, several, spoken } from "./words.js";

export class NodeView {
  constructor(parent, item) {
    this.root = element("div", "node", parent);
    this.root.tabIndex = -1;
    this.root.dataset.id = item.id;
    this.root.setAttribute("role", "button");
    this.root.setAttribute("aria-roledescription", item.block ? "block" : "layer");
    const head = element("div", "head", this.root);
    this.name = element("span", "name", head);
    this.kind = element("span", "kind", head);
    this.brief = element("div", "brief", this.root);
    const foot = element("div", "foot", this.root);
    this.shape = element("span", "shape", foot);
    this.flag = element("span", "flag", foot);
    this.cost = element("span", "cost", foot);
    this.ports = element("div", "ports", this.root);
    if (item.block) this.opener = this.makeOpener(head, item);
    this.shown = "";
  }

  makeOpener(head, item) {
    const opener = element("span", "opener", head);
    opener.dataset.open = item.id;
    icon("open", opener);
    return opener;
  }

  /** Draw what has changed. */
  update(item) {
    this.item = item;
    const { members, node, x, y, links, model, ...visible } = item;
    const text = JSON.stringify([visible, node?.inputs.length]);
    if (text === this.shown) return;
    this.shown = text;
    this.root.dataset.colour = item.colour;
    this.root.classList.toggle("bad", item.problems.length > 0);
    this.root.classList.toggle("block", Boolean(item.block));
    this.root.classList.toggle("repeated", (item.block?.repeat ?? 1) > 1);
    this.root.style.height = `${item.height}px`;
    setText(this.name, item.title);
    setText(this.kind, item.problems.length ? several(item.problems.length, "problem") : item.kind);
    setText(this.brief, item.brief);
    setText(this.shape, `→ ${item.shape ?? (item.isAwaited ? "…" : "?")}`);
    setText(this.flag, item.isShared ? "shared" : item.isOutput ? "output" : "");
    setText(this.cost, item.parameters ? count(item.parameters) : "");
    this.cost.title = item.parameters ? several(item.parameters, "parameter") : "";
    setAttribute(this.root, "aria-label", spoken(item));
    this.drawPorts(item);
  }

  drawPorts(item) {
    this.ports.replaceChildren();
    const total = item.inputs.length;
    item.inputs.forEach((name, slot) => this.port("in", slot, total, name));
    if (item.hasFreePort) this.port("in", total, total, "one more input", true);
    for (let slot = 0; slot < item.slots; slot += 1) this.port("out", slot, item.slots);
  }

  port(side, slot, total, name = "", isFree = false) {
    const port = element("span", `port ${side}`, this.ports);
    port.classList.toggle("free", isFree);
    port.dataset.side = side;
    port.dataset.slot = slot;
    port.style.left = `${portX(this.item.width, slot, total)}px`;
    if (name) port.title = name;
  }

  place(x, y) {
    if (this.x === x && this.y === y) return;
    Object.assign(this, { x, y });
    this.root.style.transform = `translate(${x}px, ${y}px)`;
  }

  mark({ isChosen, isActive, isFitting }) {
    setAttribute(this.root, "aria-pressed", String(isChosen));
    this.root.classList.toggle("chosen", isChosen);
    this.root.classList.toggle("fits", isFitting);
    const order = isActive ? 0 : -1;
    if (this.root.tabIndex !== order) this.root.tabIndex = order;
  }
}
