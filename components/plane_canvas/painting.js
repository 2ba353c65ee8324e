// From the bytes of a picture to pixels: classes by their colour, numbers and units from blue over none to orange.

const LOW = [59, 111, 212];
const HIGH = [228, 87, 46];

/** The bytes of a base64 text. */
function bytes(text) {
  const raw = atob(text);
  const values = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) values[at] = raw.charCodeAt(at);
  return values;
}

function rgb(colour) {
  return [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
}

/** Put `paint(place)` = [r, g, b, share] of each point on a canvas of `size` × `size`, the smallest y at the bottom. */
function fill(canvas, size, paint) {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  const image = context.createImageData(size, size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [red, green, blue, share] = paint((size - 1 - row) * size + column);
      image.data.set([red, green, blue, 255 * share], 4 * (row * size + column));
    }
  }
  context.putImageData(image, 0, 0);
}

/** One byte as a colour: 128 is nothing, more is orange, less is blue. */
function signed(value) {
  return [...(value < 128 ? LOW : HIGH), (0.85 * Math.abs(value - 128)) / 128];
}

/** What the model says, as a function from a point's place to its colour. */
function answerPaint(found, palette) {
  if (found.task === "regression") {
    const values = bytes(found.values);
    return (place) => signed(values[place]);
  }
  const [classes, sure] = [bytes(found.classes), bytes(found.sure)];
  const colours = found.class_names.map((_, place) => rgb(palette[place % palette.length]));
  return (place) => [...colours[classes[place]], 0.06 + (0.54 * sure[place]) / 255];
}

/** The colour of a row by its class or value. */
function rowColour(found, palette, label) {
  if (found.task !== "regression") return palette[label % palette.length];
  const [low, high] = found.range;
  const share = high > low ? (label - low) / (high - low) : 0.5;
  const [red, green, blue, strength] = signed(Math.round(255 * share));
  return `rgba(${red},${green},${blue},${0.15 + strength})`;
}
