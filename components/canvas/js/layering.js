// The rank of each item: how many links lie between it and where the data comes in, at most.

/** Every link goes down; what feeds only one thing far below stands near it. */
export function ranksOf(items, links) {
  const { above, below } = neighbours(items, links);
  const order = sorted(items, above, below);
  const rank = new Map();
  for (const id of order) rank.set(id, Math.max(-1, ...above.get(id).map((one) => rank.get(one) ?? -1)) + 1);
  for (const id of order.toReversed()) {
    if (above.get(id).length || !below.get(id).length) continue;
    rank.set(id, Math.max(0, Math.min(...below.get(id).map((one) => rank.get(one))) - 1));
  }
  return rank;
}

export function neighbours(items, links) {
  const above = new Map(items.map(({ id }) => [id, []]));
  const below = new Map(items.map(({ id }) => [id, []]));
  for (const { from, to } of links) {
    above.get(to).push(from);
    below.get(from).push(to);
  }
  return { above, below };
}

/** Each after all that feed it; what goes in a circle comes last. */
function sorted(items, above, below) {
  const missing = new Map(items.map(({ id }) => [id, above.get(id).length]));
  const found = items.map(({ id }) => id).filter((id) => !missing.get(id));
  for (let place = 0; place < found.length; place += 1) {
    for (const child of below.get(found[place])) {
      missing.set(child, missing.get(child) - 1);
      if (!missing.get(child)) found.push(child);
    }
  }
  const known = new Set(found);
  return [...found, ...items.map(({ id }) => id).filter((id) => !known.has(id))];
}

/**
 * Cells in rows, and the segments between neighbouring rows; a link over several rows has a cell in each of them.
 *
 * @returns {rows: [[cell]], segments: [{from, to, isSkip}], ways: Map(link -> [cells between])}
 */
export function rowsOf(items, links, rank, half) {
  const rows = Array.from({ length: Math.max(-1, ...rank.values()) + 1 }, () => []);
  const cells = new Map();
  const put = (row, cell) => {
    const made = { row, up: [], down: [], ...cell };
    (rows[row] ??= []).push(made);
    return made;
  };
  for (const item of items) cells.set(item.id, put(rank.get(item.id), { item, left: item.left, right: item.right }));
  const segments = [];
  const ways = new Map();
  const skips = skipping(items, links, rank);
  for (const link of links) {
    const steps = [cells.get(link.from)];
    if (rank.get(link.to) <= rank.get(link.from)) continue; // a circle, which has its own problem
    for (let row = rank.get(link.from) + 1; row < rank.get(link.to); row += 1) {
      steps.push(put(row, { left: half, right: half, link }));
    }
    ways.set(link, steps.slice(1));
    steps.push(cells.get(link.to));
    for (let at = 1; at < steps.length; at += 1) {
      const segment = { from: steps[at - 1], to: steps[at], isSkip: skips.has(link) };
      segments.push(segment);
      segment.from.down.push(segment);
      segment.to.up.push(segment);
    }
  }
  return { rows, segments, ways };
}

/** Long links beside another way between the same two items, such as the shortcut of a residual block. */
function skipping(items, links, rank) {
  const long = links.filter(({ from, to }) => rank.get(to) - rank.get(from) > 1);
  const { below } = neighbours(items, links);
  return new Set(long.slice(0, 2000).filter(({ from, to }) => isReached(from, to, below, rank)));
}

function isReached(from, to, below, rank) {
  const goal = rank.get(to);
  const seen = new Set();
  const waiting = below.get(from).filter((id) => id !== to);
  while (waiting.length) {
    const id = waiting.pop();
    if (id === to) return true;
    if (seen.has(id) || rank.get(id) >= goal) continue;
    seen.add(id);
    waiting.push(...below.get(id));
  }
  return false;
}
