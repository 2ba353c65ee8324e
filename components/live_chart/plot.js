// Draws the curves with plotly.js, which is loaded once and shared by the whole page.

const SHARE = { 0: 0, 0.3: 0.005, 0.6: 0.015, 0.9: 0.05 }; // smoothing: the width, as a share of what is drawn
const MOST_PANELS = 4;
const TITLED = 0.08; // the share of the width that a panel's title takes
const NO_SERIES = new Set(["loss", "learning_rate"]);

function plotly(version) {
  window.eagerlyPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(`vendor/plotly.min.js?v=${encodeURIComponent(version)}`, document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window.eagerlyPlotly = undefined;
      script.remove();
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return window.eagerlyPlotly;
}

/** What the Inspect page draws has scripts of Streamlit's own: they are there before somebody goes to look. */
function loadAhead(scripts) {
  if (window.eagerlyLoadsAhead) return;
  window.eagerlyLoadsAhead = true;
  const load = (script) => import(new URL(script, document.baseURI)).catch(() => (window.eagerlyLoadsAhead = false));
  for (const script of scripts) (window.requestIdleCallback ?? setTimeout)(() => load(script));
}

/** Metrics that get a panel below the loss: what the last epoch has, or before it what the page expects. */
function panelNames(series, expected) {
  const known = series.last ? Object.keys(series.last.metrics) : expected;
  return known.filter((name) => !NO_SERIES.has(name) && !name.startsWith("val_")).slice(0, MOST_PANELS);
}

function traces(series, panels, options, colours) {
  const all = options.training && options.perBatch ? batchTraces(series, options, colours) : [];
  ["loss", ...panels].forEach((name, row) => {
    if (options.training && !(row === 0 && options.perBatch)) all.push(epochTrace(series, name, row, colours.training));
    if (options.validation) all.push(epochTrace(series, `val_${name}`, row, colours.validation));
  });
  return all;
}

const axis = (row) => (row ? `y${row + 1}` : "y");
const figures = (row) => (row ? ".4~g" : ".4~f");

function batchTraces(series, { smoothing }, colours) {
  const { step, loss, weight } = series.batch;
  const x = step.map((one) => one / (series.stepsPerEpoch || 1));
  const base = { x, yaxis: "y", type: "scatter", mode: "lines" };
  if (!smoothing) {
    return [{ ...base, y: loss, name: "loss", line: { color: colours.training, width: 1.5 }, hovertemplate: "%{y:.4~f}" }];
  }
  const y = smoothed(x, loss, weight, SHARE[smoothing] * Math.max(series.reached, 0.3 * series.epochs));
  return [
    { ...base, y: loss, name: "batch", opacity: 0.34, line: { color: colours.training, width: 1 }, hoverinfo: "skip" },
    { ...base, y, name: "loss", line: { color: colours.training, width: 2.25 }, hovertemplate: "%{y:.4~f}" },
  ];
}

function epochTrace(series, name, row, colour) {
  return {
    x: series.history.map((one) => one.epoch + 1),
    y: series.history.map((one) => one.metrics[name] ?? null),
    yaxis: axis(row),
    type: "scatter",
    mode: series.history.length > 40 ? "lines" : "lines+markers",
    name: plain(shortName(name)),
    line: { color: colour, width: 2.25 },
    marker: { color: colour, size: 4.5 },
    hovertemplate: `%{y:${figures(row)}}`,
  };
}

function layout(series, panels, options, colours, height) {
  const rows = ["loss", ...panels];
  const lastAxis = axis(rows.length - 1);
  const end = Math.max(series.epochs || options.epochs, Math.ceil(series.reached), 1);
  const plan = {
    height,
    margin: { l: 46, r: 14, t: 22, b: 40 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hovermode: "x unified",
    hoversubplots: "axis",
    hoverlabel: { bgcolor: colours.paper, bordercolor: colours.line, font: { color: colours.text, size: 12 } },
    font: { family: colours.font, size: 11, color: colours.quiet },
    uirevision: options.run,
    xaxis: {
      range: [0, end],
      anchor: lastAxis,
      showgrid: false,
      zeroline: false,
      showline: true,
      linecolor: colours.line,
      ticks: "outside",
      ticklen: 4,
      tickcolor: colours.line,
      nticks: 11,
      title: { text: "epoch", standoff: 6 },
      unifiedhovertitle: { text: "epoch %{x:.2~f}" },
      spikecolor: colours.quiet,
      spikethickness: 1,
      spikedash: "solid",
      uirevision: options.run,
    },
    shapes: nowLine(series, colours),
    annotations: rows.map((name, row) => panelTitle(name, row, rows.length, options)),
  };
  rows.forEach((name, row) => {
    const [bottom, top] = domain(row, rows.length);
    plan[row ? `yaxis${row + 1}` : "yaxis"] = {
      domain: [bottom, top],
      type: row === 0 && options.log ? "log" : "linear",
      uirevision: `${options.run} ${row === 0 && options.log}`,
      gridcolor: colours.grid,
      zeroline: false,
      nticks: 6,
      ticklabelstandoff: 6,
      ...(row === 0 && options.log ? logTicks(options.logRange) : {}),
      minor: { showgrid: false },
    };
  });
  if (series.status === "running" || series.status === "paused") plan.annotations.push(...nowWord(series));
  return plan;
}

/** Labels of a logarithmic axis: even steps where little is seen, then 1, 2, 5, then powers of ten. */
function logTicks([low, high]) {
  const decades = high - low;
  let tickvals = [];
  if (decades < 0.7) {
    const rough = (10 ** high - 10 ** low) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((one) => one * power >= rough);
    for (let tick = Math.ceil(10 ** low / step) * step; tick <= 10 ** high; tick += step) tickvals.push(tick);
  } else {
    const digits = decades > 3 ? [1] : [1, 2, 5];
    const every = Math.ceil(decades / 6);
    for (let power = Math.floor(low); power <= high; power += every) {
      tickvals.push(...digits.map((digit) => digit * 10 ** power));
    }
  }
  return { tickmode: "array", tickvals, ticktext: tickvals.map((tick) => String(Number(tick.toPrecision(4)))) };
}

/** The loss has the larger share of the height; the gap above each panel carries its name. */
function domain(row, count) {
  const gap = 0.085;
  const room = 1 - gap * (count - 1);
  const loss = room * [1, 1, 0.54, 0.44, 0.36, 0.32][count];
  if (row === 0) return [1 - loss, 1];
  const each = (room - loss) / (count - 1);
  const top = 1 - loss - gap - (row - 1) * (each + gap);
  return [Math.max(0, top - each), top];
}

function panelTitle(name, row, count, options) {
  const text = name === "loss" && options.log ? "loss (log)" : shortName(name).replaceAll("_", " ");
  const place = { x: 0, xanchor: "left", xref: "paper", y: domain(row, count)[1], yanchor: "bottom", yref: "paper" };
  return { ...place, text: plain(text), showarrow: false, font: { size: 11.5 } };
}

/** Plotly reads a little HTML in its texts: a name must not be any. */
function plain(text) {
  return text.replace(/[<>&]/g, " ");
}

function nowLine(series, colours) {
  if (series.isEmpty || series.isOver) return [];
  const x = series.reached;
  return [{ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: { color: colours.quiet, width: 1, dash: "dot" } }];
}

/** Not at the very left: there stands the panel's title. */
function nowWord(series) {
  const text = series.status === "paused" ? "paused" : "now";
  const share = series.epochs ? series.reached / series.epochs : 0.5;
  if (share < TITLED) return [];
  const xanchor = share > 0.9 ? "right" : "left";
  return [{ x: series.reached, y: 1, yref: "paper", yanchor: "bottom", xanchor, text, showarrow: false }];
}
