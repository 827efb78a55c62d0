/* The chat in a window of its own, and back. Both ends are of our origin and speak to each other alone; the pop-up tells each
   change of what is not sent yet, so that nothing is lost however it is closed. */
const MARK = "icPatronChatWin"; // of what the two say
const LOOK_MS = 400; // how often a closed window is looked for
const ANSWER_MS = 2000;

/* Events in the page: ready (the pop-up stands and asks for the chat), parcel (what it holds now), told (an event for the page
   that frames us), back (it was closed; detail: what it held last). */
export class PopOut extends EventTarget {
  inside = new URLSearchParams(location.search).get("pop") === "1";
  #name;
  #other = null;
  #timer;
  #last = null;
  #heard = null;

  /* Each point of contact has a window of its own, and none is called as the pop-up of a site's snippet is. */
  constructor(poc) {
    super();
    this.#name = `clavardage:${poc}`;
    if (this.inside) this.#other = window.opener;
    addEventListener("message", (event) => this.#hear(event));
  }

  /* Is there a page to go back to? A window that shows a foreign one by now is none: it may not even be asked. */
  get home() {
    try {
      return this.inside && this.#other !== null && !this.#other.closed && this.#other.origin === location.origin;
    } catch {
      return false;
    }
  }

  /* In the page: does the pop-up stand? */
  get out() {
    return !this.inside && this.#other !== null;
  }

  /* In a click only. False: the browser does not allow it. */
  go() {
    const url = new URL(location.href);
    for (const key of ["frame", "from"]) url.searchParams.delete(key);
    url.searchParams.set("pop", "1");
    this.#other = window.open(url, this.#name, "width=410,height=630");
    clearInterval(this.#timer);
    if (this.#other) this.#timer = setInterval(() => this.#look(), LOOK_MS);
    return this.#other !== null;
  }

  /* In the page: the chat goes on there. */
  give(parcel) {
    this.#last ??= parcel;
    this.tell("parcel", this.#last);
  }

  /* In the pop-up: what the page holds for us; null when it does not answer. */
  parcel() {
    if (!this.home) return null;
    return new Promise((resolve) => {
      this.#heard = resolve;
      setTimeout(resolve, ANSWER_MS, null);
      this.tell("ready");
    });
  }

  tell(type, detail = {}) {
    if (this.#other && !this.#other.closed) this.#other.postMessage({ mark: MARK, type, detail }, location.origin);
  }

  /* Ends the pop-up, from either side; the page notices by looking. */
  close() {
    if (!this.inside) return this.#other?.close();
    this.#other?.focus();
    window.close();
  }

  #hear({ source, origin, data }) {
    if (!this.#other || source !== this.#other || origin !== location.origin || data?.mark !== MARK) return;
    if (this.inside) {
      if (data.type === "parcel") this.#heard?.(data.detail);
      return;
    }
    if (data.type === "parcel") this.#last = data.detail;
    if (["ready", "parcel", "told"].includes(data.type)) this.#tell(data.type, data.detail);
  }

  #look() {
    if (!this.#other.closed) return;
    clearInterval(this.#timer);
    const parcel = this.#last;
    this.#other = this.#last = null;
    this.#tell("back", parcel);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
