// The row above the curves: which curves, on which scale, how smooth; real buttons that say if they are pressed.

class Toolbar {
  /** `options` is changed in place; `changed` is called after each change. */
  constructor(parent, options, changed) {
    this.options = options;
    this.changed = changed;
    this.paint = []; // one function for each button: shows whether it is pressed
    this.root = element("header", "toolbar", parent);
    element("h3", "title", this.root, "Loss and metrics");
    this.note = element("span", "connection", this.root);
    this.note.setAttribute("role", "status");
    const curves = this.group("Curves", "pills");
    this.toggle(curves, "training", "training", "swatch training");
    this.toggle(curves, "validation", "validation", "swatch validation");
    this.toggle(this.group("Scale"), "Log", "log");
    const smoothing = this.group("Smoothing", "joined");
    element("span", "word", smoothing, "Smooth").setAttribute("aria-hidden", "true");
    for (const value of SMOOTHINGS) this.choice(smoothing, `${value || "0"}`.replace("0.", "."), "smoothing", value);
    const detail = this.group("Detail", "joined");
    this.choice(detail, "Per batch", "perBatch", true);
    this.choice(detail, "Per epoch", "perBatch", false);
    this.refresh();
  }

  group(label, className = "") {
    const group = element("div", `group ${className}`, this.root);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    return group;
  }

  toggle(group, text, name, swatch = "") {
    this.button(group, text, swatch, () => this.options[name], () => !this.options[name], name);
  }

  choice(group, text, name, value) {
    const button = this.button(group, text, "", () => this.options[name] === value, () => value, name);
    if (name === "smoothing") button.setAttribute("aria-label", value ? `Smoothing ${value}` : "No smoothing");
  }

  button(group, text, swatch, isPressed, next, name) {
    const button = element("button", "", group);
    button.type = "button";
    if (swatch) element("span", swatch, button);
    button.append(text);
    button.onclick = () => {
      this.options[name] = next();
      this.refresh();
      this.changed();
    };
    this.paint.push(() => button.setAttribute("aria-pressed", String(Boolean(isPressed()))));
    return button;
  }

  refresh() {
    for (const paint of this.paint) paint();
  }

  say(text) {
    setText(this.note, text);
  }
}
