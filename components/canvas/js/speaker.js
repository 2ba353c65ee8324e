// Sentences: those that everybody sees for a moment, and those for a screen reader only.

import { element } from "./dom.js";

const SHOWN = 6000; // milliseconds

export class Speaker {
  constructor(parent) {
    this.bubble = element("div", "toast", parent);
    this.bubble.setAttribute("role", "status");
    this.quiet = element("div", "spoken", parent);
    this.quiet.setAttribute("aria-live", "polite");
  }

  destroy() {
    clearTimeout(this.timer);
  }

  toast(sentence) {
    clearTimeout(this.timer);
    this.bubble.textContent = sentence;
    this.bubble.classList.add("shown");
    this.timer = setTimeout(() => this.hide(), SHOWN);
  }

  hide() {
    this.bubble.classList.remove("shown");
    this.bubble.textContent = "";
  }

  say(sentence) {
    this.quiet.textContent = this.quiet.textContent === sentence ? `${sentence}\u00a0` : sentence;
  }
}
