// The frame around the layers of an open block, with its name and how often it stands in a row.

import { button, element, setText } from "./dom.js";

export class FrameView {
  constructor(parent) {
    this.root = element("div", "frame", parent);
    const title = element("div", "title", this.root);
    this.name = element("span", "name", title);
    this.repeat = element("span", "repeat", title);
    this.shut = button(title, { picture: "shut", hint: "Close this block (O)" }, () => {});
    this.shut.tabIndex = -1; // O does the same
  }

  update(box, block) {
    this.block = block;
    this.root.dataset.block = block.id;
    this.shut.dataset.close = block.id;
    setText(this.name, block.id);
    setText(this.repeat, block.repeat > 1 ? `×${block.repeat}` : "");
    this.root.style.transform = `translate(${box.x}px, ${box.y}px)`;
    this.root.style.width = `${box.width}px`;
    this.root.style.height = `${box.height}px`;
  }

  mark(isChosen) {
    this.root.classList.toggle("chosen", isChosen);
  }
}
