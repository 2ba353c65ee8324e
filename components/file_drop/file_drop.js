// A place to drop files: it says how far they are, takes them back, and tells Python what the server called them.

const DROPS = new WeakMap();
const LONGEST_NAME = 60;
const megabytes = (bytes) => `${Math.round(bytes / 1e5) / 10} MB`;

function made(tag, attributes, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

function short(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 12)}…${name.slice(-11)}` : name;
}

class FileDrop {
  constructor(root) {
    this.input = made("input", { type: "file", className: "file" });
    this.input.setAttribute("aria-label", "File");
    this.input.addEventListener("change", () => this.choose([...this.input.files]));
    this.wants = made("p", {});
    this.chooses = made("span", {});
    this.folder = made("button", { type: "button", textContent: "Choose a folder of pictures" });
    this.folder.addEventListener("click", () => this.chooseFolder());
    this.limit = made("p", { className: "limit" });
    const choose = made("label", { className: "choose" }, this.input, this.chooses);
    this.zone = made("div", { className: "zone" }, this.wants, choose, this.folder, this.limit);
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
    const { suffixes, most, done, noun, folders } = component.data;
    this.wants.textContent = `Drop a ${noun} here${folders ? ", or a folder of pictures" : ""}`;
    this.chooses.textContent = `Choose a ${noun}`;
    this.folder.hidden = !folders;
    this.zone.classList.toggle("small", !folders);
    this.input.multiple = folders;
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
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = [...event.dataTransfer.files];
    if (!entries.some((entry) => entry.isDirectory)) this.choose(files);
    else if (this.component.data.folders) this.gather((says) => walked(entries, this.component.data.most, says));
    else this.say(`A folder is not taken here. Send one ${this.component.data.noun}.`, true);
  }

  chooseFolder() {
    const input = made("input", { type: "file", webkitdirectory: true });
    input.addEventListener("change", () => this.gather(() => listed([...input.files], this.component.data.most)));
    input.click();
  }

  choose(files) {
    const { folders, most, noun } = this.component.data;
    this.input.value = "";
    if (!files.length) this.say(`That was no file. Send a ${noun} of your computer.`, true);
    else if (files.length === 1) this.take(files[0], folders ? refusalOfOne(files[0]) : "");
    else if (folders) this.gather(() => listed(files, most));
    else this.say(`One ${noun} is taken at a time, but ${files.length} files came. Send one of them.`, true);
  }

  /** Several files go as one ZIP file, so that the server knows one way in. */
  async gather(walk) {
    const job = this.begins("Looking at the files");
    const isLeft = () => this.job !== job;
    try {
      const all = await walk((count) => isLeft() || this.say(`Looking at the files: ${count.toLocaleString("en")}`));
      if (isLeft()) return;
      if (all.tooMuch) return this.ends(this.tooMuch(all), true);
      const { refused, entries, name } = decided(all);
      if (refused) return this.ends(refused, true);
      const left = all.others.length ? `; ${named(all.others)} left out` : "";
      this.say(`Packing ${entries.length.toLocaleString("en")} files${left}`);
      const packed = new File([await zipped(entries)], `${name}.zip`);
      if (!isLeft()) this.send(packed, entries.map(({ file }) => file), `${entries.length} files${left}`);
    } catch (error) {
      if (!isLeft()) this.ends(`A file could not be read (${error.message}). Close what else uses it, then try again.`, true);
    }
  }

  tooMuch({ found, bytes, seen }) {
    const { most } = this.component.data;
    if (bytes > most) return `That is more than ${megabytes(most)}. Send fewer or smaller pictures.`;
    const count = found.length > MOST_FILES ? MOST_FILES : seen - 1;
    return `That is more than ${count.toLocaleString("en")} files. Send fewer of them.`;
  }

  take(file, refusal) {
    const { most } = this.component.data;
    const isLarge = file.size > most;
    const large = `The file has ${megabytes(file.size)}; needed are files of ${megabytes(most)} or smaller.`;
    this.begins("");
    if (refusal || isLarge) this.ends(refusal || large, true);
    else this.send(file, [file], short(file.name));
  }

  send(file, parts, what) {
    this.say(`Sending ${what}`);
    this.abort = send(file, parts, this.component.data.project, {
      progress: (share) => (this.bar.value = share),
      refused: (sentence) => this.ends(sentence, true),
      arrived: (reference) => {
        this.ends(`Reading ${what}`);
        this.id = `${Date.now()}.${Math.random()}`;
        this.component.setTriggerValue("file", { id: this.id, reference, name: file.name });
      },
    });
  }

  /** What was on its way before is given up. */
  begins(words) {
    this.abort?.();
    this.job = {};
    this.way.hidden = false;
    this.bar.value = 0;
    this.say(words);
    return this.job;
  }

  ends(words, refused = false) {
    this.abort = null;
    this.way.hidden = true;
    this.say(words, refused);
  }

  /** Streamlit also cleans up when it only draws anew; who really left the page would not hear of the file. */
  leave(root) {
    if (root.isConnected) return;
    this.abort?.();
    this.job = null;
  }

  stop() {
    this.abort?.();
    this.job = null;
    this.ends("Cancelled. Nothing of the file was kept.");
    this.input.focus();
  }
}

/** A file that misses the place would make the browser leave the page and open it. */
function keepThePage(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

if (!window.eagerlyKeepsThePage) {
  window.eagerlyKeepsThePage = true; // the script is read anew with each page that has a place to drop
  window.addEventListener("dragover", keepThePage);
  window.addEventListener("drop", keepThePage);
}

export default function (component) {
  const root = component.parentElement;
  if (!DROPS.has(root)) DROPS.set(root, new FileDrop(root));
  DROPS.get(root).show(component);
  return () => setTimeout(() => DROPS.get(root).leave(root), 0);
}
