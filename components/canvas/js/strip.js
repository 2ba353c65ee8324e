// The line below the canvas: what the model costs, and how many problems there are.

import { run } from "./actions.js";
import { button, element, setText } from "./dom.js";
import { several } from "./words.js";

export class Strip {
  constructor(editor) {
    this.editor = editor;
    this.box = element("footer", "strip", editor.box);
    this.totals = element("dl", "", this.box);
    this.cells = new Map();
    this.problems = button(this.box, { text: " ", className: "problems", hint: "Go to the next layer with a problem (P)" }, () => run(editor, "problem"));
    this.problems.hidden = true;
  }

  show(totals, problems) {
    const labels = new Set(totals.map(({ label }) => label));
    for (const [label, { root }] of this.cells) {
      if (!labels.has(label)) {
        root.remove();
        this.cells.delete(label);
      }
    }
    for (const total of totals) this.cell(total);
    this.problems.hidden = !problems;
    if (problems) setText(this.problems.firstChild, several(problems, "problem"));
  }

  cell({ label, value, help }) {
    if (!this.cells.has(label)) {
      const root = element("div", "", this.totals);
      element("dt", "", root, label);
      this.cells.set(label, { root, value: element("dd", "", root) });
    }
    const { root, value: shown } = this.cells.get(label);
    this.totals.append(root); // one that was not there before stands at its place among the others
    root.title = help;
    setText(shown, value);
  }
}
