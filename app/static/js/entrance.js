/* Before a chat: the form; on a page that was made while closed the opening times, until it opens. */
import { Closed } from "./closed.js";
import { find, say, show } from "./dom.js";
import { reachable } from "./online.js";
import { StartForm } from "./start-form.js";

/* Events: started (detail: the server's answer), open (the form may be shown, nothing written is lost). */
export class Entrance extends EventTarget {
  #start;
  #closed;
  #visit;

  constructor({ poc, visit }) {
    super();
    const options = { poc, describe: () => visit.facts };
    this.#start = new StartForm(options);
    this.#closed = Closed.of(options);
    this.#visit = visit;
    this.#start.addEventListener("started", ({ detail }) => this.dispatchEvent(new CustomEvent("started", { detail })));
    this.#start.addEventListener("closed", async () => (await reachable(location.href)) ? location.reload() : this.#start.refuse());
    this.#closed?.addEventListener("open", ({ detail }) => this.#open(detail));
  }

  /* The window's state without a chat. */
  get state() {
    return this.#closed?.shut ? "closed" : "start";
  }

  focus() {
    if (this.#closed?.shut) find("closed-title").focus();
    else this.#start.focus();
  }

  /* What the page around knows of the customer. */
  know(params, details) {
    this.#start.know(params);
    this.fill(details);
    this.show();
  }

  fill(details = {}) {
    this.#start.fill(details);
    this.#closed?.fill(details);
  }

  /* One more text that has no chat yet: it stands in the field as soon as one has begun, and is seen before. */
  add(text) {
    this.#visit.left = [this.#visit.left, text].filter(Boolean).join("\n\n");
    this.show();
  }

  /* While closed it becomes part of the message that may be left. */
  show() {
    if (this.#closed?.shut && this.#closed.take(this.#visit.left)) this.#visit.left = "";
    for (const place of document.querySelectorAll("[data-carried]")) {
      find("carried-text", place).textContent = this.#visit.left;
      show(place, this.#visit.left !== "");
    }
  }

  /* A message that was being written becomes the answer to a question, or else the first thing in the chat. */
  #open(written) {
    if (!this.#start.take(written)) this.add(written.text);
    find("start-lead").textContent = say("open_now");
    show(find("start-lead"), true);
    this.dispatchEvent(new Event("open"));
  }
}
