/* The chat will close because its customer has gone quiet: the seconds, and one button to say "I am still here". Writing says it, too. */
import { find, say, show } from "./dom.js";

const OFTEN = 3; // so often within the time that the skill allows, writing is told

export class Idle {
  #panel = find("idle");
  #chat;
  #announce;
  #timer;
  #until = 0;
  #toldAt = -Infinity;
  #asking = false;

  constructor(announce) {
    this.#announce = announce;
    find("still-here").addEventListener("click", () => this.#stay(true));
    find("draft").addEventListener("input", () => this.#wrote());
  }

  /* After every change of the chat. */
  show(chat) {
    this.#chat = chat;
    const { state, facts } = chat;
    const shown = !this.#panel.hidden;
    const closing = state === "active" && typeof facts.closing_seconds === "number";
    show(this.#panel, closing);
    if (!closing) return this.stop();
    this.#until = performance.now() + facts.closing_seconds * 1000;
    this.#count();
    this.#timer ??= setInterval(() => this.#count(), 1000);
    if (!shown) this.#announce(`${find("idle-title").textContent} ${this.#words}`); // once; the seconds are only shown
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #words() {
    return say("ending_in", { n: Math.max(0, Math.ceil((this.#until - performance.now()) / 1000)) });
  }

  #count() {
    find("idle-count").textContent = this.#words;
    if (performance.now() >= this.#until) this.#chat.refresh(); // the server closes it; when it has not said so, it is asked
  }

  #wrote() {
    const { idle_seconds: seconds } = this.#chat?.facts ?? {};
    const due = !this.#panel.hidden || performance.now() - this.#toldAt > (seconds * 1000) / OFTEN;
    if (seconds && this.#chat.state === "active" && due) this.#stay(false);
  }

  /* pressed: the button is about to go, and the eyes are to be where one writes. */
  async #stay(pressed) {
    if (this.#asking) return;
    this.#asking = true;
    this.#toldAt = performance.now();
    try {
      await this.#chat.stay();
      if (!pressed) return;
      find("draft").focus();
      this.#announce(say("goes_on"));
    } catch {
      this.#toldAt = -Infinity;
      if (pressed) this.#announce(say("not_sent"));
    } finally {
      this.#asking = false;
    }
  }
}
