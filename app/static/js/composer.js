/* Where the customer writes: Enter sends, Shift+Enter breaks the line; a draft survives a reload of the tab. */
import { find, say, show } from "./dom.js";
import { draft } from "./resume.js";
import { sendable } from "./sendable.js";

const COUNT_FROM = 3800;
const MOST = 4000; // code points, as the server counts: an emoji is one

export class Composer extends EventTarget {
  #form = find("composer");
  #input = find("draft");
  #count = find("count");
  #contact = null;

  constructor() {
    super();
    this.#form.addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    this.#input.addEventListener("keydown", (event) => {
      // Enter while an input method composes picks a word; it does not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#input.addEventListener("input", () => {
      this.#changed();
      this.#tell("typing", this.#input.value !== "");
    });
    this.#input.addEventListener("blur", () => this.#tell("typing", false));
  }

  /* contact: whose draft it is, also while it is kept out of sight; null: nobody's. */
  show(contact, shown) {
    show(this.#form, shown);
    if (contact === this.#contact) return;
    this.#contact = contact;
    this.#input.value = contact === null ? "" : draft(contact);
    this.#form.dataset.contact = contact ?? "";
    this.#changed();
  }

  focus() {
    this.#input.focus();
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    this.#input.value = text;
    this.#changed();
  }

  get focused() {
    return this.#form.contains(document.activeElement);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #send() {
    const text = sendable(this.#input.value).trim();
    this.focus();
    if (!text || [...text].length > MOST) return;
    this.#input.value = "";
    this.#changed();
    this.#tell("typing", false);
    this.#tell("send", text);
  }

  #changed() {
    const { value, style } = this.#input;
    if (this.#contact !== null) draft(this.#contact, value);
    const length = value.length < COUNT_FROM ? 0 : [...value].length;
    show(this.#count, length >= COUNT_FROM);
    this.#count.textContent = length > MOST ? say("too_long") : say("left_over", { n: MOST - length });
    this.#input.setAttribute("aria-invalid", String(length > MOST));
    if (CSS.supports("field-sizing", "content")) return;
    style.blockSize = "auto";
    style.blockSize = `${this.#input.scrollHeight}px`;
  }
}
