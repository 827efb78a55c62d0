/* What was written and not yet acknowledged, kept for the tab. */
import { newId } from "../ids.js";
import { load, save } from "../storage.js";

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
  push(contact, text, cid = newId()) {
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
