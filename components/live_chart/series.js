// What the wire said, folded: the points of every curve and the numbers beside them.

const MOST_POINTS = 3000;
const MOST_EPOCHS = 2000;
const MOST_NOTES = 3;

class Series {
  constructor() {
    this.status = "";
    this.message = "";
    this.epochs = 0;
    this.stepsPerEpoch = 0;
    this.steps = 0;
    this.loss = undefined; // null is a loss that is not a number
    this.speed = null;
    this.seconds = null; // what a finished run took
    this.execution = "";
    this.history = []; // one {epoch, metrics, …} for each epoch that ended
    this.batch = { step: [], loss: [], weight: [] }; // `weight` steps around `step`, with their mean loss
    this.notes = [];
    this.firstBad = null; // the first step whose loss is not a number
    this.marks = []; // [milliseconds, step]: what the speed is read from before the first epoch has ended
  }

  get isOver() {
    return ["finished", "stopped", "failed"].includes(this.status);
  }

  get isEmpty() {
    return !this.batch.step.length && !this.history.length;
  }

  get last() {
    return this.history.at(-1);
  }

  /** Epochs so far, with the part of the one under way. */
  get reached() {
    return this.stepsPerEpoch ? this.steps / this.stepsPerEpoch : this.history.length;
  }

  take(entries, now) {
    for (const entry of entries) if (Object.hasOwn(TAKE, entry.type)) TAKE[entry.type](this, entry);
    if (this.marks.at(-1)?.[1] !== this.steps) this.marks.push([now, this.steps]);
    while (this.marks.length > 2 && now - this.marks[1][0] > 4000) this.marks.shift();
  }

  /** Steps a second: the trainer's own measure where it is fresh, else what came over the last seconds. */
  get stepsPerSecond() {
    if (this.isOver || (this.last && this.last.seconds < 10)) return this.speed;
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    if (!first || last[0] - first[0] < 500) return this.speed;
    return ((last[1] - first[1]) * 1000) / (last[0] - first[0]);
  }

  get secondsLeft() {
    const left = this.epochs * this.stepsPerEpoch - this.steps;
    const speed = this.stepsPerSecond;
    return this.isOver || !(speed > 0) || left < 0 ? null : left / speed;
  }
}

const TAKE = {
  status(series, entry) {
    series.status = entry.status;
    series.message = entry.message || "";
  },
  started(series, entry) {
    series.epochs = entry.epochs;
    series.stepsPerEpoch = entry.steps_per_epoch;
    series.execution = entry.execution;
    series.steps = entry.first_step;
    series.history = series.history.filter((one) => one.epoch < entry.first_epoch);
    const kept = series.batch.step.filter((step) => step <= entry.first_step).length;
    for (const values of Object.values(series.batch)) values.length = kept;
    series.marks = [];
    series.firstBad = null;
    series.speed = null;
  },
  steps(series, entry) {
    const end = entry.first + entry.count;
    entry.loss.forEach((loss, place) => {
      const from = entry.first + place * entry.stride;
      const to = Math.min(from + entry.stride, end);
      series.batch.step.push((from + to + 1) / 2);
      series.batch.loss.push(loss);
      series.batch.weight.push(to - from);
      if (loss === null) series.firstBad ??= from + 1;
    });
    series.steps = Math.max(series.steps, end);
    series.loss = entry.loss.at(-1);
    if (series.batch.step.length > MOST_POINTS) series.batch = halved(series.batch);
  },
  epoch(series, entry) {
    series.history.push(entry);
    series.steps = Math.max(series.steps, entry.steps);
    series.speed = entry.steps_per_second || series.speed;
    if (series.history.length > MOST_EPOCHS) {
      series.history = series.history.filter((_, place, all) => place % 2 === 0 || place === all.length - 1);
    }
  },
  paused(series, entry) {
    series.steps = Math.max(series.steps, entry.step);
    series.marks = [];
  },
  resumed(series) {
    series.marks = [];
  },
  note(series, entry) {
    series.notes = [...series.notes, entry].slice(-MOST_NOTES);
  },
  chosen(series, entry) {
    series.execution = entry.execution;
  },
  finished(series, entry) {
    series.steps = Math.max(series.steps, entry.steps);
    series.speed = entry.steps_per_second || series.speed;
    series.seconds = entry.seconds || null;
    series.execution = entry.execution || series.execution;
  },
  failed(series, entry) {
    series.message = entry.message;
  },
};

/** The same curve with half the points: each is the weighted mean of two. */
function halved({ step, loss, weight }) {
  const half = { step: [], loss: [], weight: [] };
  for (let i = 0; i < step.length; i += 2) {
    const j = Math.min(i + 1, step.length - 1);
    const [a, b] = [weight[i], j === i ? 0 : weight[j]];
    half.step.push((step[i] * a + step[j] * b) / (a + b));
    half.weight.push(a + b);
    const known = [[loss[i], a], [loss[j], b]].filter(([value, share]) => value !== null && share);
    const total = known.reduce((sum, [, share]) => sum + share, 0);
    half.loss.push(total ? known.reduce((sum, [value, share]) => sum + value * share, 0) / total : null);
  }
  return half;
}

/** An exponential mean that looks as far ahead as back, so that the curve does not lag behind its points. */
function smoothed(x, y, weight, width) {
  const sweep = (order) => {
    let [sum, mass, previous] = [0, 0, null];
    const out = new Array(x.length);
    for (const i of order) {
      const decay = previous === null ? 0 : Math.exp(-Math.abs(x[i] - previous) / width);
      previous = x[i];
      sum *= decay;
      mass *= decay;
      out[i] = [sum, mass];
      if (y[i] !== null) {
        sum += y[i] * weight[i];
        mass += weight[i];
      }
    }
    return out;
  };
  const forward = sweep(x.keys());
  const backward = sweep([...x.keys()].reverse());
  return y.map((value, i) => {
    if (value === null) return null;
    return (forward[i][0] + backward[i][0] + value * weight[i]) / (forward[i][1] + backward[i][1] + weight[i]);
  });
}
