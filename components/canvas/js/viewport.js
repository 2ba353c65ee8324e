// Which part of the plane is seen: pan, zoom, fit, and the way from the screen to the plane.

const [LEAST, MOST] = [0.08, 2.5];
const MARGIN = 36;

export class Viewport {
  /** `changed` is called after each change, at most once a frame. */
  constructor(surface, plane, changed) {
    Object.assign(this, { surface, plane, changed, x: 0, y: 0, scale: 1, width: 0, height: 0 });
    this.observer = new ResizeObserver(([{ contentRect }]) => this.resized(contentRect));
    this.observer.observe(surface);
  }

  destroy() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  resized({ width, height }) {
    const isFirst = !this.width;
    if (!isFirst) this.x += (width - this.width) / 2; // what was in the middle stays there
    Object.assign(this, { width, height });
    this.surface.dispatchEvent(new CustomEvent("resized", { detail: { isFirst } }));
    this.apply();
  }

  apply() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const { x, y, scale } = this;
      this.plane.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      this.surface.style.setProperty("--grid", `${24 * (scale < 0.45 ? 4 : 1) * scale}px`);
      this.surface.style.setProperty("--grid-x", `${x}px`);
      this.surface.style.setProperty("--grid-y", `${y}px`);
      this.changed();
    });
  }

  /** A point of the window on the plane. */
  point({ clientX, clientY }) {
    const { left, top } = this.surface.getBoundingClientRect();
    return { x: (clientX - left - this.x) / this.scale, y: (clientY - top - this.y) / this.scale };
  }

  /** A point of the plane inside the surface. */
  inside({ x, y }) {
    return { x: x * this.scale + this.x, y: y * this.scale + this.y };
  }

  get seen() {
    const { x, y, scale, width, height } = this;
    return { x: -x / scale, y: -y / scale, width: width / scale, height: height / scale };
  }

  get centre() {
    const { x, y, width, height } = this.seen;
    return { x: x + width / 2, y: y + height / 2 };
  }

  pan(right, down) {
    this.x += right;
    this.y += down;
    this.apply();
  }

  /** Zoom by a factor; the point of the surface under the pointer stays where it is. */
  zoom(factor, at = { x: this.width / 2, y: this.height / 2 }) {
    const scale = Math.min(MOST, Math.max(LEAST, this.scale * factor));
    this.x = at.x - ((at.x - this.x) * scale) / this.scale;
    this.y = at.y - ((at.y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.apply();
  }

  /** Show the whole box, never larger than life; a tall graph is shown from its top, readable. */
  fit(box, { least = LEAST, top = 0 } = {}) {
    if (!box || !this.width) return;
    const room = { width: this.width - 2 * MARGIN, height: this.height - top - 2 * MARGIN };
    const whole = Math.min(1, room.width / box.width, room.height / box.height);
    this.scale = Math.max(LEAST, least, whole);
    this.x = (this.width - box.width * this.scale) / 2 - box.x * this.scale;
    const isTall = box.height * this.scale > room.height;
    const free = isTall ? 0 : Math.min((room.height - box.height * this.scale) / 2, 60);
    this.y = top + MARGIN + free - box.y * this.scale;
    this.apply();
  }

  /** Bring a box into sight, by as little as it takes. */
  reveal({ x, y, width, height }) {
    const start = this.inside({ x, y });
    const end = this.inside({ x: x + width, y: y + height });
    const shift = (low, high, size) => {
      if (low < MARGIN) return MARGIN - low;
      return high > size - MARGIN ? Math.max(size - MARGIN - high, MARGIN - low) : 0;
    };
    const [right, down] = [shift(start.x, end.x, this.width), shift(start.y, end.y, this.height)];
    if (right || down) this.pan(right, down);
  }

  goTo({ x, y }) {
    this.x = this.width / 2 - x * this.scale;
    this.y = this.height / 2 - y * this.scale;
    this.apply();
  }
}
