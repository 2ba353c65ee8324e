// A pad to draw on with a pointer: pixels from 0 to 1, sent when the pen is lifted.

const PADS = new WeakMap();

class Pad {
  constructor(root, component) {
    this.component = component;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "pad";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "Drawing pad. Draw with the mouse or a finger; press Delete to clear it.");
    const clear = document.createElement("button");
    clear.type = "button";
    clear.textContent = "Clear";
    clear.addEventListener("click", () => this.clear());
    root.append(this.canvas, clear);
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerup", () => this.end());
    this.canvas.addEventListener("pointercancel", () => this.end());
    this.canvas.addEventListener("keydown", (event) => event.key === "Delete" && this.clear());
  }

  resize(rows, columns) {
    if (this.rows === rows && this.columns === columns) return;
    [this.rows, this.columns] = [rows, columns];
    this.pixels = new Float32Array(rows * columns);
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.draw();
  }

  begin(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.stroke(this.last);
  }

  move(event) {
    if (!this.last) return;
    const now = this.place(event);
    const steps = Math.max(1, Math.ceil(4 * Math.hypot(now.x - this.last.x, now.y - this.last.y)));
    for (let step = 1; step <= steps; step += 1) {
      const share = step / steps;
      this.stroke({
        x: this.last.x + (now.x - this.last.x) * share,
        y: this.last.y + (now.y - this.last.y) * share,
      });
    }
    this.last = now;
  }

  end() {
    if (!this.last) return;
    this.last = null;
    this.send();
  }

  clear() {
    this.pixels.fill(0);
    this.draw();
    this.send();
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * this.columns,
      y: ((event.clientY - box.top) / box.height) * this.rows,
    };
  }

  /** A soft round pen: full in the middle, fading towards its edge. */
  stroke({ x, y }) {
    const radius = Math.max(0.85, this.columns / 16);
    for (let row = 0; row < this.rows; row += 1) {
      for (let column = 0; column < this.columns; column += 1) {
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const ink = Math.min(1, Math.max(0, 1.5 - distance / radius));
        const at = row * this.columns + column;
        this.pixels[at] = Math.max(this.pixels[at], ink);
      }
    }
    this.draw();
  }

  draw() {
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(this.columns, this.rows);
    this.pixels.forEach((value, at) => image.data.set([255, 255, 255, Math.round(255 * value)], 4 * at));
    context.putImageData(image, 0, 0);
  }

  send() {
    const pixels = Array.from(this.pixels, (value) => Math.round(value * 1000) / 1000);
    this.component.setStateValue("pixels", pixels.some((value) => value > 0) ? pixels : null);
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!PADS.has(root)) PADS.set(root, new Pad(root, component));
  const pad = PADS.get(root);
  pad.component = component;
  pad.resize(component.data.rows, component.data.columns);
}
