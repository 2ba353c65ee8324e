// The sentences of a layer's problems, beside the layer that is pointed at or has the focus.

import { element } from "./dom.js";

export class ProblemTip {
  constructor(editor) {
    this.editor = editor;
    this.box = element("div", "said", editor.stage);
    this.box.hidden = true;
    const { surface } = editor;
    surface.addEventListener("pointerover", ({ target }) => this.about(target.closest?.(".node")));
    surface.addEventListener("pointerleave", () => this.about(null));
    surface.addEventListener("focusin", ({ target }) => this.about(target.closest?.(".node")));
    surface.addEventListener("focusout", () => this.about(null));
    surface.addEventListener("pointerdown", () => this.about(null));
  }

  /** The model has changed. */
  refresh() {
    if (!this.box.hidden) this.about(this.node);
  }

  about(node) {
    this.node = node;
    const item = node && this.editor.scene.items.get(node.dataset.id);
    this.box.hidden = !item?.problems.length;
    if (this.box.hidden) return;
    this.box.replaceChildren();
    for (const sentence of item.problems) element("p", "", this.box, sentence);
    const { viewport } = this.editor;
    this.box.style.left = "0"; // so that it is as wide as it wants to be when it is measured
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const start = viewport.inside(item);
    const end = viewport.inside({ x: item.x + item.width, y: item.y + item.height });
    const isRight = end.x + width + 18 < viewport.width;
    const isLeft = start.x - width > 18;
    const left = isRight ? end.x + 10 : isLeft ? start.x - width - 10 : Math.min(start.x, viewport.width - width - 8);
    const top = isRight || isLeft ? start.y : end.y + 12;
    this.box.style.left = `${Math.max(8, left)}px`;
    this.box.style.top = `${Math.max(8, Math.min(top, viewport.height - height - 8))}px`;
  }
}
