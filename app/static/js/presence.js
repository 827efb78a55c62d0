/* Is the window before the customer's eyes? Unread lines are counted while it is not; the last one seen is told, so that the next
   page of a site counts on from it. */
export class Presence extends EventTarget {
  #shown;
  #unread = 0;
  #last = 0;

  constructor(shown) {
    super();
    this.#shown = shown;
    document.addEventListener("visibilitychange", () => this.#see());
    addEventListener("focus", () => this.#see());
  }

  get shown() {
    return this.#shown;
  }

  set shown(shown) {
    this.#shown = shown;
    this.#see();
  }

  get #looking() {
    return this.#shown && !document.hidden;
  }

  /* A chat comes here whose lines up to `latest` follow at once. seen: the last one that was seen elsewhere; null: not known. */
  begin(seen, latest) {
    this.#last = this.#looking ? latest : Math.min(seen ?? latest, latest);
    this.#set(0);
    this.#tell("seen", this.#last);
  }

  /* counts: is it news for the customer? A chat begins its numbers again when its database is another one. */
  heard({ seq, fresh }, counts) {
    if (seq <= this.#last && !fresh) return;
    this.#last = seq;
    if (this.#looking) this.#tell("seen", seq);
    else if (counts) this.#set(this.#unread + 1);
  }

  reset() {
    this.#set(0);
  }

  #see() {
    if (!this.#looking || !this.#unread) return;
    this.#tell("seen", this.#last);
    this.#set(0);
  }

  #set(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#tell("unread", unread);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
