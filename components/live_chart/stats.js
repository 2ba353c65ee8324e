// The numbers beside the curves. Every text is set as text, never as markup.

function element(tag, className, parent, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  parent?.append(made);
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const isShare = (name) => name.endsWith("accuracy");

/** `val_sparse_categorical_accuracy` as val_accuracy: which kind of target it is for goes without saying. */
const shortName = (name) => name.replace(/(sparse_categorical|categorical|binary)_(?=accuracy|crossentropy)/, "");

function number(value, name = "") {
  if (value === undefined) return "–";
  if (value === null) return "NaN";
  if (isShare(name)) return `${(value * 100).toFixed(1)} %`;
  const size = Math.abs(value);
  if (size && (size < 0.001 || size >= 1e6)) return value.toExponential(2);
  return size >= 1000 ? whole(value) : value.toFixed(size < 1 ? 4 : size < 10 ? 3 : 2);
}

function whole(value) {
  return Math.round(value).toLocaleString("en-GB");
}

function speed(value) {
  return value >= 100 ? whole(value) : value.toPrecision(2).replace(/\.0$/, "");
}

function duration(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

class Stats {
  constructor(parent) {
    this.root = element("aside", "stats", parent);
    this.root.setAttribute("aria-label", "Numbers of this run");
    this.list = element("dl", "cells", this.root);
    this.cells = new Map();
    this.messages = element("div", "messages", this.root);
    this.shown = "";
  }

  draw(series, panels, epochs) {
    const total = series.epochs || epochs;
    this.cell("epoch", "epoch", whole(this.epoch(series)), total ? `/ ${whole(total)}` : "");
    this.left(series);
    this.progress(series.epochs ? series.reached / series.epochs : 0);
    for (const name of ["loss", ...panels]) {
      const metrics = series.last?.metrics ?? { loss: series.loss };
      this.cell(name, shortName(name), number(metrics[name], name));
      this.cell(`val_${name}`, shortName(`val_${name}`), number(metrics[`val_${name}`], name));
    }
    const total_steps = series.epochs * series.stepsPerEpoch;
    const rate = series.stepsPerSecond;
    this.cell("speed", "speed", rate ? speed(rate) : "–", rate ? "steps/s" : "", "wide");
    this.cell("step", "step", whole(series.steps), total_steps ? `/ ${whole(total_steps)}` : "", "small");
    this.cell("rate", "learning rate", this.rate(series), "", "small");
    const memory = series.last?.memory_mb;
    this.cell("memory", "memory", memory ? whole(memory) : "–", memory ? "MB" : "", "small");
    this.cell("execution", "execution", series.execution || "–", "", "small");
    this.forget(panels);
    this.say(series);
  }

  epoch(series) {
    if (series.isOver || !series.stepsPerEpoch) return (series.last?.epoch ?? -1) + 1;
    return Math.min(series.epochs, Math.floor(series.reached) + 1);
  }

  left(series) {
    const [label, seconds] = series.isOver ? ["took", series.seconds] : ["time left", series.secondsLeft];
    const cell = this.cell("left", label, series.status === "paused" ? "paused" : duration(seconds));
    setText(cell.label, label);
  }

  rate(series) {
    const value = series.last?.learning_rate;
    return value === null || value === undefined ? "–" : String(Number(value.toPrecision(3)));
  }

  cell(key, label, value, unit = "", size = "") {
    if (!this.cells.has(key)) {
      const root = element("div", `cell ${size}`, this.list);
      const made = { root, label: element("dt", "", root, label), data: element("dd", "", root) };
      made.label.title = label;
      made.value = element("span", "value", made.data);
      made.unit = element("span", "unit", made.data);
      this.cells.set(key, made);
    }
    const cell = this.cells.get(key);
    this.list.append(cell.root); // keeps the order when a metric joins later
    setText(cell.value, value);
    setText(cell.unit, unit);
    return cell;
  }

  progress(share) {
    if (!this.bar) {
      this.bar = element("div", "bar");
      this.bar.setAttribute("aria-hidden", "true"); // the epoch cell says the same
      this.fill = element("div", "fill", this.bar);
    }
    this.list.append(this.bar);
    this.fill.style.transform = `scaleX(${Math.min(1, share)})`;
  }

  /** Metrics of the run before this one do not stay. */
  forget(panels) {
    const known = new Set(["loss", ...panels].flatMap((name) => [name, `val_${name}`]));
    const fixed = new Set(["epoch", "left", "speed", "step", "rate", "memory", "execution"]);
    for (const [key, cell] of this.cells) {
      if (known.has(key) || fixed.has(key)) continue;
      cell.root.remove();
      this.cells.delete(key);
    }
  }

  say(series) {
    const notes = series.notes.map((note) => ["note", note.message]);
    if (series.firstBad) {
      const where = `The loss stopped being a number at step ${whole(series.firstBad)}.`;
      notes.push(["caution", `${where} Try a smaller learning rate, or scale the features.`]);
    }
    if (series.message) notes.push([series.status === "failed" ? "failure" : "note", series.message]);
    const text = JSON.stringify(notes);
    if (text === this.shown) return;
    this.shown = text;
    this.messages.replaceChildren(...notes.map(([kind, message]) => element("p", kind, null, message)));
    this.messages.querySelector(".failure")?.setAttribute("role", "alert");
  }
}
