/* Typing, both ways: ours ends after 5 s of rest; theirs fades when no news comes. Live keeps the rate. */
import { find, say, show } from "./dom.js";

const REST_MS = 5000;
const STALE_MS = 8000;

export class Typing {
  #line = find("typing");
  #rest;
  #stale;

  /* tell(on) sends ours; announce(text) speaks theirs to readers. */
  constructor({ tell, announce }) {
    this.tell = tell;
    this.announce = announce;
  }

  own(on) {
    clearTimeout(this.#rest);
    if (on) this.#rest = setTimeout(() => this.tell(false), REST_MS);
    this.tell(on);
  }

  other(on, name = "") {
    clearTimeout(this.#stale);
    const begins = on && this.#line.hidden;
    if (on) {
      find("typing-text").textContent = say("typing", { name });
      this.#stale = setTimeout(() => this.other(false), STALE_MS);
    }
    if (begins) this.announce(say("typing", { name }));
    show(this.#line, on);
  }
}
