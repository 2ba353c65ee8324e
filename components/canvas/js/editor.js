// The editor: what is shown, what is selected, and the one way in which the model is changed.

import { Board } from "./board.js";
import { CodePanel } from "./code_panel.js";
import { Refused } from "./document.js";
import { element } from "./dom.js";
import { ContextMenu } from "./menu.js";
import { Clipboard } from "./clipboard_events.js";
import { Gestures } from "./gestures.js";
import { Help } from "./help.js";
import { Keys } from "./keys.js";
import { KeyConnecting } from "./key_connecting.js";
import { Minimap } from "./minimap.js";
import { Palette } from "./palette.js";
import { ProblemTip } from "./problem_tip.js";
import { QuickAdd } from "./quick_add.js";
import { extent, makeScene } from "./scene.js";
import { Selection } from "./selection.js";
import { Speaker } from "./speaker.js";
import { Strip } from "./strip.js";
import { Sync } from "./sync.js";
import { Toolbar } from "./toolbar.js";
import { Viewport } from "./viewport.js";

const READABLE = 0.72; // the smallest scale of the first view
const PATIENCE = 4000; // milliseconds until what is not acknowledged is sent again

export class Editor {
  constructor(root, catalog) {
    Object.assign(this, { root, catalog, answers: {}, model: { nodes: [], outputs: [], blocks: [] }, data: {} });
    this.scene = makeScene(this.model, {}, catalog);
    this.box = element("section", "canvas", root);
    this.box.setAttribute("aria-label", "Model canvas");
    this.palette = new Palette(this);
    this.stage = element("div", "stage", this.box);
    this.makeSurface();
    this.speaker = new Speaker(this.stage);
    this.toolbar = new Toolbar(this);
    this.minimap = new Minimap(this);
    this.strip = new Strip(this);
    this.code = new CodePanel(this);
    this.quickAdd = new QuickAdd(this);
    this.menu = new ContextMenu(this);
    this.tip = new ProblemTip(this);
    this.help = new Help(this);
    this.connecting = new KeyConnecting(this);
    this.gestures = new Gestures(this);
    this.keys = new Keys(this);
    this.clipboard = new Clipboard(this);
    this.onWindow = () => this.measure();
    window.addEventListener("resize", this.onWindow);
    this.measure();
  }

  makeSurface() {
    this.surface = element("div", "surface", this.stage);
    this.surface.setAttribute("role", "application");
    this.surface.setAttribute("aria-label", "Layers. Arrow keys walk from layer to layer; question mark lists all keys.");
    this.plane = element("div", "plane", this.surface);
    this.empty = element("p", "empty", this.surface);
    this.board = new Board(this.plane);
    this.viewport = new Viewport(this.surface, this.plane, () => this.looked());
    this.surface.addEventListener("resized", ({ detail }) => detail.isFirst && this.firstView());
    this.surface.addEventListener("scroll", () => this.surface.scrollTo(0, 0)); // the browser reveals what gets the focus
    this.selection = new Selection(this);
  }

  destroy() {
    window.removeEventListener("resize", this.onWindow);
    clearTimeout(this.again);
    for (const part of [this.viewport, this.board, this.selection, this.keys, this.gestures, this.speaker]) part.destroy();
    this.box.remove();
  }

  /** As high as the window allows. */
  measure() {
    const top = (this.root.host ?? this.root).getBoundingClientRect().top + document.scrollingElement.scrollTop;
    this.box.style.setProperty("--top", `${Math.round(Math.max(0, Math.min(top, 260)))}px`);
  }

  update(component) {
    const { data } = component;
    const isOther = data.project !== this.data.project;
    Object.assign(this, { component, data });
    this.sync ??= new Sync(crypto.randomUUID?.() ?? `tab${Math.random().toString(36).slice(2)}`, this.catalog);
    this.sync.receive(data);
    if (isOther || data.revision >= this.answered) this.answered = data.revision;
    if (isOther || data.revision === this.answered) this.answers = data.answers;
    this.selection.hear(data.selected, isOther);
    this.refresh();
    this.code.show(data.code);
    this.strip.show(data.totals, data.problems);
    if (isOther) this.firstView();
    this.watch();
  }

  firstView() {
    this.measure();
    this.viewport.fit(extent(this.scene.items.values()), { least: READABLE, top: 40 });
  }

  /** Draw the document with what is pending. */
  refresh() {
    const hadFocus = this.surface.contains(this.root.activeElement);
    this.model = this.sync.document();
    this.scene = makeScene(this.model, this.answers, this.catalog, this.scene);
    this.selection.follow();
    this.board.state = this.selection.marks;
    this.board.show(this.scene, this.viewport);
    if (hadFocus && !this.surface.contains(this.root.activeElement)) this.selection.focus();
    this.surface.tabIndex = this.scene.items.size ? -1 : 0;
    this.empty.textContent = this.scene.items.size ? "" : "Click a layer on the left, or press / and type its name.";
    this.toolbar.refresh();
    this.minimap.draw();
    this.tip.refresh();
  }

  looked() {
    this.board.look(this.viewport);
    this.tip.refresh();
    this.minimap.look();
    this.toolbar.zoomed(this.viewport.scale);
  }

  /**
   * Change the model; what cannot be done is said and changes nothing.
   *
   * @param op an operation as in core.edits, or {op: "undo"}.
   * @param options {say, choose}: what a screen reader hears, and what is selected afterwards.
   * @returns whether it was done.
   */
  do(op, { say = "", choose = null } = {}) {
    try {
      this.sync.send(op);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.speaker.toast(error.message);
      return false;
    }
    if (choose) this.selection.set(choose);
    this.refresh();
    this.send();
    this.selection.tell();
    if (choose?.length) this.selection.reveal();
    if (say) this.speaker.say(say);
    return true;
  }

  send() {
    const { client, pending } = this.sync;
    this.component.setStateValue("ops", { client, project: this.data.project, ops: pending });
    this.watch();
  }

  /** What the server has not acknowledged for long is sent again; it does each once. */
  watch() {
    clearTimeout(this.again);
    if (!this.sync.pending.length) return;
    this.again = setTimeout(() => {
      const { client, pending } = this.sync;
      this.component.setStateValue("ops", { client, project: this.data.project, ops: pending, sent: Date.now() });
      this.watch();
    }, PATIENCE);
  }

  get canUndo() {
    return Boolean(this.data.can_undo || this.sync?.pending.length);
  }

  get canRedo() {
    return Boolean(this.data.can_redo || this.sync?.pending.some(({ op }) => op.op === "undo"));
  }

  fit() {
    this.viewport.fit(extent(this.scene.items.values()), { top: 40 });
  }

  /** The item of a selected or focused element, an id, or null. */
  item(id) {
    return this.scene.items.get(this.scene.owner.get(id) ?? id) ?? null;
  }

  link(key) {
    return this.scene.links.find((link) => link.key === key) ?? null;
  }
}
