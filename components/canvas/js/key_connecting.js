// A link by keys: C starts it, arrows or Tab choose where it goes, Enter makes it.

import { inReadingOrder, sourceOf, targetsOf } from "./connecting.js";
import { portX } from "./paths.js";

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export class KeyConnecting {
  constructor(editor) {
    this.editor = editor;
    this.isOn = false;
  }

  start() {
    const { editor } = this;
    this.item = editor.selection.current;
    this.source = sourceOf(editor.scene, this.item);
    this.targets = inReadingOrder(editor.scene, targetsOf(editor.scene, editor.catalog, this.source));
    if (!this.targets.length) return editor.speaker.toast(`No layer can take a link from ${this.item.title}.`);
    this.isOn = true;
    const below = this.targets.findIndex(({ y }) => y > this.item.y);
    return this.go(Math.max(0, below));
  }

  key(event) {
    const step = event.key === "Tab" ? (event.shiftKey ? -1 : 1) : STEPS[event.key];
    if (step) this.go((this.at + step + this.targets.length) % this.targets.length);
    else if (event.key === "Enter") this.finish();
    else if (event.key === "Escape" || event.key === "c") this.stop("No link made.");
    return true;
  }

  go(at) {
    const { editor, item } = this;
    this.at = at;
    const target = this.targets[at];
    editor.selection.active = target.id;
    editor.selection.light(new Set(this.targets.map(({ id }) => id)));
    const start = { x: item.x + portX(item.width, 0, item.slots), y: item.y + item.height };
    editor.gestures.draft(start, { x: target.x + target.width / 2, y: target.y });
    editor.selection.focus();
    editor.speaker.say(`Connect ${item.title} to ${target.title}? Enter connects, arrows choose another.`);
  }

  finish() {
    const target = this.targets[this.at];
    const { source, editor } = this;
    this.stop();
    editor.do({ op: "connect", source, node: target.id }, { say: `${source} feeds ${target.id}.`, choose: [target.id] });
    editor.selection.focus();
  }

  stop(say = "") {
    this.isOn = false;
    this.editor.gestures.draft(null);
    this.editor.selection.light(null);
    if (!say) return;
    this.editor.selection.active = this.item.id;
    this.editor.selection.focus();
    this.editor.speaker.say(say);
  }
}
