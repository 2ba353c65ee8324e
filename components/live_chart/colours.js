// Colours of the theme in the form that plotly.js reads.

const BRUSH = document.createElement("canvas").getContext("2d");

/** Any CSS colour as `#rrggbb`. */
function hex(colour, otherwise) {
  BRUSH.fillStyle = otherwise;
  BRUSH.fillStyle = colour || otherwise;
  const text = BRUSH.fillStyle;
  if (text.startsWith("#")) return text;
  const [red, green, blue] = text.match(/[\d.]+/g).map(Number);
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

function parts(colour) {
  return [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
}

/** `share` of the way from one colour to the other. */
function blend(from, to, share) {
  const goal = parts(to);
  const mixed = parts(from).map((part, place) => Math.round(part + (goal[place] - part) * share));
  return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function lightness(colour) {
  const [red, green, blue] = parts(colour);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
