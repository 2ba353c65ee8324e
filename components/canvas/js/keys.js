// The keyboard: what each key does, as the table of actions says, and the walk from layer to layer.

import { ACTIONS, nudge } from "./actions.js";
import { neighbour } from "./connecting.js";

const ARROWS = { arrowdown: ["down", 0, 10], arrowup: ["up", 0, -10], arrowleft: ["left", -10, 0], arrowright: ["right", 10, 0] };
const BY_KEY = new Map(ACTIONS.flatMap((action) => action.keys.map((key) => [key, action])));
export const IS_MAC = /mac|iphone|ipad/i.test(navigator.platform);

/** `mod+shift+z` for a pressed key. */
function nameOf(event) {
  const key = event.key.toLowerCase();
  const isSign = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key);
  const parts = [event.ctrlKey || event.metaKey ? "mod" : "", event.altKey ? "alt" : "", event.shiftKey && !isSign ? "shift" : ""];
  return [...parts.filter(Boolean), key].join("+");
}

/** How a key is written for people: `Ctrl Shift Z`. */
export function written({ keys, shown }) {
  if (shown) return shown;
  const words = { mod: IS_MAC ? "⌘" : "Ctrl", delete: "Del", escape: "Esc" };
  return keys[0].split("+").map((part) => words[part] ?? part[0].toUpperCase() + part.slice(1)).join(" ");
}

export class Keys {
  constructor(editor) {
    this.editor = editor;
    this.isSpace = false;
    this.onDown = (event) => this.down(event);
    this.onUp = (event) => this.up(event);
    editor.surface.addEventListener("keydown", this.onDown);
    window.addEventListener("keyup", this.onUp);
    editor.surface.addEventListener("focusin", (event) => this.focused(event));
  }

  destroy() {
    window.removeEventListener("keyup", this.onUp);
  }

  focused({ target }) {
    const id = target.dataset?.id;
    if (!id || this.editor.selection.active === id) return;
    this.editor.selection.active = id;
    this.editor.board.mark(this.editor.selection.marks);
  }

  down(event) {
    if (event.target.closest("input, dialog")) return;
    if (this.handle(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  handle(event) {
    const { editor } = this;
    if (editor.connecting.isOn) return editor.connecting.key(event);
    const arrow = ARROWS[event.key.toLowerCase()];
    if (arrow) return this.arrow(event, ...arrow);
    if (event.key === " ") return this.space(event);
    if (event.key === "Home" || event.key === "End") return this.edge(event.key);
    if (event.key === "Escape" && editor.gestures.cancel()) return true;
    const action = BY_KEY.get(nameOf(event));
    if (!action || action.isNative) {
      if (!action && !event.ctrlKey && !event.metaKey && event.key.length === 1) event.stopPropagation();
      return false; // copy, cut and paste come as events of their own
    }
    if (!action.can || action.can(editor)) action.act(editor);
    return true;
  }

  /** Held it pans, tapped it selects. */
  space(event) {
    if (!event.repeat) {
      this.isSpace = true;
      this.hasPanned = false;
      this.editor.surface.classList.add("pannable");
    }
    return true;
  }

  up(event) {
    if (event.key !== " " || !this.isSpace) return;
    this.isSpace = false;
    this.editor.surface.classList.remove("pannable");
    const { selection } = this.editor;
    if (!this.hasPanned && selection.current) selection.chooseItem(selection.current, { toggle: true });
  }

  arrow(event, way, right, down) {
    const { editor } = this;
    const { selection } = editor;
    if (event.altKey || event.ctrlKey || event.metaKey) {
      nudge(editor, right, down);
      return true;
    }
    const from = selection.current;
    const next = from ? neighbour(editor.scene, from, way) : editor.scene.items.values().next().value;
    if (!next) return true;
    const kept = event.shiftKey ? selection.ids : [];
    selection.choose([...new Set([...kept, ...next.members])], { active: next.id });
    selection.focus();
    return true;
  }

  edge(key) {
    const items = [...this.editor.scene.items.values()].sort((one, other) => one.y - other.y);
    const item = key === "Home" ? items[0] : items.at(-1);
    if (!item) return true;
    this.editor.selection.chooseItem(item);
    this.editor.selection.focus();
    return true;
  }
}
