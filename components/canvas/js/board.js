// Draws the scene, and only what is in sight of it; moves it smoothly when the layout changes.

import { drawn, element } from "./dom.js";
import { FrameView } from "./frame_view.js";
import { LinkView } from "./link_view.js";
import { NodeView } from "./node_view.js";
import { detour, portX } from "./paths.js";
import { around } from "./scene.js";

const SMOOTH = 200; // milliseconds
const MOST_SMOOTH = 400; // items; larger graphs jump
const MARGIN = 0.4; // of what is seen, drawn beyond its edge
const SMALL = 0.35; // zoomed out further, nodes show their names only

export class Board {
  constructor(plane) {
    this.frameLayer = element("div", "frames", plane);
    this.lines = drawn("svg", { class: "lines", "aria-hidden": "true" }, plane);
    this.nodeLayer = element("div", "nodes", plane);
    const over = drawn("svg", { class: "lines", "aria-hidden": "true" }, plane);
    this.draft = drawn("path", { class: "draft" }, over);
    this.nodes = new Map();
    this.links = new Map();
    this.frames = new Map();
    this.at = new Map(); // where items are drawn at the moment
    this.scene = { items: new Map(), links: [], frames: [], ways: new Map() };
    this.byItem = new Map();
    this.state = { chosen: new Set(), link: null, target: null, active: null, fitting: null };
  }

  destroy() {
    cancelAnimationFrame(this.frame);
  }

  /** Another scene. */
  show(scene, viewport) {
    const isNew = !this.scene.items.size;
    const moved = [...scene.items.values()].some((item) => this.isMoved(item));
    const isSmooth = !isNew && moved && !this.isHeld && scene.items.size < MOST_SMOOTH && !prefersStill();
    const from = new Map(this.at);
    this.scene = scene;
    this.byItem = Map.groupBy(scene.links.flatMap((link) => [[link.from, link], [link.to, link]]), ([id]) => id);
    this.boxes = [...scene.items.values()];
    cancelAnimationFrame(this.frame);
    this.isMoving = isSmooth;
    if (isSmooth) this.glide(from, viewport);
    else this.settle(viewport);
  }

  isMoved({ id, x, y }) {
    const now = this.at.get(id);
    return !now || now.x !== x || now.y !== y;
  }

  settle(viewport) {
    this.isMoving = false;
    this.at = new Map([...this.scene.items].map(([id, { x, y }]) => [id, { x, y }]));
    this.paint(viewport);
  }

  glide(from, viewport) {
    const start = performance.now();
    const step = (now) => {
      const share = Math.min(1, Math.max(0, (now - start) / SMOOTH));
      const eased = 1 - (1 - share) ** 3;
      if (share === 1) return this.settle(viewport);
      for (const [id, { x, y }] of this.scene.items) {
        const old = from.get(id) ?? { x, y };
        this.at.set(id, { x: old.x + (x - old.x) * eased, y: old.y + (y - old.y) * eased });
      }
      this.paint(viewport);
      this.frame = requestAnimationFrame(step);
    };
    step(start);
  }

  /** Move some items while they are dragged: only they and their links are drawn. */
  drag(moves) {
    for (const [id, { x, y }] of moves) {
      this.at.set(id, { x, y });
      this.nodes.get(id)?.place(x, y);
    }
    const links = new Set([...moves.keys()].flatMap((id) => (this.byItem.get(id) ?? []).map(([, link]) => link)));
    for (const link of links) this.links.get(link.key)?.update(link, this.points(link, true));
    for (const frame of this.frames.values()) {
      if (frame.block.nodes.some((id) => moves.has(id))) frame.update(this.frameOf(frame.block), frame.block);
    }
  }

  frameOf(block) {
    return around(block, this.scene.items, ({ id }) => this.at.get(id));
  }

  paint(viewport) {
    const { seen } = viewport;
    this.seen = {
      x: seen.x - seen.width * MARGIN,
      y: seen.y - seen.height * MARGIN,
      width: seen.width * (1 + 2 * MARGIN),
      height: seen.height * (1 + 2 * MARGIN),
    };
    this.nodeLayer.classList.toggle("small", viewport.scale < SMALL);
    this.lines.classList.toggle("small", viewport.scale < SMALL);
    this.paintNodes();
    this.paintLinks();
    this.paintFrames();
    this.mark();
  }

  /** The view has moved; nothing to do while all that is in sight is drawn. */
  look(viewport) {
    if (!this.isMoving) this.paint(viewport);
  }

  isSeen({ id, width, height }) {
    const { x, y } = this.at.get(id);
    const { seen } = this;
    return x < seen.x + seen.width && seen.x < x + width && y < seen.y + seen.height && seen.y < y + height;
  }

  paintNodes() {
    const focused = this.nodeLayer.getRootNode().activeElement;
    for (const [id, view] of this.nodes) {
      const item = this.scene.items.get(id);
      const isKept = item && Boolean(item.block) === Boolean(view.item.block);
      if (isKept && (view.root.contains(focused) || this.isSeen(item))) continue;
      view.root.remove();
      this.nodes.delete(id);
    }
    for (const item of this.boxes) {
      if (!this.nodes.has(item.id)) {
        if (!this.isSeen(item)) continue;
        this.nodes.set(item.id, new NodeView(this.nodeLayer, item));
      }
      const view = this.nodes.get(item.id);
      const { x, y } = this.at.get(item.id);
      view.update(item);
      view.place(x, y);
    }
  }

  paintLinks() {
    const shown = new Set();
    for (const link of this.scene.links) {
      if (!this.mayCross(link)) continue;
      shown.add(link.key);
      if (!this.links.has(link.key)) this.links.set(link.key, new LinkView(this.lines, link));
      this.links.get(link.key).update(link, this.points(link));
    }
    for (const [key, view] of this.links) {
      if (shown.has(key)) continue;
      view.root.remove();
      this.links.delete(key);
    }
  }

  /** The element of an item, drawn for it if it was out of sight. */
  element(item) {
    if (!this.at.has(item.id)) this.at.set(item.id, { x: item.x, y: item.y });
    if (!this.nodes.has(item.id)) {
      const view = new NodeView(this.nodeLayer, item);
      this.nodes.set(item.id, view);
      view.update(item);
      view.place(this.at.get(item.id).x, this.at.get(item.id).y);
      this.mark();
    }
    return this.nodes.get(item.id).root;
  }

  /** Is a part of the link's height in sight? */
  mayCross({ from, to }) {
    const [start, end] = [this.at.get(from), this.at.get(to)];
    const { y, height } = this.seen;
    return Math.min(start.y, end.y) < y + height && Math.max(start.y, end.y) + 80 > y;
  }

  paintFrames() {
    const shown = new Set(this.scene.frames.map(({ block }) => block.id));
    for (const [id, view] of this.frames) {
      if (shown.has(id)) continue;
      view.root.remove();
      this.frames.delete(id);
    }
    for (const box of this.scene.frames) {
      const { id } = box.block;
      if (!this.frames.has(id)) this.frames.set(id, new FrameView(this.frameLayer));
      this.frames.get(id).update(this.isMoving ? this.frameOf(box.block) : box, box.block);
    }
  }

  /** From port to port, by the layout's way or around what stands between. */
  points(link, isDragged = false) {
    const [from, to] = [this.scene.items.get(link.from), this.scene.items.get(link.to)];
    const [start, end] = [this.at.get(link.from), this.at.get(link.to)];
    const first = [start.x + portX(from.width, Math.min(link.output, from.slots - 1), from.slots), start.y + from.height];
    const last = [end.x + portX(to.width, link.port, to.inputs.length), end.y];
    const way = this.scene.isPlaced ? this.around(first, last, link, isDragged) : this.isMoving ? [] : this.scene.ways.get(link.key) ?? [];
    return [first, ...way, last];
  }

  around(first, last, link, isDragged) {
    if (isDragged || last[1] - first[1] < 90 || this.scene.links.length > 1000) return [];
    const boxes = this.boxes.filter(({ id }) => id !== link.from && id !== link.to);
    return detour(first, last, boxes.map(({ id, width, height }) => ({ ...this.at.get(id), width, height })));
  }

  mark(state = this.state) {
    this.state = state;
    const { chosen, link, target, active, fitting } = state;
    for (const [id, view] of this.nodes) {
      view.mark({
        isChosen: view.item.members.every((member) => chosen.has(member)),
        isActive: id === active,
        isFitting: Boolean(fitting?.has(id)),
      });
    }
    for (const [key, view] of this.links) view.mark(key === link, key === target);
    for (const view of this.frames.values()) view.mark(view.block.nodes.every((id) => chosen.has(id)));
  }
}

export const prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
