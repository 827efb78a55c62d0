/* The form before a chat: one name, one request that may safely be repeated. */
import { find, say, show } from "./dom.js";

const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

export class StartForm extends EventTarget {
  #form = find("start");
  #error = find("start-error");
  #key = newKey();
  #busy = false;

  /* describe() gives what goes with the name: params, locale, page_url. */
  constructor({ poc, describe }) {
    super();
    this.poc = poc;
    this.describe = describe;
    this.#form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
    this.#input.addEventListener("input", () => this.#explain(""));
  }

  get #input() {
    return this.#form.elements.name;
  }

  fill({ name = "" }) {
    if (!this.#input.value) this.#input.value = name;
  }

  focus() {
    this.#input.focus();
  }

  #explain(text) {
    const error = find("error", this.#form);
    error.textContent = text;
    show(error, text !== "");
    if (text) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  #fail(text) {
    this.#error.querySelector("span").textContent = text;
    show(this.#error, text !== "");
  }

  async #submit() {
    const name = this.#input.value.trim();
    this.#fail("");
    if (!name) {
      this.#explain(say("name_missing"));
      return this.focus();
    }
    if (this.#busy) return;
    this.#wait(true);
    try {
      const response = await fetch(`/chat/${this.poc}/contacts`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": this.#key },
        body: JSON.stringify({ name, ...this.describe() }),
      });
      const answer = await response.json();
      if (!response.ok) return this.#refused(answer.error ?? {});
      this.#key = newKey();
      this.dispatchEvent(new CustomEvent("started", { detail: answer }));
    } catch {
      this.#fail(say("start_failed"));
    } finally {
      this.#wait(false);
    }
  }

  #refused({ field, message }) {
    if (field === "name") {
      this.#explain(message);
      this.focus();
    } else {
      this.#fail(message || say("start_failed"));
    }
  }

  #wait(busy) {
    this.#busy = busy;
    this.#form.querySelector("[type=submit]").setAttribute("aria-disabled", String(busy));
  }
}
