/* One chat, one tab: a lock of the browser says which. Without locks (an insecure page) and where the profile lets several
   tabs run in step, every tab may. Tabs also hear from each other what was being written when one takes the chat from another. */
const PATIENCE_MS = 500; // a page that reloads meets its own lock for a moment

/* Events: lost (another tab took the chat), parcel (what that tab had not sent yet). */
export class OneTab extends EventTarget {
  #name;
  #many;
  #release = null;
  #asking = null;
  #stealing = false;
  #channel = null;

  constructor(poc, many) {
    super();
    this.#name = `clavardage:${poc}`;
    this.#many = many || !navigator.locks;
    if (this.#many || !window.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(this.#name);
    // It may come before we hear that the lock is ours.
    this.#channel.addEventListener("message", ({ data }) => (this.#release || this.#stealing) && this.#tell("parcel", data));
  }

  /* True when the chat may run here. steal: take it from whichever tab has it. */
  async hold(steal = false) {
    if (this.#many || this.#release) return true;
    if (!steal && this.#asking) return this.#asking;
    this.#stealing = steal;
    this.#asking = steal ? this.#ask({ steal }) : this.#wait();
    return this.#asking.finally(() => {
      this.#asking = null;
      this.#stealing = false;
    });
  }

  release() {
    this.#release?.();
    this.#release = null;
  }

  /* To the tab that took the chat. */
  give(parcel) {
    this.#channel?.postMessage(parcel);
  }

  /* A free lock is had however long a busy machine takes; only one that somebody holds is waited for by the clock. */
  async #wait() {
    return (await this.#ask({ ifAvailable: true })) || this.#ask({ signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  #ask(options) {
    let mine = null;
    return new Promise((resolve) => {
      const kept = (lock) =>
        lock &&
        new Promise((release) => {
          this.#release = mine = release;
          resolve(true);
        });
      const over = () => resolve(false);
      navigator.locks.request(this.#name, options, kept).then(over, ({ name }) => {
        // Storage that is forbidden forbids locks as well: then nobody else can have it.
        resolve(!["AbortError", "TimeoutError"].includes(name));
        if (!mine || this.#release !== mine) return;
        this.#release = null;
        this.#tell("lost");
      });
    });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
