// The model as Keras code beside the canvas: the selected layer's lines are marked, a line selects its layer.

import { button, element } from "./dom.js";

const PARTS = /(#.*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(import|from|as|def|return|for|in|None|True|False)\b|\b(\d[\d_.e-]*)\b/g;
const CLASSES = ["comment", "string", "keyword", "number"];
const MEMORY = "eagerly.canvas.code";

export class CodePanel {
  constructor(editor) {
    this.editor = editor;
    this.isOpen = sessionStorage.getItem(MEMORY) === "open";
    this.code = { text: "", lines: {} };
    this.box = element("aside", "code", editor.box);
    this.box.setAttribute("aria-label", "The model as Keras code");
    const head = element("div", "head", this.box);
    element("h4", "", head, "Keras code");
    this.copyButton = button(head, { picture: "copy", text: "Copy", hint: "Copy the code" }, () => this.copy());
    button(head, { picture: "close", hint: "Hide the code (K)" }, () => this.toggle());
    this.list = element("pre", "lines", this.box);
    this.list.tabIndex = 0;
    this.list.setAttribute("role", "region");
    this.list.setAttribute("aria-label", "Code");
    this.list.addEventListener("click", (event) => this.click(event));
    this.box.hidden = !this.isOpen;
  }

  toggle() {
    this.isOpen = !this.isOpen;
    sessionStorage.setItem(MEMORY, this.isOpen ? "open" : "shut");
    this.box.hidden = !this.isOpen;
    this.draw();
    this.editor.toolbar.refresh();
    if (!this.isOpen) this.editor.selection.focus();
  }

  show(code) {
    const isSame = code.text === this.code.text;
    this.code = code;
    if (!isSame || !this.list.childElementCount) this.draw();
    else this.mark();
  }

  draw() {
    if (!this.isOpen) return;
    const place = this.list.scrollTop;
    this.list.replaceChildren();
    const text = this.code.text || "# The code of this model comes here.";
    text.replace(/\n$/, "").split("\n").forEach((line) => this.line(line));
    this.list.scrollTop = place;
    this.mark();
  }

  line(text) {
    const line = element("div", "line", this.list);
    let at = 0;
    for (const found of text.matchAll(PARTS)) {
      line.append(text.slice(at, found.index));
      const kind = CLASSES[found.slice(1).findIndex((part) => part !== undefined)];
      element("span", kind, line, found[0]);
      at = found.index + found[0].length;
    }
    line.append(text.slice(at) || (at ? "" : " "));
  }

  mark() {
    if (!this.isOpen) return;
    const lines = [...this.list.children];
    const marked = new Set();
    for (const id of this.editor.selection.chosen) {
      const [first, last] = this.code.lines[id] ?? [1, 0];
      for (let at = first; at <= last; at += 1) marked.add(at - 1);
    }
    lines.forEach((line, at) => line.classList.toggle("marked", marked.has(at)));
    const first = Math.min(...marked);
    if (Number.isFinite(first)) this.reveal(lines[first]);
  }

  /** Scrolls the list only, never the page. */
  reveal(line) {
    const { offsetTop: top } = line;
    const { scrollTop, clientHeight } = this.list;
    const start = top - this.list.offsetTop;
    if (start < scrollTop || start > scrollTop + clientHeight - 30) this.list.scrollTop = start - clientHeight / 3;
  }

  click({ target }) {
    const number = [...this.list.children].indexOf(target.closest(".line")) + 1;
    const found = Object.entries(this.code.lines).find(([, [first, last]]) => first <= number && number <= last);
    if (!found || !this.editor.item(found[0])) return;
    this.editor.selection.choose([found[0]]);
    this.editor.selection.reveal();
  }

  async copy() {
    const { text } = this.code;
    try {
      await navigator.clipboard.writeText(text);
      this.editor.speaker.toast("The code is on the clipboard.");
    } catch {
      this.editor.speaker.toast("The browser did not let the code be copied. Select it and press Ctrl C.");
      getSelection().selectAllChildren(this.list);
    }
  }
}
