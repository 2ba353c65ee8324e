// Which layers are selected, which one has the focus, and what the page has been told of it.

const SOON = 90; // milliseconds

export class Selection {
  constructor(editor) {
    Object.assign(this, { editor, chosen: new Set(), link: null, active: null, fitting: null, target: null });
    this.told = []; // what was said to the page and has not come back
    this.heard = "[]";
    this.renamed = new Map();
  }

  destroy() {
    clearTimeout(this.timer);
  }

  get ids() {
    return [...this.chosen];
  }

  /** The items that are selected as a whole, in the order in which they were. */
  get items() {
    const { scene } = this.editor;
    const owners = new Set(this.ids.map((id) => scene.owner.get(id)).filter(Boolean));
    return [...owners].map((id) => scene.items.get(id)).filter((item) => item?.members.every((id) => this.chosen.has(id)));
  }

  /** The one item that keys are about: the focused one, else the last selected. */
  get current() {
    return this.editor.item(this.active) ?? this.items.at(-1) ?? null;
  }

  get marks() {
    const { chosen, link, active, fitting, target } = this;
    return { chosen, link, active, fitting, target };
  }

  /** Select layers by their ids; the last of them gets the focus if the canvas has it. */
  set(ids, { active = ids.at(-1) } = {}) {
    this.chosen = new Set(ids);
    this.link = null;
    if (active) this.active = this.editor.scene.owner.get(active) ?? active;
  }

  choose(ids, options = {}) {
    this.set(ids, options);
    this.changed();
  }

  chooseItem(item, { toggle = false } = {}) {
    if (!toggle) return this.choose(item.members, { active: item.id });
    const isChosen = item.members.every((id) => this.chosen.has(id));
    const ids = isChosen ? this.ids.filter((id) => !item.members.includes(id)) : [...this.ids, ...item.members];
    this.choose([...new Set(ids)], { active: item.id });
  }

  chooseLink(key) {
    this.chosen = new Set();
    this.link = key;
    this.changed();
  }

  light(fitting, target = null) {
    Object.assign(this, { fitting, target });
    this.editor.board.mark(this.marks);
    this.editor.surface.classList.toggle("connecting", Boolean(fitting));
  }

  changed() {
    this.editor.board.mark(this.marks);
    this.editor.toolbar.refresh();
    this.editor.code.mark();
    this.editor.minimap.draw();
    this.tell();
  }

  /** Selected layers that are gone are not selected any more; another one takes their focus. */
  follow() {
    const { scene, model } = this.editor;
    const there = new Set(model.nodes.map(({ id }) => id));
    this.chosen = new Set(this.ids.filter((id) => there.has(id)));
    if (this.link && !this.editor.link(this.link)) this.link = null;
    this.active = scene.owner.get(this.active) ?? (scene.items.has(this.active) ? this.active : null);
    this.active ??= scene.owner.get(this.ids.at(-1)) ?? scene.items.keys().next().value ?? null;
  }

  /** Give the focus to the active item's element, or to the surface where there is none. */
  focus() {
    const item = this.editor.item(this.active);
    if (item) {
      this.editor.viewport.reveal(item);
      this.editor.board.mark(this.marks);
    }
    const view = item && this.editor.board.element(item);
    (view ?? this.editor.surface).focus({ preventScroll: true });
  }

  reveal() {
    const item = this.editor.item(this.active);
    if (item) this.editor.viewport.reveal(item);
  }

  /** Tell the page at once; what is sent together with an operation arrives with it. */
  tell() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const nodes = this.ids;
      const text = JSON.stringify(nodes);
      if (text === (this.told.at(-1) ?? this.heard)) return;
      this.told.push(text);
      this.editor.component?.setStateValue("selected", { nodes, block: this.block });
    }, SOON);
  }

  get block() {
    const [item, ...more] = this.items;
    return item?.block && !more.length ? item.id : null;
  }

  /** What the page has selected: an echo of what was told, or its own choice. */
  hear(nodes, isOther) {
    const text = JSON.stringify(nodes ?? []);
    const echo = this.told.lastIndexOf(text);
    if (isOther) this.told = [];
    if (echo >= 0) this.told.splice(0, echo + 1);
    const isNews = text !== this.heard && echo < 0 && !(this.told.length && isPart(nodes, this.told.at(-1)));
    this.heard = text;
    if (!isNews) return;
    this.told = [];
    this.set(nodes, { active: nodes.at(-1) ?? this.active });
    queueMicrotask(() => this.reveal());
  }
}

/** The page leaves out layers that it does not know yet, or no longer. */
function isPart(nodes, told) {
  const list = JSON.parse(told);
  return nodes.every((id) => list.includes(id));
}
