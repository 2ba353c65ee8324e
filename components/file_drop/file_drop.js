// A place to drop a file: it says how far the file is, takes it back, and tells Python what the server called it.

const DROPS = new WeakMap();
const IN_A_FOLDER = /\.(png|jpe?g|gif|bmp|webp|tiff?|csv)$/i;
const MOST_FILES = 50_000;
const megabytes = (bytes) => `${Math.round(bytes / 1e5) / 10} MB`;

function made(tag, attributes, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

class FileDrop {
  constructor(root) {
    this.input = made("input", { type: "file", className: "file" });
    this.input.setAttribute("aria-label", "File");
    this.input.addEventListener("change", () => this.take(this.input.files[0]));
    const choose = made("label", { className: "choose" }, this.input, "Choose a file");
    this.folder = made("button", { type: "button", textContent: "Choose a folder of pictures" });
    this.folder.addEventListener("click", () => this.chooseFolder());
    this.limit = made("p", { className: "limit" });
    this.zone = made("div", { className: "zone" }, made("p", { textContent: "Drop a file here" }), choose, this.folder);
    this.zone.append(this.limit);
    this.bar = made("progress", { max: 1 });
    this.bar.setAttribute("aria-label", "How much of the file was sent");
    this.cancel = made("button", { type: "button", textContent: "Cancel" });
    this.cancel.addEventListener("click", () => this.stop());
    this.way = made("div", { className: "way", hidden: true }, this.bar, this.cancel);
    this.says = made("p", { className: "says" });
    this.says.setAttribute("role", "status");
    root.append(this.zone, this.way, this.says);
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.zone.addEventListener(kind, (event) => this.drag(event));
    }
  }

  show(component) {
    this.component = component;
    const { suffixes, most, done } = component.data;
    this.input.accept = suffixes.map((suffix) => `.${suffix}`).join(",");
    this.limit.textContent = `${suffixes.map((suffix) => suffix.toUpperCase()).join(", ")} · up to ${megabytes(most)}`;
    if (this.id && done === this.id) {
      this.id = null;
      this.say("");
    }
  }

  say(words, refused = false) {
    this.says.textContent = words;
    this.says.classList.toggle("refused", refused);
  }

  drag(event) {
    event.preventDefault();
    this.zone.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
    if (event.type !== "drop") return;
    const item = event.dataTransfer.items[0];
    if (item?.webkitGetAsEntry?.()?.isDirectory) this.say("Take “Choose a folder of pictures” for a folder.", true);
    else this.take(event.dataTransfer.files[0]);
  }

  chooseFolder() {
    const input = made("input", { type: "file", webkitdirectory: true });
    input.addEventListener("change", () => this.takeFolder([...input.files]));
    input.click();
  }

  /** A folder goes as one ZIP file, so that the server knows one way in. */
  async takeFolder(files) {
    const entries = files
      .map((file) => ({ file, path: file.webkitRelativePath.split("/").slice(1).join("/") }))
      .filter(({ path }) => IN_A_FOLDER.test(path) && !/(^|\/)\./.test(path))
      .sort((one, other) => (one.path < other.path ? -1 : 1));
    const bytes = entries.reduce((sum, { file }) => sum + file.size, 0);
    const name = files[0]?.webkitRelativePath.split("/")[0] ?? "";
    if (!entries.length) return this.say(`The folder ${name} has no pictures in it. Choose another.`, true);
    if (entries.length > MOST_FILES || bytes > this.component.data.most) return this.tooLarge(bytes, entries.length);
    this.say(`Packing ${entries.length} files`);
    try {
      this.take(new File([await zipped(entries)], `${name}.zip`));
    } catch {
      this.say(`A file in ${name} could not be read. Close what else uses it, then choose the folder again.`, true);
    }
  }

  tooLarge(bytes, files = 1) {
    const what = files > 1 ? `These ${files} files have` : "The file has";
    this.say(`${what} ${megabytes(bytes)}; needed are files of ${megabytes(this.component.data.most)} or smaller.`, true);
  }

  take(file) {
    this.input.value = "";
    if (!file) return;
    if (file.size > this.component.data.most) {
      this.tooLarge(file.size);
      return;
    }
    this.abort?.();
    this.moves(0);
    this.say(`Sending ${file.name}`);
    this.abort = send(file, this.component.data.project, {
      progress: (share) => this.moves(share),
      refused: (sentence) => this.ends(sentence, true),
      arrived: (reference) => {
        this.ends(`Reading ${file.name}`);
        this.id = `${Date.now()}.${Math.random()}`;
        this.component.setStateValue("file", { id: this.id, reference, name: file.name });
      },
    });
  }

  moves(share) {
    this.way.hidden = false;
    this.bar.value = share;
  }

  ends(words, refused = false) {
    this.abort = null;
    this.way.hidden = true;
    this.say(words, refused);
  }

  stop() {
    this.abort?.();
    this.ends("Cancelled. Nothing of the file was kept.");
    this.input.focus();
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!DROPS.has(root)) DROPS.set(root, new FileDrop(root));
  DROPS.get(root).show(component);
}
