// Walks through what was dropped or chosen, folders too, and stops as soon as it is too much.

const PICTURE = /\.(png|jpe?g|gif|bmp|webp|tiff?)$/i;
const LABELS = /\.csv$/i;
const HIDDEN = /(^|\/)(\.|__MACOSX)/; // what the server leaves out too
const MOST_FILES = 50_000; // as many as the server reads of an archive
const MOST_SEEN = 500_000;

const isPacked = (path) => (PICTURE.test(path) || LABELS.test(path)) && !HIDDEN.test(path);

/** Files one by one, until they are too many or too large: `{found, others, bytes, tooMuch}`. */
class Found {
  constructor(mostBytes) {
    Object.assign(this, { mostBytes, found: [], others: [], bytes: 0, seen: 0 });
  }

  get tooMuch() {
    return this.bytes > this.mostBytes || this.found.length > MOST_FILES || this.seen > MOST_SEEN;
  }

  async add(path, read) {
    if (!isPacked(path)) {
      if (!HIDDEN.test(path)) this.others.push(path);
      return;
    }
    const file = await read();
    this.found.push({ path, file });
    this.bytes += file.size;
  }
}

/** `entries` of `webkitGetAsEntry`, with the names of the folders that they are in. */
async function walked(entries, mostBytes, says) {
  const all = new Found(mostBytes);
  const left = entries.map((entry) => ({ entry, path: entry.name }));
  while (left.length && !all.tooMuch) {
    const { entry, path } = left.pop();
    all.seen += 1;
    if (entry.isDirectory && !HIDDEN.test(path)) {
      for (const inside of await inFolder(entry)) left.push({ entry: inside, path: `${path}/${inside.name}` });
      says(all.found.length);
    } else if (entry.isFile) {
      await all.add(path, () => new Promise((done, failed) => entry.file(done, failed)));
    }
  }
  return all;
}

/** A browser hands the entries of a folder out by the hundred, and none when there are no more. */
async function inFolder(folder) {
  const [reader, all] = [folder.createReader(), []];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return all;
    all.push(...some);
  }
}

/** The same for files that were chosen; those of a chosen folder know their path. */
async function listed(files, mostBytes) {
  const all = new Found(mostBytes);
  for (const file of files) {
    if (all.tooMuch) break;
    await all.add(file.webkitRelativePath || file.name, () => file);
  }
  return all;
}
