/** sessionStorage may throw (SecurityError, full): then the copy in memory has to do. */
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
    // See above.
  }
}

/** 128 random bits, base64url. */
function newCid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).slice(0, 22).replace(/\+/g, "-").replace(/\//g, "_");
}

/** Not yet stored, oldest first. A duplicated tab sends its copy again, harmlessly: the server knows the cids. */
export class Outbox {
  constructor(key) {
    this.key = key;
    this.items = load(key) ?? [];
  }

  get(cid) {
    return this.items.find((item) => item.cid === cid);
  }

  of(contact) {
    return this.items.filter((item) => String(item.contact) === String(contact));
  }

  /** A retry goes behind the others, under the same cid: its first try may be stored. */
  push(contact, text, cid = newCid()) {
    const item = { contact, cid, text, at: new Date().toISOString(), state: "sending" };
    this.items.push(item);
    this.save();
    return item;
  }

  remove(cid) {
    this.items = this.items.filter((item) => item.cid !== cid);
    this.save();
  }

  save() {
    save(this.key, this.items);
  }
}
