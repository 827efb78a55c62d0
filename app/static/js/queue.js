/* The place in the queue: one big number; readers hear a change at most every 30 s. */
import { find, say, show } from "./dom.js";

const QUIET_MS = 30_000;

export class Queue {
  #panel = find("queue");
  #announce;
  #spokenAt = -QUIET_MS;

  constructor(announce) {
    this.#announce = announce;
  }

  show(place, waitSeconds) {
    show(this.#panel, true);
    if (!place) return;
    const ahead = place > 1 ? say("ahead", { n: place - 1 }) : say("next");
    find("place").textContent = new Intl.NumberFormat(document.documentElement.lang).format(place);
    find("ahead").textContent = ahead;
    const minutes = Math.ceil((waitSeconds ?? 0) / 60);
    find("wait").textContent = say("wait_minutes", { n: minutes });
    show(find("wait"), minutes > 0);
    if (performance.now() - this.#spokenAt >= QUIET_MS) {
      this.#spokenAt = performance.now();
      this.#announce(`${say("waiting_place", { n: place })}. ${ahead}`);
    }
  }

  hide() {
    show(this.#panel, false);
  }
}
