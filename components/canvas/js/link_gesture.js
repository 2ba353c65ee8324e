// A link is drawn from a port; layers that can take it light up, and a layer that it is dropped on does.

import { sourceOf, sourcesOf, targetsOf } from "./connecting.js";

export class LinkGesture {
  constructor(editor, item, port, event) {
    const slot = Number(port.dataset.slot);
    const isUpward = port.dataset.side === "in";
    Object.assign(this, { editor, item, slot, isUpward, isFree: port.classList.contains("free") });
    if (isUpward && !item.node) return;
    const { scene, catalog } = editor;
    this.source = isUpward ? null : sourceOf(scene, item, slot);
    this.fitting = isUpward ? sourcesOf(scene, item.id) : targetsOf(scene, catalog, this.source);
    this.end = this.end.bind(this);
    this.start = this.portPoint(port, event);
  }

  portPoint(port) {
    const { left, top, width, height } = port.getBoundingClientRect();
    return this.editor.viewport.point({ clientX: left + width / 2, clientY: top + height / 2 });
  }

  click() {
    if (!this.isUpward || !this.item.node) return this.editor.selection.chooseItem(this.item);
    const link = this.editor.scene.links.find(({ node, slot }) => node === this.item.id && slot === this.slot);
    return link ? this.editor.gestures.chooseLink(link) : this.editor.selection.chooseItem(this.item);
  }

  move(event) {
    if (!this.fitting) return;
    const { editor } = this;
    const { item } = editor.gestures.under(event);
    const target = item && this.fitting.has(item.id) ? item.id : null;
    editor.selection.light(this.fitting);
    editor.surface.classList.toggle("upward", this.isUpward);
    editor.gestures.draft(this.start, editor.viewport.point(event), this.isUpward);
    this.over?.classList.remove("over");
    this.over = target ? editor.board.element(item) : null;
    this.over?.classList.add("over");
  }

  end(event) {
    const { editor } = this;
    this.cancel();
    if (!this.fitting) return editor.speaker.toast("Open the block first, then connect one of its layers.");
    const { item, port } = editor.gestures.under(event);
    if (item) return this.connect(item, port);
    if (this.isUpward) return null;
    const at = editor.viewport.point(event);
    return editor.quickAdd.open({ where: { from: this.source, at }, at });
  }

  connect(other, port) {
    const { editor, item, isUpward } = this;
    if (other === item) return null;
    const target = isUpward ? item : other;
    if (!target.node) return editor.speaker.toast("Open the block first, then connect one of its layers.");
    const output = isUpward && port?.dataset.side === "out" ? Number(port.dataset.slot) : 0;
    const source = isUpward ? sourceOf(editor.scene, other, output) : this.source;
    const place = isUpward ? { slot: this.slot, isFree: this.isFree } : portPlace(port);
    const slot = slotOf(target, place, editor.catalog);
    const op = { op: "connect", source, node: target.id, ...(slot == null ? {} : { slot }) };
    return editor.do(op, { say: `${source} feeds ${target.id}.`, choose: [target.id] });
  }

  cancel() {
    const { editor } = this;
    editor.gestures.draft(null);
    editor.selection.light(null);
    editor.surface.classList.remove("upward");
    this.over?.classList.remove("over");
  }
}

function portPlace(port) {
  if (port?.dataset.side !== "in") return null;
  return { slot: Number(port.dataset.slot), isFree: port.classList.contains("free") };
}

/** Which input is meant: the one of the port, or the next free one. */
function slotOf({ node }, place, catalog) {
  if (!place || place.isFree || catalog[node.layer]?.arity === "one") return null;
  return Math.min(place.slot, node.inputs.length);
}
