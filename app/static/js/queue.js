/* While the customer waits: one big number, an honest estimate, and texts that take turns. Readers hear a change at most every 30 s. */
import { find, say, show } from "./dom.js";

const QUIET_MS = 30_000;
const TURN_MS = 5000;
const SHOWN = 168; // characters of a text; the rest is a click away
const ROOM = { small: 57, regular: 47, huge: 28 }; // characters of the plain line, by text size

function minutes(range) {
  if (!range) return "";
  const [low, high] = range;
  return low === high ? say("minutes", { n: low }) : say("minutes_range", { low, high });
}

export class Queue {
  #panel = find("queue");
  #line = find("queue-line");
  #turns = find("queue-turns");
  #more = find("queue-more");
  #whole = this.#more?.textContent;
  #words = [];
  #texts = [];
  #announce;
  #spoken = "";
  #spokenAt = -Infinity;
  #waiting = null; // what is to be said when the quiet time is over
  #timer;

  constructor(announce) {
    this.#announce = announce;
    if (this.#line) find("text-size").addEventListener("click", () => this.#write());
    if (!this.#turns) return;
    this.#texts[0] = find("queue-text", this.#turns).textContent;
    this.#more.addEventListener("click", () => this.#toggle());
    for (const type of ["pointerenter", "pointerleave"]) this.#turns.addEventListener(type, () => this.#beat(true));
  }

  /* facts: wait_minutes ([low, high] or nothing) and queue_message of the last that was told. */
  show(place, facts) {
    show(this.#panel, true);
    const ahead = place > 1 ? say("ahead", { n: place - 1 }) : place ? say("next") : say("waiting");
    const wait = place ? minutes(facts.wait_minutes) : "";
    this.#words = [ahead, wait];
    if (this.#line) this.#write();
    else if (place) this.#number(place, ahead, wait);
    if (this.#turns) this.#say(facts.queue_message ?? "");
    if (place) this.#speak([say("waiting_place", { n: place }), ahead, wait, this.#texts[1]].filter(Boolean).join(". "));
  }

  hide() {
    show(this.#panel, false);
    clearTimeout(this.#waiting);
    this.#waiting = null;
    this.#beat(false);
  }

  #write() {
    const [ahead, wait] = this.#words;
    const both = wait ? `${ahead} · ${wait}` : (ahead ?? "");
    this.#line.textContent = both.length <= ROOM[document.documentElement.dataset.text] ? both : ahead;
  }

  #number(place, ahead, wait) {
    find("place").textContent = new Intl.NumberFormat(document.documentElement.lang).format(place);
    find("ahead").textContent = ahead;
    find("wait").textContent = wait;
    show(find("wait"), wait !== "");
  }

  /* The script's text takes turns with the profile's. */
  #say(text) {
    if (this.#texts[1] !== text) {
      this.#texts[1] = text;
      this.#render();
    }
    this.#beat(true);
  }

  get #open() {
    return this.#more.getAttribute("aria-expanded") === "true";
  }

  #toggle() {
    this.#more.setAttribute("aria-expanded", String(!this.#open));
    this.#render();
    this.#beat(true);
  }

  #render() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const cut = this.#texts.some((text) => [...text].length > SHOWN);
    this.#turns.classList.toggle("queue-turns--all", this.#open);
    for (const [n, text] of [...this.#turns.children].entries()) {
      text.replaceChildren(...(this.#open ? [this.#texts[n]] : this.#shortened(this.#texts[n])));
      show(text, this.#texts[n] !== "");
    }
    // Whoever wants to read in peace stops the turns with the same button.
    this.#more.textContent = cut ? this.#whole : say("show_both");
    show(this.#more, cut || (!still && this.#texts[1] !== ""));
  }

  /* Readers get all of it. */
  #shortened(text) {
    const letters = [...text];
    if (letters.length <= SHOWN) return [text];
    const [seen, read] = [document.createElement("span"), document.createElement("span")];
    seen.textContent = `${letters.slice(0, SHOWN - 1).join("").trimEnd()}…`;
    seen.setAttribute("aria-hidden", "true");
    read.textContent = text;
    read.className = "visually-hidden";
    return [seen, read];
  }

  #beat(on) {
    if (!on || !this.#texts[1] || this.#open || this.#turns.matches(":hover")) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else this.#timer ??= setInterval(() => this.#turns.toggleAttribute("data-second"), TURN_MS);
  }

  #speak(text) {
    if (text === this.#spoken) return;
    const left = this.#spokenAt + QUIET_MS - performance.now();
    clearTimeout(this.#waiting);
    this.#waiting = null;
    if (left > 0) {
      this.#waiting = setTimeout(() => this.#speak(text), left);
      return;
    }
    this.#spoken = text;
    this.#spokenAt = performance.now();
    this.#announce(text);
  }
}
