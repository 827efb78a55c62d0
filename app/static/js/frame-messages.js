/* Talk with the page that frames us: one known window, one exact origin, one known shape; everything else is ignored. */
const MARK = "icPatronChat";

export class Parent extends EventTarget {
  /* origin: the framing page's, as the loader put it into our address; empty when we are not framed. */
  constructor(origin) {
    super();
    this.origin = window.parent !== window && origin ? origin : "";
    if (this.origin) addEventListener("message", (event) => this.#hear(event));
  }

  get present() {
    return this.origin !== "";
  }

  tell(type, detail = {}) {
    if (this.present) window.parent.postMessage({ ...detail, mark: MARK, type }, this.origin);
  }

  /* The first message of a type, or null after the given time. */
  wait(type, milliseconds) {
    return new Promise((resolve) => {
      if (!this.present) return resolve(null);
      const timer = setTimeout(resolve, milliseconds, null);
      this.addEventListener(type, (event) => (clearTimeout(timer), resolve(event.detail)), { once: true });
    });
  }

  #hear({ source, origin, data }) {
    if (source !== window.parent || origin !== this.origin) return;
    if (data?.mark !== MARK || typeof data.type !== "string") return;
    this.dispatchEvent(new CustomEvent(data.type, { detail: data }));
  }
}
