// The system's clipboard: the browser's own events, which need no permission, and the menu's way, which may.

import { portions } from "./adding.js";
import { remove, subjects } from "./actions.js";
import { copied, pasting } from "./clipboard.js";
import { Refused } from "./document.js";
import { several } from "./words.js";

export class Clipboard {
  constructor(editor) {
    this.editor = editor;
    this.own = ""; // where the browser keeps its clipboard to itself
    const { surface } = editor;
    surface.addEventListener("copy", (event) => this.onCopy(event));
    surface.addEventListener("cut", (event) => this.onCopy(event) && remove(editor));
    surface.addEventListener("paste", (event) => this.onPaste(event));
  }

  onCopy(event) {
    if (event.target.closest("input")) return false;
    const text = this.text();
    if (!text) return false;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    return true;
  }

  onPaste(event) {
    if (event.target.closest("input")) return;
    event.preventDefault();
    this.put(event.clipboardData.getData("text/plain"));
  }

  text() {
    const ids = subjects(this.editor);
    if (!ids.length) return "";
    this.own = copied(this.editor.model, ids);
    this.editor.speaker.say(`${several(ids.length, "layer")} copied.`);
    return this.own;
  }

  copy() {
    const text = this.text();
    navigator.clipboard?.writeText(text).catch(() => {});
    return Boolean(text);
  }

  async paste() {
    const text = await navigator.clipboard?.readText().catch(() => this.own);
    this.put(text ?? this.own);
  }

  duplicate(ids) {
    this.put(copied(this.editor.model, ids));
  }

  put(text) {
    const { editor } = this;
    try {
      const { edits, ids } = pasting(editor, text);
      for (const op of portions(edits)) editor.do(op, { say: `${several(ids.length, "layer")} pasted.`, choose: ids });
      editor.selection.focus();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      editor.speaker.toast(error.message);
    }
  }
}
