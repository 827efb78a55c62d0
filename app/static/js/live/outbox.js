/* What was written and not yet acknowledged, kept for the tab. */
import { load, save } from "./connection.js";

/** 128 bits. */
function newCid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).slice(0, 22).replace(/\+/g, "-").replace(/\//g, "_");
}

/** Oldest first. A duplicated tab sends its copy again, harmlessly: the server knows the cids. */
export class Outbox {
  constructor(key) {
    this.key = key;
    this.items = load(key) ?? [];
  }

  get(cid) {
    return this.items.find((item) => item.cid === cid);
  }

  of(contact) {
    return this.items.filter((item) => item.contact === contact);
  }

  /** A retry keeps its cid: the first try may be stored. */
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
