/* What this window knows of its customer: where they come from, which chat is theirs, and what they wrote that is not sent yet. */
import { paramsOfAddress } from "./params.js";
import { draft, forget, remember, remembered } from "./resume.js";
import { load, save } from "./storage.js";

export class Visit {
  token = null;
  params = paramsOfAddress(location.search);
  page = new URLSearchParams(location.search).get("page_url") ?? document.referrer; // of a page loaded again in another language
  identity = undefined;
  carried = null; // {text, items}: from another window or another tab
  stored = true; // may this frame keep anything?
  #note = null; // {token, seen}: what this window knows beyond its record
  #left = null;
  #contact; // whose words that page has kept, until the chat is here

  constructor(poc) {
    this.poc = poc;
  }

  /* From the page that frames us, or from the window that we came out of. */
  settle({ params, page, identity, token, seen, left }) {
    if (left) this.left = left;
    if (Number.isInteger(seen)) this.#note = { token, seen };
    if (params?.length) this.params = params;
    this.page = page ?? this.page;
    this.identity = identity ?? this.identity;
  }

  /* What goes along with the start of a chat. */
  get facts() {
    const { lang, dataset } = document.documentElement;
    return { params: this.params, identity: this.identity, locale: lang, page_url: this.page, text_size: dataset.text };
  }

  /* All that another window needs to go on. */
  parcel(text, items) {
    const { token, params, page, identity, seen, left } = this;
    return { token, params, page, identity, seen, left, text, items };
  }

  /* What was written and has no chat yet: from one that is lost, or a message from before it opened. Kept for this tab. */
  get left() {
    return this.#left ?? load(`clavardage:left:${this.poc}`) ?? "";
  }

  set left(text) {
    this.#left = text;
    save(`clavardage:left:${this.poc}`, text || null);
  }

  get record() {
    return remembered(this.poc);
  }

  /* The number of the last line that the customer has seen, in whichever window; null where nobody knows. */
  get seen() {
    const known = [this.#note, this.record].filter((note) => note?.token === this.token && Number.isInteger(note.seen));
    return known.length ? Math.max(...known.map(({ seen }) => seen)) : null;
  }

  set seen(seen) {
    this.#note = { token: this.token, seen };
  }

  /* False where nothing can be kept. What is over does not come before what another tab began since. */
  keep(open, contact = this.record?.contact, over = false) {
    if (over && this.record && this.record.token !== this.token) return true;
    this.stored = remember(this.poc, { token: this.token, open, contact, seen: this.seen });
    return this.stored;
  }

  /* Whose words this frame, or the page around it, has kept. */
  get contact() {
    return this.record?.contact ?? this.#contact;
  }

  /* The same as a text, and what is being written, for the page that frames us: it keeps that where we may not. */
  note(contact = this.#contact) {
    return JSON.stringify({ token: this.token, contact, seen: this.seen, left: this.left, text: contact && draft(contact) });
  }

  /* The token of what that page has kept. Loaders that are still cached have kept the token alone. */
  noted(text) {
    let note = { token: text };
    try {
      note = { ...note, ...JSON.parse(text) };
    } catch {
      return text;
    }
    this.settle(note);
    this.#contact = note.contact;
    if (note.text) draft(note.contact, note.text);
    return note.token;
  }

  forget() {
    if (this.record?.token === this.token) forget(this.poc);
    this.token = null;
    this.#contact = undefined;
  }
}
