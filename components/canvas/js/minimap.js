// The whole graph, small: a click goes there.

import { element } from "./dom.js";
import { extent } from "./scene.js";

const SIZE = { width: 148, height: 104 };
const MARGIN = 8;

export class Minimap {
  constructor(editor) {
    this.editor = editor;
    this.box = element("canvas", "minimap", editor.stage);
    this.box.setAttribute("aria-hidden", "true"); // the keys F and the arrows go everywhere
    this.ratio = Math.min(2, devicePixelRatio || 1);
    this.box.width = SIZE.width * this.ratio;
    this.box.height = SIZE.height * this.ratio;
    this.box.onpointerdown = (event) => {
      this.box.setPointerCapture(event.pointerId);
      this.go(event);
    };
    this.box.onpointermove = (event) => event.buttons && this.go(event);
  }

  /** The view has moved. */
  look() {
    this.draw();
  }

  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.paint();
    });
  }

  paint() {
    const { scene, viewport, selection } = this.editor;
    const all = extent(scene.items.values());
    const { seen } = viewport;
    const isWhole = !all || (all.x >= seen.x && all.y >= seen.y && all.x + all.width <= seen.x + seen.width && all.y + all.height <= seen.y + seen.height);
    this.box.hidden = isWhole;
    if (isWhole) return;
    const area = extent([all, seen]);
    const scale = Math.min((SIZE.width - 2 * MARGIN) / area.width, (SIZE.height - 2 * MARGIN) / area.height);
    this.shift = { x: SIZE.width / 2 - (area.x + area.width / 2) * scale, y: SIZE.height / 2 - (area.y + area.height / 2) * scale, scale };
    this.drawItems(scene, selection);
    this.drawSeen(seen);
  }

  drawItems(scene, selection) {
    const { shift, ratio } = this;
    const brush = this.box.getContext("2d");
    const style = getComputedStyle(this.box);
    this.colours = { quiet: style.getPropertyValue("--quiet"), accent: style.getPropertyValue("--accent"), bad: style.getPropertyValue("--bad") };
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, SIZE.width, SIZE.height);
    for (const item of scene.items.values()) {
      const isChosen = item.members.every((id) => selection.chosen.has(id));
      brush.fillStyle = item.problems.length ? this.colours.bad : isChosen ? this.colours.accent : this.colours.quiet;
      const [width, height] = [Math.max(2, item.width * shift.scale), Math.max(1.5, item.height * shift.scale)];
      brush.fillRect(item.x * shift.scale + shift.x, item.y * shift.scale + shift.y, width, height);
    }
  }

  drawSeen({ x, y, width, height }) {
    const { shift } = this;
    const brush = this.box.getContext("2d");
    brush.strokeStyle = this.colours.accent;
    brush.lineWidth = 1.5;
    brush.strokeRect(x * shift.scale + shift.x, y * shift.scale + shift.y, width * shift.scale, height * shift.scale);
  }

  go({ offsetX, offsetY }) {
    const { x, y, scale } = this.shift;
    this.editor.viewport.goTo({ x: (offsetX - x) / scale, y: (offsetY - y) / scale });
  }
}
