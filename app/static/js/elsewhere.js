/* One chat, one tab: a lock of the browser says which. Without locks (an insecure page) and where the profile lets several
   tabs run in step, every tab may. Tabs also hear from each other what was being written when one takes the chat from another. */
const PATIENCE_MS = 500; // a page that reloads meets its own lock for a moment

/* Events: lost (another tab took the chat), parcel (what that tab had not sent yet). */
export class OneTab extends EventTarget {
  #name;
  #many;
  #release = null;
  #asking = null; // the newest question
  #patience = null; // ends an older one that waits
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

  /* True when the chat may run here. steal: take it from whichever tab has it. The newest question answers the older ones too:
     one that still waits for the lock must not take away what was had by force meanwhile. */
  async hold(steal = false) {
    if (this.#many || this.#release) return true;
    if (steal || !this.#asking) this.#begin(steal);
    const asked = this.#asking;
    const mine = await asked;
    if (this.#asking && this.#asking !== asked) return this.hold();
    this.#asking = null;
    this.#stealing = false;
    return mine || this.#release !== null;
  }

  release() {
    this.#release?.();
    this.#release = null;
  }

  /* To the tab that took the chat. */
  give(parcel) {
    this.#channel?.postMessage(parcel);
  }

  #begin(steal) {
    this.#patience?.abort();
    this.#stealing = steal;
    this.#asking = steal ? this.#ask({ steal }) : this.#wait();
  }

  /* A free lock is had however long a busy machine takes; only one that somebody holds is waited for by the clock. */
  async #wait() {
    const patience = (this.#patience = new AbortController());
    if (await this.#ask({ ifAvailable: true })) return true;
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    return this.#ask({ signal: patience.signal }).finally(() => clearTimeout(timer));
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
