// One link: a line, a broad line to point at, and the shape that flows.

import { drawn, setAttribute, setText } from "./dom.js";
import { labelSpot, path } from "./paths.js";

export class LinkView {
  constructor(parent, link) {
    this.root = drawn("g", { class: "link" }, parent);
    this.hit = drawn("path", { class: "hit" }, this.root);
    this.hit.dataset.link = link.key;
    this.line = drawn("path", { class: "line" }, this.root);
    this.label = drawn("text", { class: "flow" }, this.root);
  }

  update(link, points) {
    this.link = link;
    const d = path(points);
    if (d !== this.d) {
      this.d = d;
      this.line.setAttribute("d", d);
      this.hit.setAttribute("d", d);
      const { x, y, anchor } = labelSpot(points);
      this.label.setAttribute("x", x);
      this.label.setAttribute("y", y);
      setAttribute(this.label, "text-anchor", anchor);
    }
    setText(this.label, link.shape ?? "");
    this.root.classList.toggle("bad", link.isBad);
  }

  mark(isChosen, isTarget) {
    this.root.classList.toggle("chosen", isChosen);
    this.root.classList.toggle("target", isTarget);
  }
}
