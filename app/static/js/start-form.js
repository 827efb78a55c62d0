/* The form before a chat: its answers, and one request that may safely be repeated. */
import { find, say } from "./dom.js";
import { Fields } from "./fields.js";
import { givenIn, nameOf } from "./params.js";
import { announce } from "./telling.js";

/* Events: started (detail: the server's answer), closed (nobody is there any more, and the draft is kept). */
export class StartForm extends EventTarget {
  #form = find("start");
  #fields;
  #busy = false;

  /* describe() gives what goes with the answers: params, locale, page_url. */
  constructor({ poc, describe }) {
    super();
    this.poc = poc;
    this.describe = describe;
    this.#fields = new Fields(this.#form, `start:${poc}`);
    this.#form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
  }

  /* details: name, email, phone, question, fields by their names. */
  fill(details) {
    this.#fields.fill(details);
  }

  /* What the page around told in p1 … p9: without a form they are known persons' details, with one its answers. */
  know(params) {
    if (this.#asks) this.#fields.know(givenIn(params));
    else this.fill({ name: nameOf(params) });
  }

  /* What somebody began to write elsewhere. True when the text found a field. */
  take({ text, ...who }) {
    this.fill({ ...who, question: text });
    return Object.values(this.#fields.values).includes(text);
  }

  get #asks() {
    return this.#form.querySelector("[data-p]") !== null;
  }

  focus() {
    this.#fields.focus();
  }

  async #submit() {
    if (this.#busy) return;
    if (!this.#fields.check()) return announce(say("check_fields"));
    this.#wait(true);
    try {
      const { values } = this.#fields;
      const said = this.#asks ? { answers: values } : values;
      const response = await fetch(`/chat/${this.poc}/contacts`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": this.#fields.key },
        body: JSON.stringify({ ...said, ...this.describe() }),
      });
      const answer = await response.json();
      if (!response.ok) return this.#refused(answer);
      this.#fields.done();
      this.dispatchEvent(new CustomEvent("started", { detail: answer }));
    } catch {
      this.#fail(say("start_failed"));
    } finally {
      this.#wait(false);
    }
  }

  #refused({ error = {}, errors = error.field ? [error] : [] }) {
    if (error.code === "closed" && this.#fields.save()) return this.dispatchEvent(new Event("closed"));
    // A field that does not stand here cannot tell anybody.
    if (this.#fields.explain(errors)) this.#fail(error.message || say("start_failed"));
    else announce(say("check_fields"));
  }

  #fail(text) {
    this.#fields.fail(text);
    announce(text);
  }

  #wait(busy) {
    this.#busy = busy;
    this.#fields.wait(busy);
  }
}
