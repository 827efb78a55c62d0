/* The form before a chat: its answers, and what the page around knows already. */
import { Asking } from "./asking.js";
import { find } from "./dom.js";
import { givenIn, nameOf } from "./params.js";

/* Events: started (detail: the server's answer), closed (nobody is there any more, and the draft is kept). */
export class StartForm extends Asking {
  /* describe() gives what goes with the answers: params, locale, page_url. */
  constructor({ poc, describe }) {
    super(find("start"), { place: `start:${poc}`, path: `/chat/${poc}/contacts`, failed: "start_failed", offline: "start_offline" });
    this.describe = describe;
  }

  /* What the page around told in p1 … p9: without a form they are known persons' details, with one its answers. */
  know(params) {
    if (this.#asks) this.fields.know(givenIn(params));
    else this.fill({ name: nameOf(params) });
  }

  /* What somebody began to write elsewhere. True when the text found a field. */
  take({ text, ...who }) {
    this.fill({ ...who, question: text });
    return Object.values(this.fields.values).includes(text);
  }

  focus() {
    this.fields.focus();
  }

  get #asks() {
    return this.form.querySelector("[data-p]") !== null;
  }

  body(values) {
    return { ...(this.#asks ? { answers: values } : values), ...this.describe() };
  }

  accepted(answer) {
    this.dispatchEvent(new CustomEvent("started", { detail: answer }));
  }

  settled(code) {
    if (code !== "closed" || !this.fields.save()) return false;
    return this.dispatchEvent(new Event("closed"));
  }
}
