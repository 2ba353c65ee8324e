// The component: a toolbar, the curves and the numbers of one run, fed by its stream.

const INSTANCES = new WeakMap();
const MEMORY = "eagerly.live_chart";
const SMOOTHINGS = [0, 0.3, 0.6, 0.9];
const ANSWERED = 2000; // milliseconds until the script has surely drawn again
const MOST_TOLD = 5;
const LEAST_HEIGHT = 520; // pixels; more metrics make it larger
const CONFIG = { displayModeBar: false, doubleClick: "reset", responsive: false, showTips: false };
const NOTHING_YET = "Press Train. The first point usually comes within two seconds.";
const WAITING = {
  queued: "This run waits for its turn. It starts by itself.",
  starting: "Starting. The first point usually comes within two seconds.",
  running: "Training has begun. The first point comes in a moment.",
  paused: "Paused before the first point.",
  finished: "This run ended before its first step.",
  stopped: "This run was stopped before its first step.",
  failed: "This run failed before its first step.",
};
const CONNECTION = { connecting: "Connecting…", reconnecting: "Reconnecting…", lost: "Connection lost" };

class LiveChart {
  constructor(root) {
    this.root = root;
    this.host = root.host ?? root;
    this.options = { log: false, smoothing: 0.6, perBatch: true, training: true, validation: true, ...remembered() };
    this.series = new Series();
    this.build();
    this.observer = new ResizeObserver(() => this.schedule());
    this.observer.observe(this.plot);
  }

  build() {
    this.box = element("section", "live", this.root);
    this.box.setAttribute("aria-label", "Loss and metrics");
    this.toolbar = new Toolbar(this.box, this.options, () => {
      remember(this.options);
      this.schedule();
    });
    const body = element("div", "body", this.box);
    const frame = element("div", "frame", body);
    this.plot = element("div", "plot", frame);
    this.plot.setAttribute("role", "img");
    this.empty = element("p", "empty", frame);
    this.spoken = element("p", "spoken", frame);
    this.spoken.setAttribute("aria-live", "polite");
    this.stats = new Stats(body);
    this.listens = false;
    this.plot.addEventListener("pointerdown", () => (this.isHeld = true));
    this.onRelease = () => {
      this.isHeld = false;
      this.schedule();
    };
    window.addEventListener("pointerup", this.onRelease);
  }

  /** Streamlit calls this at first, and again when `data` or the theme has changed. */
  update(component) {
    const { data } = component;
    this.component = component;
    if (data.status !== this.data?.status || data.run !== this.data?.run) this.told = data.status;
    const isNew = !this.data || data.run !== this.data.run || data.ticket !== this.data.ticket;
    this.data = data;
    this.options.run = `${data.run}`;
    this.options.epochs = data.epochs;
    if (isNew) this.connect();
    plotly(data.plotly).then(
      (Plotly) => {
        this.Plotly = Plotly;
        this.schedule();
      },
      () => this.connection("gone", "The chart's script did not load. Reload the page."),
    );
    this.schedule();
  }

  connect() {
    this.stream?.close();
    this.series = new Series();
    this.connection(this.data.run ? "connecting" : "open");
    if (!this.data.run) return;
    this.stream = new Stream(this.data.run, {
      entries: (list) => {
        this.series.take(list, performance.now());
        this.schedule();
        this.tell();
      },
      state: (word, sentence) => this.connection(word, sentence),
      end: () => this.schedule(),
    });
  }

  connection(word, sentence = "") {
    this.state = word;
    this.sentence = sentence;
    this.box.dataset.connection = word;
    this.toolbar.say(CONNECTION[word] ?? "");
    this.schedule();
  }

  /** The script reruns once for each change of the status, so that its buttons follow. */
  tell(time = 1) {
    const { status } = this.series;
    if (!status || status === this.told || this.isDestroyed) return;
    clearTimeout(this.listening);
    if (leaving()) {
      this.listening = setTimeout(() => this.tell(time), leaving());
      return;
    }
    this.told = status;
    this.component.setStateValue("status", { run: this.data.run, status, time });
    this.listening = setTimeout(() => this.tellAgain(status, time), ANSWERED * time);
  }

  /** A call that was just overtaken loses what it is told: the script still draws the buttons of before. */
  tellAgain(status, time) {
    if (this.isDestroyed || this.series.status !== status || this.data.status === status || time === MOST_TOLD) return;
    this.told = null;
    this.tell(time + 1);
  }

  schedule() {
    if (this.isScheduled || this.isDestroyed) return;
    this.isScheduled = true;
    const pause = Math.max(0, (this.drawnAt ?? 0) + (this.drawTime ?? 0) - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.draw()), pause);
  }

  draw() {
    this.isScheduled = false;
    if (this.isDestroyed || !this.data) return;
    const { series } = this;
    const panels = panelNames(series, this.data.metrics);
    this.stats.draw(series, panels, this.data.epochs);
    this.drawEmpty();
    this.speak(panels);
    if (!this.Plotly || this.isHeld || !this.plot.clientWidth) return; // a zoom under way is not disturbed
    const began = performance.now();
    const colours = this.colours();
    const height = Math.max(LEAST_HEIGHT, 250 + 130 * panels.length);
    this.options.logRange = this.logRange();
    const plan = layout(series, panels, this.options, colours, height);
    plan.width = this.plot.clientWidth;
    this.plot.style.height = `${height}px`;
    this.Plotly.react(this.plot, traces(series, panels, this.options, colours), plan, CONFIG);
    this.drawnAt = performance.now();
    this.drawTime = this.drawnAt - began;
    if (!this.listens) this.plot.on("plotly_relayout", () => this.schedule()); // a zoom: other labels fit
    this.listens = true;
    if (series.steps) loadAhead(this.data.ahead);
    this.box.dataset.steps = series.steps; // what tests and latency probes wait for
  }

  /** What the logarithmic axis of the loss shows now, in powers of ten. */
  logRange() {
    const seen = this.plot._fullLayout?.yaxis;
    if (seen?.type === "log") return seen.range;
    if (this.options.log) setTimeout(() => this.schedule()); // known once it is drawn
    return [-3, 1];
  }

  drawEmpty() {
    const { series } = this;
    const isGone = this.state === "gone";
    const waiting = this.data.run ? (WAITING[series.status] ?? CONNECTION.connecting) : NOTHING_YET;
    setText(this.empty, isGone ? this.sentence : waiting);
    this.box.classList.toggle("is-empty", series.isEmpty || isGone);
    this.box.classList.toggle("is-quiet", Boolean(this.data.run) && !series.status && !isGone);
  }

  /** A screen reader hears of a new epoch, or of the end, and no more often than every five seconds. */
  speak(panels) {
    const { series } = this;
    const text = summary(series, panels);
    this.plot.setAttribute("aria-label", text);
    const now = performance.now();
    const key = `${series.last?.epoch} ${series.isOver}`;
    if (series.isEmpty || key === this.spokenKey || (now - (this.spokenAt ?? -1e9) < 5000 && !series.isOver)) return;
    this.spokenKey = key;
    this.spokenAt = now;
    setText(this.spoken, text);
  }

  colours() {
    const style = getComputedStyle(this.host);
    const css = (name, otherwise) => hex(style.getPropertyValue(name).trim(), otherwise);
    const [paper, text] = [css("--st-background-color", "#ffffff"), css("--st-text-color", "#1c2130")];
    const isDark = lightness(paper) < 0.5;
    this.box.classList.toggle("is-dark", isDark);
    return {
      paper,
      text,
      line: css("--st-border-color", "#e3e6ec"),
      grid: blend(css("--st-border-color", "#e3e6ec"), paper, 0.2),
      quiet: blend(text, paper, 0.4),
      training: isDark ? "#ff7a50" : "#e4572e",
      validation: "#3b6fd4",
      font: style.getPropertyValue("--st-font").trim() || "sans-serif",
    };
  }

  destroy() {
    this.isDestroyed = true;
    this.stream?.close();
    this.observer.disconnect();
    window.removeEventListener("pointerup", this.onRelease);
    this.Plotly?.purge(this.plot);
    this.box.remove();
  }
}

function summary(series, panels) {
  if (series.isEmpty) return "Loss and metrics: no points yet.";
  const metrics = series.last?.metrics ?? { loss: series.loss };
  const words = ["loss", ...panels].flatMap((name) => [name, `val_${name}`]).filter((name) => metrics[name] != null);
  const values = words.map((name) => `${shortName(name).replaceAll("_", " ")} ${number(metrics[name], name)}`).join(", ");
  const epoch = series.last ? `epoch ${series.last.epoch + 1} of ${series.epochs}` : `step ${series.steps}`;
  return `Loss and metrics, ${series.isOver ? `${series.status} after ` : ""}${epoch}: ${values}.`;
}

function remembered() {
  try {
    const { log, smoothing, perBatch } = JSON.parse(localStorage.getItem(MEMORY)) ?? {};
    const known = { log: Boolean(log), perBatch: perBatch !== false };
    return SMOOTHINGS.includes(smoothing) ? { ...known, smoothing } : known;
  } catch {
    return {}; // no storage, or nothing readable in it: the defaults are good
  }
}

function remember({ log, smoothing, perBatch }) {
  try {
    localStorage.setItem(MEMORY, JSON.stringify({ log, smoothing, perBatch }));
  } catch {
    // private windows may have no storage; the choice then lives as long as the page
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!INSTANCES.has(root)) INSTANCES.set(root, new LiveChart(root));
  const before = INSTANCES.get(root).component;
  INSTANCES.get(root).update(component);
  return () => setTimeout(() => ended(root, component, before));
}

/** An element that is still there has not ended: its call was overtaken by a newer one, which may have come first. */
function ended(root, component, before) {
  const chart = INSTANCES.get(root);
  if (!(root.host ?? root).isConnected) {
    chart?.destroy();
    INSTANCES.delete(root);
  } else if (before && chart?.component === component) chart.update(before);
}
