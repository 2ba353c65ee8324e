// What the user sees: the server's document, with what this tab did and the server has not yet acknowledged.

import { Refused, apply, normal } from "./document.js";

const TRAVELS = ["undo", "redo"];

/**
 * One project in one browser tab. Each operation has a number; all that are pending are sent each time, and the server
 * does each once. Nothing here touches the page or the network.
 */
export class Sync {
  #base = null; // the server's document, as it came last
  #view = null; // the base with what is pending
  #project = null;

  /**
   * @param client this tab's own name for itself, at most 64 characters.
   * @param catalog as `apply` takes it.
   * @param pending what an earlier page of the same tab could not bring to the server.
   */
  constructor(client, catalog = {}, pending = []) {
    this.client = client;
    this.catalog = catalog;
    this.pending = pending;
    this.seq = pending.at(-1)?.seq ?? 0;
    this.revision = -1;
    this.ack = 0;
    this.blocked = []; // pending operations that cannot be done here now: [{seq, op, reason}]; the server decides
  }

  /** The document with everything that this tab did; null before the first `receive`. */
  document() {
    return this.#view;
  }

  /**
   * Do an operation at once and queue it; `{op: "undo"}` and `{op: "redo"}` too.
   *
   * @returns {seq, op}, which is now the last of `pending`.
   * @throws Refused with a sentence, if it cannot be done; then nothing is queued.
   */
  send(op) {
    if (!this.#view) throw new Refused("", "the model is not here yet. Wait a moment.");
    const isTravel = TRAVELS.includes(op?.op);
    const view = isTravel ? null : apply(this.#view, op, this.catalog);
    const sent = { seq: ++this.seq, op };
    this.pending = [...this.pending, sent];
    if (isTravel) this.#rebase();
    else this.#view = view;
    return sent;
  }

  /**
   * Take what the server says; older news than what is here is passed over.
   *
   * @param news {model, revision, client, ack, project}: `ack` is the last operation of `client` that was done or
   *   refused; `project` may be left out where it never changes.
   * @returns whether it was news.
   */
  receive({ model, revision, client, ack, project = null }) {
    if (this.#base && project !== this.#project) this.#forget();
    if (revision < this.revision) return false;
    const mine = client === this.client ? Math.max(ack ?? 0, this.ack) : this.ack;
    const isNews = revision > this.revision || mine > this.ack;
    if (!isNews) return false;
    if (revision > this.revision) this.#base = normal(model);
    Object.assign(this, { revision, ack: mine, seq: Math.max(this.seq, mine) });
    this.#project = project;
    this.pending = this.pending.filter(({ seq }) => seq > mine);
    this.#rebase();
    return true;
  }

  /** Another project: what was meant for the one before is not done to it. */
  #forget() {
    this.#base = this.#view = null;
    this.revision = -1;
    this.pending = [];
  }

  /** Undo takes back what is pending; what goes further back only the server knows, and it answers soon. */
  #rebase() {
    const states = [this.#base];
    const undone = [];
    this.blocked = [];
    for (const { seq, op } of this.pending) {
      if (op.op === "undo" && states.length > 1) undone.push(states.pop());
      else if (op.op === "redo" && undone.length) states.push(undone.pop());
      else if (!TRAVELS.includes(op.op)) this.#try(states, undone, seq, op);
    }
    this.#view = states.at(-1);
  }

  #try(states, undone, seq, op) {
    try {
      states.push(apply(states.at(-1), op, this.catalog));
      undone.length = 0;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.blocked.push({ seq, op, reason: error.message });
    }
  }
}
