// Gestures that change nothing: pan, pinch, and the frame that selects.

import { element } from "./dom.js";

export class Pan {
  constructor(editor, event, clears = false) {
    Object.assign(this, { editor, clears, x: event.clientX, y: event.clientY });
    editor.surface.classList.add("panning");
  }

  move({ clientX, clientY }) {
    this.editor.keys.hasPanned = true;
    this.editor.viewport.pan(clientX - this.x, clientY - this.y);
    Object.assign(this, { x: clientX, y: clientY });
  }

  click() {
    this.cancel();
    if (this.clears) this.editor.selection.choose([], { active: null });
  }

  end() {
    this.cancel();
  }

  cancel() {
    this.editor.surface.classList.remove("panning");
  }
}

/** Two fingers: their middle pans, their distance zooms. */
export class Pinch {
  constructor(editor, pointers) {
    this.editor = editor;
    this.before = spread(pointers);
  }

  move(_, pointers) {
    if (pointers.length < 2) return;
    const now = spread(pointers);
    const { left, top } = this.editor.surface.getBoundingClientRect();
    this.editor.viewport.pan(now.x - this.before.x, now.y - this.before.y);
    this.editor.viewport.zoom(now.distance / this.before.distance, { x: now.x - left, y: now.y - top });
    this.before = now;
  }
}

function spread([one, other]) {
  return {
    x: (one.clientX + other.clientX) / 2,
    y: (one.clientY + other.clientY) / 2,
    distance: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
  };
}

/** A frame drawn on empty ground; a mere click there selects nothing. */
export class Marquee {
  constructor(editor, event, keeps) {
    Object.assign(this, { editor, start: editor.viewport.point(event) });
    this.kept = keeps ? editor.selection.ids : [];
  }

  move(event) {
    const { editor, start } = this;
    this.box ??= element("div", "marquee", editor.plane);
    const end = editor.viewport.point(event);
    const [x, y] = [Math.min(start.x, end.x), Math.min(start.y, end.y)];
    const [width, height] = [Math.abs(start.x - end.x), Math.abs(start.y - end.y)];
    Object.assign(this.box.style, {
      transform: `translate(${x}px, ${y}px)`,
      width: `${width}px`,
      height: `${height}px`,
    });
    const touched = [...editor.scene.items.values()].filter(
      (item) => item.x < x + width && x < item.x + item.width && item.y < y + height && y < item.y + item.height,
    );
    this.ids = [...new Set([...this.kept, ...touched.flatMap(({ members }) => members)])];
    editor.board.mark({ ...editor.selection.marks, chosen: new Set(this.ids) });
  }

  click() {
    if (!this.kept.length) this.editor.selection.choose([], { active: null });
    this.editor.surface.focus({ preventScroll: true });
  }

  end() {
    this.box.remove();
    this.editor.selection.choose(this.ids);
    this.editor.selection.focus();
  }

  cancel() {
    this.box?.remove();
    this.editor.board.mark(this.editor.selection.marks);
  }
}
