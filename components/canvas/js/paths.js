// The ways that links are drawn along: smooth, downwards, around what stands between.

const MARGIN = 18;
const NEAR = 26;

/** Where a port is, relative to its item's upper left corner. */
export function portX(width, index, total) {
  const room = Math.min(44, (width - 40) / Math.max(1, total));
  return width / 2 + (index - (total - 1) / 2) * room;
}

/** `M… C…` through all points, with the middle of its last part for the label. */
export function path(points) {
  let d = `M${points[0][0]},${points[0][1]}`;
  for (let at = 1; at < points.length; at += 1) d += part(points[at - 1], points[at]);
  return d;
}

function part([x, y], [toX, toY]) {
  if (Math.abs(x - toX) < 0.5) return `L${toX},${toY}`;
  const bend = toY > y ? (toY - y) / 2 : Math.max(40, Math.min(160, (y - toY) / 2));
  return `C${x},${y + bend} ${toX},${toY - bend} ${toX},${toY}`;
}

/** Where the link's shape is written: on the side from which it comes, so that two into one layer keep apart. */
export function labelSpot(points) {
  const [x, y] = points.at(-2);
  const [toX, toY] = points.at(-1);
  if (points.length > 2) {
    const isRight = x > points[0][0];
    return { x: x + (isRight ? 8 : -8), y: (points[1][1] + y) / 2 + 4, anchor: isRight ? "start" : "end" };
  }
  const isStraight = Math.abs(x - toX) < 30;
  if (isStraight) {
    const isLeft = toX < x - 0.5;
    const height = Math.max(y, toY - 46) + 14; // near its beginning: what comes from aside arrives lower
    return { x: isLeft ? toX - 8 : Math.max(x, toX) + 8, y: height, anchor: isLeft ? "end" : "start" };
  }
  const isLeft = x < toX;
  return { x: (x + toX) / 2 + (isLeft ? -8 : 8), y: (y + toY) / 2 + 15, anchor: isLeft ? "end" : "start" };
}

/** Points beside the boxes that a straight way would run behind. */
export function detour([x, y], [toX, toY], boxes) {
  if (toY <= y) return [];
  const at = (height) => x + ((toX - x) * (height - y)) / (toY - y);
  const hit = boxes.filter(
    (box) =>
      box.y > y - 4 &&
      box.y + box.height < toY + 4 &&
      Math.max(at(box.y), at(box.y + box.height)) > box.x - 4 &&
      Math.min(at(box.y), at(box.y + box.height)) < box.x + box.width + 4,
  );
  if (!hit.length) return [];
  const left = Math.min(...hit.map((box) => box.x)) - MARGIN;
  const right = Math.max(...hit.map((box) => box.x + box.width)) + MARGIN;
  const middle = (x + toX) / 2;
  const side = middle - left < right - middle - NEAR ? left : right;
  const top = Math.min(...hit.map((box) => box.y));
  const bottom = Math.max(...hit.map((box) => box.y + box.height));
  return [
    [side, top],
    [side, bottom],
  ];
}
