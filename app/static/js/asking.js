/* A form of the customer's on its way to the server: one request at a time, which may safely be repeated. */
import { say } from "./dom.js";
import { Fields } from "./fields.js";
import { whenOnline } from "./online.js";
import { announce } from "./telling.js";

const ANSWER_MS = 30_000; // after which it is asked for once more, by whoever presses the button

/* Whoever extends it says: body(values), what is sent; accepted(answer, values); settled(code), true when a refusal needs no words. */
export class Asking extends EventTarget {
  #form;
  #path;
  #failed;
  #offline;
  #busy = false;

  /* place: of the draft; path: where it is sent; failed: the key of the words when that did not work; offline: of those when there
     is no network and it is sent by itself later. */
  constructor(form, { place, path, failed, offline }) {
    super();
    this.#form = form;
    this.#path = path;
    this.#failed = failed;
    this.#offline = offline;
    this.fields = new Fields(form, place);
    form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
  }

  get form() {
    return this.#form;
  }

  fill(details) {
    this.fields.fill(details);
  }

  /* It did not work. */
  refuse() {
    this.#fail(say(this.#failed));
  }

  async #submit() {
    if (this.#busy) return;
    if (!this.fields.check()) return announce(say("check_fields"));
    this.#wait(true);
    try {
      const { values } = this.fields;
      const response = await fetch(this.#path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": this.fields.key },
        body: JSON.stringify(this.body(values)),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const answer = await response.json();
      if (!response.ok) return this.#refused(answer);
      this.fields.done();
      this.accepted(answer, values);
    } catch {
      const later = whenOnline(this, () => this.#form.checkVisibility() && this.#submit());
      this.#fail(say(later ? this.#offline : this.#failed));
    } finally {
      this.#wait(false);
    }
  }

  #refused({ error = {}, errors = error.field ? [error] : [] }) {
    if (this.settled(error.code)) return;
    // A field that does not stand here cannot tell anybody.
    if (this.fields.explain(errors)) this.#fail(error.message || say(this.#failed));
    else announce(say("check_fields"));
  }

  #fail(text) {
    this.fields.fail(text);
    announce(text);
  }

  #wait(busy) {
    this.#busy = busy;
    this.fields.wait(busy);
  }
}
