/* Is the window before the customer's eyes? Unread lines are counted while it is not. */
export class Presence extends EventTarget {
  #shown;
  #unread = 0;

  constructor(shown) {
    super();
    this.#shown = shown;
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("focus", () => this.#seen());
  }

  get shown() {
    return this.#shown;
  }

  set shown(shown) {
    this.#shown = shown;
    this.#seen();
  }

  missed() {
    if (this.#shown && !document.hidden) return;
    this.#set(this.#unread + 1);
  }

  reset() {
    this.#set(0);
  }

  #seen() {
    if (this.#shown && !document.hidden) this.#set(0);
  }

  #set(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.dispatchEvent(new CustomEvent("unread", { detail: unread }));
  }
}
