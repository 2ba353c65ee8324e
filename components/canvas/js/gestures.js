// Pointers: one gesture at a time, from the press to the release; two fingers pan and zoom.

import { toggleBlock } from "./actions.js";
import { LinkGesture } from "./link_gesture.js";
import { MoveGesture } from "./move_gesture.js";
import { element } from "./dom.js";
import { Marquee, Pan, Pinch } from "./view_gestures.js";

const FAR = 4; // pixels that a press may stray and still be a click
const ID = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

export class Gestures {
  constructor(editor) {
    this.editor = editor;
    this.pointers = new Map();
    this.current = null;
    const { surface } = editor;
    this.listen(surface, "pointerdown", (event) => this.down(event));
    this.listen(surface, "pointermove", (event) => this.move(event));
    this.listen(surface, "pointerup", (event) => this.up(event));
    this.listen(surface, "pointercancel", (event) => this.lost(event));
    this.listen(surface, "dblclick", (event) => this.twice(event));
    this.listen(surface, "contextmenu", (event) => this.menu(event));
    surface.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  listen(target, name, act) {
    target.addEventListener(name, act);
  }

  destroy() {
    this.current?.cancel?.();
  }

  /** What is under a point of the window. */
  under({ clientX, clientY }) {
    const found = this.editor.root.elementFromPoint(clientX, clientY);
    const node = found?.closest?.(".node");
    return {
      port: found?.closest?.(".port"),
      item: node ? this.editor.scene.items.get(node.dataset.id) : null,
      link: this.editor.link(found?.dataset?.link),
      frame: found?.closest?.(".frame"),
      open: found?.closest?.("[data-open]")?.dataset.open,
      close: found?.closest?.("[data-close]")?.dataset.close,
    };
  }

  down(event) {
    const { editor } = this;
    if (event.target.closest("input")) return;
    editor.menu.close();
    editor.speaker.hide();
    this.pointers.set(event.pointerId, event);
    editor.surface.setPointerCapture(event.pointerId);
    if (this.pointers.size === 2) {
      this.current?.cancel?.();
      this.current = new Pinch(editor, [...this.pointers.values()]);
      return;
    }
    if (event.button === 2 || this.pointers.size > 2) return;
    this.start = event;
    this.isFar = false;
    this.current = this.begin(event);
    if (event.button === 1) event.preventDefault();
  }

  begin(event) {
    const { editor } = this;
    if (event.button === 1 || editor.keys.isSpace) return new Pan(editor, event);
    const found = this.under(event);
    const toggle = event.shiftKey || event.ctrlKey || event.metaKey;
    if (found.open || found.close) return { click: () => toggleBlock(editor, found.open ?? found.close) };
    if (found.port) return new LinkGesture(editor, found.item, found.port, event);
    if (found.item) return new MoveGesture(editor, found.item, event, toggle);
    if (found.link) return { click: () => this.chooseLink(found.link) };
    if (found.frame) return this.onFrame(found.frame.dataset.block, event);
    return event.pointerType === "touch" ? new Pan(editor, event, true) : new Marquee(editor, event, toggle);
  }

  chooseLink({ key }) {
    this.editor.selection.chooseLink(key);
    this.editor.surface.focus({ preventScroll: true });
  }

  onFrame(id, event) {
    const { editor } = this;
    const block = editor.model.blocks.find((one) => one.id === id);
    const item = editor.item(block.nodes[0]);
    const all = { ...item, members: block.nodes };
    return new MoveGesture(editor, all, event, event.shiftKey);
  }

  move(event) {
    if (!this.pointers.has(event.pointerId)) return;
    this.pointers.set(event.pointerId, event);
    if (!this.current) return;
    if (!this.isFar && Math.hypot(event.clientX - this.start.clientX, event.clientY - this.start.clientY) < FAR) return;
    this.isFar = true;
    this.last = event;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.current?.move?.(this.last, [...this.pointers.values()]);
    });
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { current } = this;
    if (!current || (current instanceof Pinch && this.pointers.size)) return;
    this.current = null;
    if (this.isFar) {
      current.move?.(event, []);
      current.end?.(event);
    } else current.click?.(event);
  }

  lost(event) {
    this.pointers.delete(event.pointerId);
    this.cancel();
  }

  /** Leave everything as it was before the press. */
  cancel() {
    if (!this.current) return false;
    this.current.cancel?.();
    this.current = null;
    return true;
  }

  twice(event) {
    const { editor } = this;
    const { item, link, frame, port } = this.under(event);
    const at = editor.viewport.point(event);
    if (port) return;
    if (item?.block) toggleBlock(editor, item.id);
    else if (item) this.rename();
    else if (link) editor.quickAdd.open({ where: { link }, at });
    else if (!frame) editor.quickAdd.open({ where: editor.scene.items.size ? { at } : {}, at });
  }

  menu(event) {
    event.preventDefault();
    const { item, link } = this.under(event);
    const { selection } = this.editor;
    if (item && !item.members.every((id) => selection.chosen.has(id))) selection.chooseItem(item);
    else if (link) selection.chooseLink(link.key);
    this.editor.menu.open(event);
  }

  wheel(event) {
    event.preventDefault();
    const { viewport, surface } = this.editor;
    if (!event.ctrlKey && !event.metaKey) {
      const lines = event.deltaMode === 1 ? 20 : 1;
      const [right, down] = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      viewport.pan(-right * lines, -down * lines);
      return;
    }
    const { left, top } = surface.getBoundingClientRect();
    const speed = Math.abs(event.deltaY) < 20 ? 0.012 : 0.0022;
    viewport.zoom(Math.exp(-event.deltaY * speed), { x: event.clientX - left, y: event.clientY - top });
  }

  /** A line from a link that is being made to the pointer; null takes it away. */
  draft(from, to, isUpward = false) {
    const line = this.editor.board.draft;
    if (!from) return line.removeAttribute("d");
    const [start, end] = isUpward ? [to, from] : [from, to];
    const bend = Math.max(30, Math.abs(end.y - start.y) / 2);
    return line.setAttribute("d", `M${start.x},${start.y}C${start.x},${start.y + bend} ${end.x},${end.y - bend} ${end.x},${end.y}`);
  }

  /** A field over the name of the current layer or block. */
  rename() {
    const { editor } = this;
    const item = editor.selection.current;
    if (!item) return;
    const view = editor.board.element(item);
    const field = element("input", "renaming", view);
    field.value = item.title;
    field.maxLength = 64;
    field.setAttribute("aria-label", `New name of ${item.title}`);
    const leave = (isKept) => {
      field.onblur = null;
      field.remove();
      if (isKept) this.renamed(item, field.value.trim());
      editor.selection.focus();
    };
    field.onblur = () => leave(true);
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") leave(true);
      if (event.key === "Escape") leave(false);
    };
    field.focus();
    field.select();
  }

  renamed(item, to) {
    const { editor } = this;
    if (!to || to === item.title) return;
    const say = `${item.title} is now called ${to}.`;
    if (!ID.test(to)) {
      editor.speaker.toast(`"${to}" cannot be a name: letters, digits and underscores only, a letter first, at most 64.`);
    } else if (item.block) {
      editor.do({ op: "set_block", block: item.id, to }, { say, choose: item.members });
    } else {
      editor.answers = { ...editor.answers, [to]: editor.answers[item.id] };
      const choose = editor.selection.ids.map((id) => (id === item.id ? to : id));
      editor.do({ op: "rename", node: item.id, to }, { say, choose: choose.length ? choose : [to] });
    }
  }
}

