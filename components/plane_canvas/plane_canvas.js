// The component: the plane with its rows, and beside it the units of the network, redrawn with every picture.

const INSTANCES = new WeakMap();
const SIDE = 500;

class PlaneStream extends Stream {
  get address() {
    const url = new URL(`plane/${encodeURIComponent(this.run.id)}`, document.baseURI);
    url.searchParams.set("weights", this.run.weights);
    return url;
  }
}

function element(tag, name, parent) {
  const made = document.createElement(tag);
  made.className = name;
  parent.append(made);
  return made;
}

class Plane {
  constructor(root) {
    this.root = root;
    this.small = document.createElement("canvas");
    this.times = [];
    const box = element("section", "plane", root);
    const main = element("div", "main", box);
    this.canvas = element("canvas", "", main);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "What the model says everywhere in the plane");
    this.across = element("div", "ends", main);
    const side = element("div", "side", box);
    this.now = element("p", "now", side);
    this.legend = element("ul", "legend", side);
    this.layers = element("div", "layers", side);
    this.canvas.addEventListener("pointermove", (event) => this.read(event));
    this.canvas.addEventListener("pointerleave", () => this.say());
  }

  update({ data }) {
    const isNew = JSON.stringify(data) !== this.wanted;
    this.palette = data.palette;
    if (isNew) {
      this.wanted = JSON.stringify(data);
      this.connect(data);
    } else {
      this.draw(); // the theme may have changed
    }
  }

  connect(data) {
    this.stream?.close();
    this.isLive = false;
    this.trouble = "";
    if (!this.found) this.now.textContent = "Asking the model…";
    this.stream = new PlaneStream({ id: data.run, weights: data.weights }, {
      entries: (list) => this.take(list[list.length - 1]),
      state: (word, sentence) => word === "gone" && this.fail(sentence),
      end: () => {
        this.isLive = false;
        this.say();
      },
    });
  }

  take(found) {
    if (found.trouble) return this.fail(found.trouble);
    this.trouble = "";
    this.isLive = true;
    this.times = [...this.times.filter((time) => performance.now() - time < 2000), performance.now()];
    this.found = found;
    this.canvas.dataset.pictures = Number(this.canvas.dataset.pictures ?? 0) + 1;
    requestAnimationFrame(() => this.draw());
    return this.say();
  }

  fail(sentence) {
    this.trouble = sentence;
    this.say();
  }

  /** Where the numbers stand: the unit that is pointed at, else the epoch and the pace. */
  say(instead = "") {
    const { found, shown } = this;
    this.now.classList.toggle("is-trouble", Boolean(this.trouble));
    if (this.trouble || instead) this.now.textContent = this.trouble || instead;
    else if (shown) this.now.textContent = `Unit ${shown.unit + 1} of ${shown.layer}`;
    else if (found) {
      const pace = this.isLive && this.times.length > 3 ? ` · ${(this.times.length / 2).toFixed(0)} pictures a second` : "";
      this.now.textContent = `Epoch ${found.epoch}${pace}`;
    }
  }

  draw() {
    const { found } = this;
    if (!found) return;
    this.drawUnits();
    const unit = this.shown && this.unitBytes(this.shown.layer, this.shown.unit);
    if (unit) fill(this.small, found.size / 2, (place) => signed(unit[place]));
    else fill(this.small, found.size, answerPaint(found, this.palette));
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = this.canvas.height = SIDE * scale;
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.small, 0, 0, SIDE, SIDE);
    for (const [part, rows] of Object.entries(found.points)) this.drawRows(context, part, rows);
    const [left, right] = found.x.map((end) => end.toPrecision(3));
    const [bottom, top] = found.y.map((end) => end.toPrecision(3));
    this.across.replaceChildren(...[left, `${found.names[0]} → · ${found.names[1]} ↑ ${bottom} to ${top}`, right].map(span));
    this.drawLegend();
  }

  drawRows(context, part, rows) {
    const { x, y } = this.found;
    context.lineWidth = 1;
    context.strokeStyle = "#ffffff";
    for (const [across, up, label] of rows) {
      const left = (SIDE * (across - x[0])) / (x[1] - x[0]);
      const top = SIDE * (1 - (up - y[0]) / (y[1] - y[0]));
      context.fillStyle = rowColour(this.found, this.palette, label);
      context.beginPath();
      if (part === "train") context.arc(left, top, 3.6, 0, 7);
      else {
        for (const [dx, dy] of [[0, -5], [5, 0], [0, 5], [-5, 0]]) context.lineTo(left + dx, top + dy);
        context.closePath();
      }
      context.fill();
      context.stroke();
    }
  }

  drawLegend() {
    const { found, palette } = this;
    const text = found.task === "regression" ? `${found.range.map((end) => end.toPrecision(3))}` : `${found.class_names}`;
    if (this.legend.dataset.text === text) return;
    this.legend.dataset.text = text;
    const names = found.task === "regression"
      ? [[`rgb(${LOW})`, found.range[0].toPrecision(3)], [`rgb(${HIGH})`, found.range[1].toPrecision(3)]]
      : found.class_names.map((name, place) => [palette[place % palette.length], name]);
    this.legend.replaceChildren(
      ...names.map(([colour, name]) => {
        const item = document.createElement("li");
        const patch = document.createElement("i");
        patch.style.background = colour;
        item.append(patch, name);
        return item;
      }),
    );
  }

  unitBytes(layer, unit) {
    const map = this.found.layers.find((one) => one.layer === layer)?.maps[unit];
    return map && bytes(map);
  }

  drawUnits() {
    const wanted = this.found.layers.map((one) => [one.layer, one.units, one.maps.length].join(":")).join();
    if (this.layers.dataset.wanted !== wanted) this.buildUnits(wanted);
    for (const { layer, unit, canvas } of this.units) {
      const values = this.unitBytes(layer, unit);
      fill(canvas, this.found.size / 2, (place) => signed(values[place]));
    }
  }

  buildUnits(wanted) {
    this.layers.dataset.wanted = wanted;
    this.layers.replaceChildren();
    this.units = this.found.layers.flatMap((one) => {
      const column = element("div", "layer", this.layers);
      element("h4", "", column).textContent = one.units > one.maps.length ? `${one.layer} (${one.units})` : one.layer;
      const grid = element("div", "units", column);
      return one.maps.map((_, unit) => ({ layer: one.layer, unit, canvas: this.buildUnit(grid, one.layer, unit) }));
    });
  }

  buildUnit(grid, layer, unit) {
    const button = element("button", "unit", grid);
    button.type = "button";
    button.setAttribute("aria-label", `Show unit ${unit + 1} of ${layer} in the plane`);
    const show = (shown) => {
      this.shown = shown;
      this.say();
      this.draw();
    };
    for (const name of ["pointerenter", "focus"]) button.addEventListener(name, () => show({ layer, unit }));
    for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => show(null));
    return element("canvas", "", button);
  }

  /** What the model says under the pointer. */
  read(event) {
    const { found } = this;
    if (!found || this.shown) return;
    const box = this.canvas.getBoundingClientRect();
    const [right, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const place = (share) => Math.min(found.size - 1, Math.max(0, Math.floor(share * found.size)));
    const at = place(1 - down) * found.size + place(right);
    const where = [found.x[0] + right * (found.x[1] - found.x[0]), found.y[1] - down * (found.y[1] - found.y[0])];
    const said = found.task === "regression" ? this.value(at) : this.classAt(at);
    this.say(`${where.map((value) => value.toPrecision(3)).join(", ")}: ${said}`);
  }

  value(at) {
    const [low, high] = this.found.range;
    return (low + (bytes(this.found.values)[at] / 255) * (high - low)).toPrecision(3);
  }

  classAt(at) {
    const names = this.found.class_names;
    const guess = 1 / Math.max(2, names.length);
    const sure = guess + (bytes(this.found.sure)[at] / 255) * (1 - guess);
    return `${names[bytes(this.found.classes)[at]]}, ${Math.round(100 * sure)} %`;
  }

  destroy() {
    this.stream?.close();
  }
}

function span(text) {
  const made = document.createElement("span");
  made.textContent = text;
  return made;
}

export default function (component) {
  const root = component.parentElement;
  if (!INSTANCES.has(root)) INSTANCES.set(root, new Plane(root));
  INSTANCES.get(root).update(component);
  return () => {
    // An overtaken call is cleaned up while the element stays: only a disconnected one has ended.
    setTimeout(() => {
      if ((root.host ?? root).isConnected) return;
      INSTANCES.get(root)?.destroy();
      INSTANCES.delete(root);
    });
  };
}
