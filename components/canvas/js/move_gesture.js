// Layers are dragged: only their transforms change until they are let go.

import { moved } from "./actions.js";

export class MoveGesture {
  /** `item` is what was pressed; if it is selected, all that is selected moves with it. */
  constructor(editor, item, event, toggle) {
    Object.assign(this, { editor, item, toggle, start: editor.viewport.point(event) });
    this.wasChosen = item.members.every((id) => editor.selection.chosen.has(id));
    if (!this.wasChosen && !toggle) this.take();
  }

  take() {
    this.editor.selection.chooseItem(this.item);
    this.focus();
  }

  focus() {
    const { selection, board } = this.editor;
    selection.active = this.editor.item(this.item.id).id;
    board.mark(selection.marks);
    board.element(this.editor.item(selection.active)).focus({ preventScroll: true });
  }

  click() {
    const { selection } = this.editor;
    if (this.toggle) selection.chooseItem(this.item, { toggle: true });
    else if (this.wasChosen) selection.chooseItem(this.item);
    this.focus();
  }

  move(event) {
    const { editor } = this;
    if (!this.places) this.lift();
    const now = editor.viewport.point(event);
    const [right, down] = [now.x - this.start.x, now.y - this.start.y];
    this.shift = [right, down];
    const places = new Map();
    for (const [id, { x, y }] of this.places) places.set(id, { x: x + right, y: y + down });
    editor.board.drag(places);
  }

  lift() {
    const { editor } = this;
    if (!this.wasChosen && this.toggle) editor.selection.chooseItem(this.item, { toggle: true });
    const { selection } = editor;
    const items = new Set(selection.ids.map((id) => editor.item(id)).filter(Boolean));
    this.places = new Map([...items].map(({ id, x, y }) => [id, { x, y }]));
    this.ids = [...items].flatMap(({ members }) => members);
    editor.surface.classList.add("dragging");
    editor.board.isHeld = true;
  }

  end() {
    this.drop();
    const positions = moved(this.editor, this.ids, ...this.shift);
    if (!positions || !this.editor.do({ op: "place", positions })) this.cancel();
  }

  drop() {
    this.editor.surface.classList.remove("dragging");
    this.editor.board.isHeld = false;
  }

  cancel() {
    this.drop();
    if (this.places) this.editor.board.settle(this.editor.viewport);
  }
}
