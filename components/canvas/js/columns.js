// The horizontal place of each cell: chains of cells stand in straight columns, and columns near what they are linked to.

const SWEEPS = 24;

/** Gives each cell its `x`. `gap` is the free room between two neighbours. */
export function spread(rows, segments, gap) {
  const columns = inColumns(rows, segments);
  pack(columns, rows, gap);
  const links = between(segments);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const list = sweep % 2 ? columns.toReversed() : columns;
    for (const column of list) pull(column, links.get(column) ?? [], rows, gap);
  }
  for (const column of columns) for (const cell of column.cells) cell.x = column.x;
}

/** Cells that stand exactly above each other: long links first, then chains. */
function inColumns(rows, segments) {
  for (const row of rows) for (const cell of row) cell.column = null;
  const next = new Map();
  const taken = new Set();
  const accepted = rows.map(() => []);
  for (const segment of segments.filter(isStraight).sort((one, other) => weight(other) - weight(one))) {
    const { from, to } = segment;
    if (next.has(from) || taken.has(to) || accepted[from.row].some((other) => cross(segment, other))) continue;
    accepted[from.row].push(segment);
    next.set(from, to);
    taken.add(to);
  }
  const columns = [];
  for (const row of rows) {
    for (const cell of row) {
      if (taken.has(cell)) continue;
      const column = { cells: [], x: 0 };
      for (let one = cell; one; one = next.get(one)) column.cells.push(Object.assign(one, { column }));
      columns.push(column);
    }
  }
  return columns;
}

const weight = ({ from, to }) => (from.link && to.link ? 2 : from.link || to.link ? 0 : 1);

/** A fork with several real ways stands in their middle instead of above one of them. */
function isStraight({ from, to, isSkip }) {
  if (from.link && to.link) return true;
  const real = (segments) => segments.filter((one) => !one.isSkip).length;
  if (isSkip) return (from.link || real(from.down) === 0) && (to.link || real(to.up) === 0);
  return (from.link || real(from.down) === 1) && (to.link || real(to.up) === 1);
}

const cross = (one, other) => (one.from.place - other.from.place) * (one.to.place - other.to.place) < 0;

const room = (left, right, gap) => left.right + gap + right.left;

/** Each column as far left as those left of it allow. */
function pack(columns, rows, gap) {
  const missing = new Map(columns.map((column) => [column, column.cells.filter(({ place }) => place).length]));
  const ready = columns.filter((column) => !missing.get(column));
  for (let at = 0; at < ready.length; at += 1) {
    for (const cell of ready[at].cells) {
      const right = rows[cell.row][cell.place + 1];
      if (!right) continue;
      right.column.x = Math.max(right.column.x, ready[at].x + room(cell, right, gap));
      missing.set(right.column, missing.get(right.column) - 1);
      if (!missing.get(right.column)) ready.push(right.column);
    }
  }
}

function between(segments) {
  const found = new Map();
  const add = (one, other, share) => {
    if (one === other) return;
    if (!found.has(one)) found.set(one, []);
    found.get(one).push([other, share]);
  };
  for (const { from, to, isSkip } of segments) {
    const share = isSkip ? 0.05 : 1;
    add(from.column, to.column, share);
    add(to.column, from.column, share);
  }
  return found;
}

function pull(column, links, rows, gap) {
  if (!links.length) return;
  const total = links.reduce((sum, [, share]) => sum + share, 0);
  const wanted = links.reduce((sum, [other, share]) => sum + other.x * share, 0) / total;
  let low = -Infinity;
  let high = Infinity;
  for (const cell of column.cells) {
    const left = rows[cell.row][cell.place - 1];
    const right = rows[cell.row][cell.place + 1];
    if (left) low = Math.max(low, left.column.x + room(left, cell, gap));
    if (right) high = Math.min(high, right.column.x - room(cell, right, gap));
  }
  if (low <= high) column.x = Math.min(high, Math.max(low, wanted));
}
