// The order in each row, so that few links cross: sweeps by the mean place of the neighbours.

const SWEEPS = 8;
const MOST_COUNTED = 4000; // segments; of larger graphs the last sweep is taken

/** Sorts the cells of each row in place and gives each its `place`. */
export function order(rows, segments) {
  number(rows);
  const isCounted = segments.length <= MOST_COUNTED;
  let best = { crossings: isCounted ? crossings(rows) : Infinity, rows: rows.map((row) => [...row]) };
  for (let sweep = 0; sweep < SWEEPS && best.crossings; sweep += 1) {
    const way = sweep % 2 ? "down" : "up";
    for (const row of sweep % 2 ? rows.toReversed() : rows) sort(row, way);
    const found = isCounted ? crossings(rows) : Infinity;
    if (found < best.crossings || !isCounted) best = { crossings: found, rows: rows.map((row) => [...row]) };
  }
  rows.splice(0, rows.length, ...best.rows);
  number(rows);
}

function number(rows) {
  for (const row of rows) row.forEach((cell, place) => (cell.place = place));
}

function sort(row, way) {
  for (const cell of row) cell.pull = mean(cell[way].map(({ from, to }) => (way === "up" ? from : to).place)) ?? cell.place;
  row.sort((one, other) => one.pull - other.pull);
  row.forEach((cell, place) => (cell.place = place));
}

function mean(numbers) {
  return numbers.length ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : null;
}

function crossings(rows) {
  let found = 0;
  for (const row of rows) {
    const ends = [];
    for (const cell of row) ends.push(...cell.down.map(({ to }) => to.place).sort((one, other) => one - other));
    found += inversions(ends);
  }
  return found;
}

function inversions(numbers) {
  let found = 0;
  for (let at = 1; at < numbers.length; at += 1) {
    for (let before = 0; before < at; before += 1) if (numbers[before] > numbers[at]) found += 1;
  }
  return found;
}
