// What is sent of several files or a folder: all its pictures as one ZIP file, or nothing, with the reason.

const named = (paths) => `“${paths[0]}”${paths.length > 1 ? ` and ${(paths.length - 1).toLocaleString("en")} more` : ""}`;

/** A single file that is refused before it is sent: why; an empty text if it is taken. */
function refusalOfOne(file) {
  if (!PICTURE.test(file.name)) return "";
  return `“${file.name}” is a single picture. To learn from pictures, send a folder that holds a folder for each class.`;
}

/** Of `found` and `others`, as `walking.js` has them: `{entries, name}` to be packed, or `{refused}`. */
function decided({ found, others }) {
  const pictures = found.filter(({ path }) => PICTURE.test(path));
  const [folder, ...more] = new Set([...found.map(({ path }) => path), ...others].map(topFolder));
  const name = more.length ? "" : folder;
  if (!pictures.length) return { refused: withoutPictures([...found.map(({ path }) => path), ...others], name) };
  const inside = name ? name.length + 1 : 0; // a folder that holds everything is no class
  const entries = found.map(({ path, file }) => ({ path: path.slice(inside), file }));
  const loose = entries.filter(({ path }) => PICTURE.test(path) && !path.includes("/"));
  if (loose.length && !entries.some(({ path }) => LABELS.test(path))) return { refused: withoutClass(loose) };
  return { entries: entries.sort((one, other) => (one.path < other.path ? -1 : 1)), name: name || "Pictures" };
}

function topFolder(path) {
  return path.includes("/") ? path.split("/")[0] : "";
}

function withoutPictures(paths, folder) {
  if (!paths.length) return "There are no files in it. Choose another.";
  if (folder) return `The folder “${folder}” has no pictures in it. A table is sent as a file by itself.`;
  return `One table is taken at a time, but ${paths.length} files came: ${named(paths)}. Send the one to learn from.`;
}

function withoutClass(loose) {
  return (
    `${named(loose.map(({ path }) => path))} ${loose.length > 1 ? "are" : "is"} in no folder, so the class is unknown. ` +
    "Put each picture into a folder named by its class, or send a CSV file of names and labels along with them."
  );
}
