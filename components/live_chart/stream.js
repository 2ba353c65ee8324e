// One connection to a run's events: it resumes where it was, waits while the tab is hidden, and closes for good.

const PATIENCE = 15000; // milliseconds without a connection before "reconnecting" becomes "lost"

class Stream {
  /** `on` has entries(list), state(word, sentence) and end(). Words: connecting, open, reconnecting, lost, gone. */
  constructor(run, on) {
    this.run = run;
    this.on = on;
    this.seq = 0;
    this.isDone = false;
    this.lostSince = null;
    this.onVisible = () => (document.hidden ? this.pause() : this.open());
    document.addEventListener("visibilitychange", this.onVisible);
    this.on.state("connecting");
    this.open();
  }

  get address() {
    const url = new URL(`live/${encodeURIComponent(this.run)}`, document.baseURI);
    if (this.seq) url.searchParams.set("from", this.seq);
    return url;
  }

  open() {
    if (this.isDone || this.source) return;
    clearTimeout(this.timer);
    const source = (this.source = new EventSource(this.address));
    source.onopen = () => {
      this.lostSince = null;
      this.on.state("open");
    };
    source.onmessage = (message) => {
      if (source !== this.source) return;
      this.seq = Number(message.lastEventId) || this.seq;
      this.on.entries(JSON.parse(message.data));
    };
    source.addEventListener("end", () => {
      this.close();
      this.on.end();
    });
    source.onerror = () => this.failed(source);
  }

  failed(source) {
    if (source !== this.source) return;
    this.lostSince ??= performance.now();
    this.on.state(performance.now() - this.lostSince > PATIENCE ? "lost" : "reconnecting");
    if (source.readyState === EventSource.CLOSED) {
      this.pause(); // the answer was not a stream: the browser has given up, so ask why
      this.ask();
    }
  }

  async ask() {
    const asking = new AbortController();
    try {
      const answer = await fetch(this.address, { signal: asking.signal });
      if (answer.status === 404) {
        const { message } = await answer.json();
        this.close();
        this.on.state("gone", message);
        return;
      }
    } catch {
      // no server: try again below
    } finally {
      asking.abort();
    }
    if (!this.isDone) this.timer = setTimeout(() => this.open(), 2000);
  }

  /** Close the connection and remember the place; a hidden tab would keep one of the browser's few. */
  pause() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  close() {
    this.isDone = true;
    this.pause();
    document.removeEventListener("visibilitychange", this.onVisible);
  }
}
