/* One conversation: its log, its composer with a draft, who is typing, and how it ends. */
import { find, say, show } from "../dom.js";
import { attachLog } from "../log.js";
import { draft } from "../resume.js";
import { span } from "./ticking.js";

const REST_MS = 5000;
const STALE_MS = 8000;
const QUIET_MS = 1500; // the history that pours in at first is no news to a screen reader
const COUNT_FROM = 3800;

export class Pane {
  unread = 0;
  dropped = false; // no longer ours
  gone = false; // and the list was seen without it
  frozen = false; // nothing more can be written
  ended = false;
  handing = false; // on its way to another skill
  #log;
  #rest;
  #stale;
  #before;
  #watch;

  constructor(element, desk) {
    this.element = element;
    this.desk = desk;
    this.id = Number(element.dataset.contact);
    this.name = element.dataset.name;
    this.#before = Number(element.dataset.lastSeq);
    this.#attach();
    setTimeout(() => element.querySelector("[role=log]")?.removeAttribute("aria-busy"), QUIET_MS);
    element.addEventListener("submit", (event) => this.#submitted(event));
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("input", ({ target }) => target.matches("[data-draft]") && this.#typed(target));
    element.addEventListener("focusout", ({ target }) => target.matches("[data-draft]") && this.#tell(false));
    element.addEventListener("click", ({ target }) => this.#clicked(target));
    this.#watch = new MutationObserver(() => this.#footChanged());
    this.#watch.observe(element, { childList: true });
    this.#restore();
  }

  get state() {
    return find("foot", this.element)?.dataset.foot;
  }

  focus() {
    (find("draft", this.element) ?? this.element.querySelector("select, textarea") ?? this.element).focus();
  }

  remove() {
    this.#watch.disconnect();
    clearTimeout(this.#rest);
    clearTimeout(this.#stale);
    this.#log.detach();
    this.desk.live.unsubscribe(this.id);
    this.element.remove();
  }

  /* The agent looks at it. True when something was unread. */
  seen() {
    const had = this.unread > 0;
    this.unread = 0;
    this.element.removeAttribute("data-unread");
    return had;
  }

  /* Lines up to the number that stood when the pane was made are the past: no sound, nothing unread. */
  line({ own, kind, seq }) {
    if (kind === "ended") this.ended = true;
    if (own || seq <= this.#before) return;
    if (kind === "text") {
      this.typing({ on: false });
      this.desk.sound.play("message");
    }
    if (kind === "ended") this.desk.changed(this.id);
    if (this.desk.current === String(this.id) && document.hasFocus()) return;
    this.unread += 1;
    this.element.setAttribute("data-unread", "");
    find("status").textContent = say("message_from", { name: this.name });
    this.desk.tell("unread");
  }

  typing({ on, by }) {
    if (by === "agent") return;
    clearTimeout(this.#stale);
    find("typing-text", this.element).textContent = on ? say("typing", { name: this.name }) : "";
    if (on) this.#stale = setTimeout(() => this.typing({ on: false }), STALE_MS);
  }

  /* The contact is no longer ours. What was typed stays readable until the agent closes the pane. */
  lost() {
    this.dropped = true;
    this.#notice(say("dropped"));
    show(find("close", this.element), true);
    this.freeze();
  }

  /* What was typed can be read and copied, nothing more. */
  freeze() {
    this.frozen = true;
    this.element.setAttribute("data-frozen", "");
    this.typing({ on: false });
    for (const hook of ["end-ask", "transfer-ask"]) show(find(hook, this.element), false);
    for (const field of this.element.querySelectorAll(":is(textarea, select, .composer-send, .wrap-up button)")) {
      if (field.matches("textarea")) Object.assign(field, { readOnly: true, placeholder: "" });
      else field.disabled = true;
    }
  }

  gap({ seconds, lines }) {
    this.#notice(say("gap", { time: span(seconds * 1000), n: lines }));
  }

  /* Another database: the log is read anew. */
  reset() {
    this.#log.detach();
    const log = find("log", this.element);
    log.replaceChildren();
    log.dataset.seq = "0";
    log.removeAttribute("data-epoch");
    this.#attach();
  }

  #attach() {
    this.#log = attachLog(find("log", this.element), this.desk.live, (n) => say("new_lines", { n }));
  }

  #notice(text) {
    const place = find("notice", this.element);
    place.querySelector("span").textContent = text;
    show(place, Boolean(text));
  }

  #restore() {
    const input = find("draft", this.element);
    if (input) {
      input.value = draft(this.#draftKey);
      this.#size(input);
    }
  }

  get #draftKey() {
    return `agent:${this.id}`;
  }

  #footChanged() {
    if (this.state === "active") return this.#restore();
    for (const hook of ["end-ask", "transfer-ask"]) show(find(hook, this.element), false);
    find("typing-text", this.element).textContent = "";
    const rest = draft(this.#draftKey);
    const unsent = find("unsent", this.element);
    if (unsent) {
      unsent.querySelector("span").textContent = rest;
      show(unsent, Boolean(rest));
    }
    if (this.state === "over") draft(this.#draftKey, "");
  }

  #submitted(event) {
    if (!event.target.matches("[data-composer]")) return;
    event.preventDefault();
    const input = find("draft", this.element);
    const text = input.value.trim();
    input.focus();
    if (!text || this.frozen) return;
    input.value = "";
    draft(this.#draftKey, "");
    this.#size(input);
    this.#tell(false);
    this.#notice("");
    this.desk.live.send(this.id, text);
  }

  #key(event) {
    // Enter while an input method composes picks a word; it does not send.
    if (!event.target.matches("[data-draft]") || event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  #typed(input) {
    draft(this.#draftKey, input.value);
    this.#size(input);
    this.#tell(input.value !== "");
  }

  #tell(on) {
    clearTimeout(this.#rest);
    if (on) this.#rest = setTimeout(() => this.#tell(false), REST_MS);
    this.desk.live.typing(this.id, on);
  }

  #size(input) {
    const left = input.maxLength - input.value.length;
    const count = find("count", this.element);
    show(count, input.value.length >= COUNT_FROM);
    count.textContent = say("left_over", { n: left });
  }

  #clicked(target) {
    if (target.closest("[data-transfer-ask]")) this.desk.dispatchEvent(new CustomEvent("transfer", { detail: String(this.id) }));
    if (target.closest("[data-end-ask]")) this.desk.askEnd(String(this.id));
    if (target.closest("[data-close]")) this.desk.remove(String(this.id));
  }
}
