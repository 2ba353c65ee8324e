// Finds layers by what is typed: the beginning of a name first, then parts of it, then its purpose.

/** [[layer, row]] that can be added; `all`: those that are rarely used too. */
export function matching(catalog, typed, { all = false } = {}) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const offered = Object.entries(catalog).filter(([, row]) => row.offered && (row.is_common || all));
  if (!words.length) return offered;
  const found = offered.map((entry) => [score(entry, words), entry]).filter(([points]) => points);
  return found.sort(([one], [other]) => other - one).map(([, entry]) => entry);
}

function score([layer, row], words) {
  const name = layer.toLowerCase();
  const capitals = layer.replace(/[^A-Z0-9]/g, "").toLowerCase();
  let points = 1 + (row.taught ? 1 : 0) + (row.is_common ? 3 : 0);
  for (const word of words) {
    if (name === word) points += 100;
    else if (name.startsWith(word)) points += 40;
    else if (capitals.startsWith(word)) points += 30;
    else if (name.includes(word)) points += 20;
    else if (row.summary.toLowerCase().includes(word)) points += 5;
    else return 0;
  }
  return points;
}
