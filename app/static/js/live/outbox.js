/** sessionStorage as JSON. It may throw (SecurityError, full): then the copy in memory serves this page. */
export function load(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

export function save(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // As said above.
  }
}

/** 128 random bits, base64url. */
function newCid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").slice(0, 22);
}

/**
 * What is not known to be stored, oldest first. Each tab has its own; a duplicated tab sends its copy again, which is
 * harmless: the server knows the cids.
 */
export class Outbox {
  #key;
  #items;

  constructor(key) {
    this.#key = key;
    const stored = load(key);
    this.#items = Array.isArray(stored) ? stored : [];
  }

  [Symbol.iterator]() {
    return [...this.#items][Symbol.iterator]();
  }

  get(cid) {
    return this.#items.find((item) => item.cid === cid);
  }

  add(contact, text) {
    return this.#push({ contact, cid: newCid(), text, at: new Date().toISOString(), state: "sending" });
  }

  fail(item, code) {
    Object.assign(item, { state: "failed", code });
    save(this.#key, this.#items);
  }

  /** Behind the others, under the same cid: the first try may be stored after all. */
  again(item) {
    this.remove(item.cid);
    this.#push(Object.assign(item, { state: "sending" }));
  }

  remove(cid) {
    this.#items = this.#items.filter((item) => item.cid !== cid);
    save(this.#key, this.#items);
  }

  #push(item) {
    this.#items.push(item);
    save(this.#key, this.#items);
    return item;
  }
}
