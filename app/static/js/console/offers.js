/* The loudest thing there is: countdown, a sound every five seconds, the title of the tab, and words for screen readers. */
import { find, say } from "../dom.js";
import { choice } from "../resume.js";
import { correct, now, paint } from "./ticking.js";

const SOUND_MS = 5000;
const PAINT_MS = 250;
const TITLE_MS = 1000;

export class Offers extends EventTarget {
  #title = document.title;
  #said = new Set();
  #ring;
  #paint;
  #flash;

  constructor(root, sound) {
    super();
    this.root = root;
    this.sound = sound;
    const notices = find("notices");
    notices.checked = choice("notices") === "on";
    notices.addEventListener("change", () => {
      choice("notices", notices.checked ? "on" : "off");
      if (notices.checked) globalThis.Notification?.requestPermission();
    });
    root.addEventListener("submit", ({ target }) => {
      if (target.querySelector("[data-accept]")) this.#tell("accepted", target.closest("[data-offer]").dataset.contact);
    });
  }

  get cards() {
    return [...this.root.querySelectorAll("[data-offer]")];
  }

  /* The fragment was rendered anew. */
  read() {
    correct(find("offers", this.root).dataset.now);
    const cards = this.cards;
    for (const { dataset } of cards) {
      if (this.#said.has(dataset.offer)) continue;
      this.#said.add(dataset.offer);
      find("alert").textContent = say("offer_said", { name: dataset.name });
      this.#notify(dataset.name);
    }
    if (!cards.length && find("alert").textContent) find("alert").textContent = "";
    paint(this.root);
    if (cards.length) this.#begin();
    else this.#end();
  }

  /* Nothing can be decided any more, so nothing rings. */
  clear() {
    for (const card of this.cards) card.remove();
    find("alert").textContent = "";
    this.#end();
  }

  decide(how) {
    find(how, this.root)?.click();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #begin() {
    this.#draw();
    if (this.#ring) return;
    this.sound.play("offer");
    this.#ring = setInterval(() => this.sound.play("offer"), SOUND_MS);
    this.#paint = setInterval(() => this.#draw(), PAINT_MS);
    let on = false;
    this.#flash = setInterval(() => {
      on = !on;
      document.title = on && this.cards[0] ? say("offer_title", { name: this.cards[0].dataset.name }) : this.#title;
    }, TITLE_MS);
  }

  #end() {
    for (const timer of [this.#ring, this.#paint, this.#flash]) clearInterval(timer);
    this.#ring = null;
    document.title = this.#title;
  }

  #draw() {
    for (const card of this.cards) {
      const [from, until] = [Date.parse(card.dataset.offered), Date.parse(card.dataset.deadline)];
      const left = Math.max(0, until - now());
      find("bar", card).value = left / (until - from);
      find("seconds", card).textContent = say("seconds_left", { n: Math.ceil(left / 1000) });
    }
  }

  /* Only when the agent has asked for it, and only when the page is out of sight. */
  #notify(name) {
    if (!document.hidden || choice("notices") !== "on" || globalThis.Notification?.permission !== "granted") return;
    const notice = new Notification(say("offer_title", { name }), { tag: "clavardage-offer" });
    notice.onclick = () => focus();
  }
}
