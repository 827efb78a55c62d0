/* One chat of this customer: its token, its state as the server tells it, its live connection. Knows no element but the log. */
import { ask, Gone, snapshotOf } from "./contact.js";
import { say } from "./dom.js";
import { Ending } from "./ending.js";
import { Live } from "./live.js";
import { attachLog } from "./log.js";
import { Queue } from "./queue.js";
import { enderOf, Receipt } from "./receipt.js";
import { draft } from "./resume.js";

/* What only a running chat needs of the page comes along in the same file. */
export const companions = { Ending, Queue, Receipt };

const OVER = new Set(["ended", "closed", "wrap_up"]);
const KNOWN = new Set(["active", "ending"]);

/* waiting · active · ending · ended, whatever finer states the routing has. */
const stateOf = ({ state, end_reason: reason }) => {
  if (reason || OVER.has(state)) return "ended";
  return KNOWN.has(state) ? state : "waiting";
};

/* Events: change (the state), line, typing, status, unsent (what waits to be sent changed), gone (the token leads nowhere). */
export class Chat extends EventTarget {
  state = "waiting";
  agent = null;
  place = null;
  waitSeconds = null;
  facts = {}; // the last snapshot
  #log;
  #attached;
  #closed = false;

  constructor(token, log) {
    super();
    this.token = token;
    this.#log = log;
  }

  /* snapshot: what /chat/contact or the start of a chat answered. */
  open(snapshot) {
    this.contact = snapshot.contact;
    this.before = snapshot.seq ?? 0;
    this.live = new Live({
      url: "/live/customer",
      eventsUrl: "/chat/events",
      messagesUrl: "/chat/messages",
      typingUrl: "/chat/typing",
      token: this.token,
      storageKey: `clavardage:${this.contact}`,
    });
    this.#show(snapshot);
    this.live.addEventListener("line", ({ detail }) => this.#line(detail));
    for (const type of ["echo", "state"]) this.live.addEventListener(type, () => this.#tell("unsent"));
    // A browser that said "offline" may still have its socket; what the server stored just now proves it.
    this.live.addEventListener("state", ({ detail }) => detail.state === "sent" && this.#tell("status", { status: "online" }));
    this.live.addEventListener("typing", ({ detail }) => detail.by !== "customer" && this.#tell("typing", detail));
    this.live.addEventListener("queue", ({ detail }) => this.#queue(detail));
    this.live.addEventListener("changed", ({ detail }) => detail.what === "contact" && this.refresh());
    this.live.addEventListener("dropped", () => this.refresh());
    this.live.addEventListener("reset", () => this.#reset());
    this.live.addEventListener("status", ({ detail }) => this.#status(detail));
    this.#apply(snapshot);
    this.live.start();
  }

  close() {
    this.#closed = true;
    this.#attached?.detach();
    this.live?.stop();
    this.#log.replaceChildren();
    this.#log.dataset.seq = "0";
  }

  send(text) {
    this.live.send(this.contact, text);
  }

  /* What was being written when the chat ended stays to be read, as not sent. */
  lose(text) {
    const left = (draft(this.contact) || text).trim();
    if (left) this.live.lose(this.contact, left);
    draft(this.contact, "");
  }

  typing(on) {
    if (this.state === "active") this.live.typing(this.contact, on);
  }

  /* customer · agent · system */
  get ender() {
    return enderOf(this.facts);
  }

  get unsent() {
    return this.live.pending(this.contact);
  }

  /* Closes, and gives the unsent lines away: another window goes on with them. */
  handOver() {
    const items = this.live.pending(this.contact);
    this.close();
    this.live.take(this.contact);
    return items;
  }

  adopt(items) {
    this.live.adopt(items.filter(({ contact }) => contact === this.contact));
  }

  async end() {
    this.#apply(await this.ask("/chat/ending", "POST", {}));
  }

  async takeBack() {
    this.#apply(await this.ask("/chat/ending", "DELETE"));
  }

  /* The customer is still there, without a word. */
  async stay() {
    this.#apply(await this.ask("/chat/presence", "POST", {}));
  }

  /* The language that the server and the agent are to know of; without an answer only the page speaks it. */
  speak(language) {
    return this.ask("/chat/language", "POST", { language }).catch(() => null);
  }

  ask(path, method, body) {
    return ask(this.token, path, method, body);
  }

  async refresh() {
    try {
      this.#apply(await snapshotOf(this.token));
    } catch (error) {
      if (error instanceof Gone && this.state !== "ended") this.#tell("gone");
    }
  }

  #tell(type, detail) {
    if (this.#closed) return; // an answer that was still on its way
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #show({ contact, epoch }) {
    Object.assign(this.#log.dataset, { contact, epoch: epoch ?? "", seq: "0" });
    this.#attached = attachLog(this.#log, this.live, (n) => say("new_lines", { n }));
  }

  #apply(snapshot) {
    this.state = stateOf(snapshot);
    this.facts = { ...this.facts, ...snapshot };
    this.agent = snapshot.agent ?? (this.state === "ended" ? this.agent : null);
    this.place = this.state === "waiting" ? (snapshot.place ?? this.place) : null;
    this.#tell("change");
  }

  #queue({ place, wait_seconds: seconds, ...more }) {
    this.facts = { ...this.facts, ...more };
    this.place = place;
    this.waitSeconds = seconds ?? null;
    if (this.state === "waiting") this.#tell("change");
  }

  /* Lines up to `before` are the past: no sound, no count, no change of state. */
  #line(line) {
    const fresh = line.seq > this.before;
    this.#tell("line", { ...line, fresh });
    if (!fresh) return;
    if (line.kind === "joined") this.#apply({ state: "active", agent: { name: line.data?.name ?? line.name, initials: line.data?.initials } });
    if (line.kind === "text" && line.by !== "system" && this.facts.closing_seconds != null) this.refresh(); // a warning is over
    if (["ended", "requeued", "transferred"].includes(line.kind)) this.refresh();
  }

  #status(detail) {
    if (this.#closed) return;
    if (detail.status === "refused" || (detail.status === "ended" && this.state !== "ended")) this.refresh();
    this.#tell("status", detail);
  }

  /* The database is another one: the log is read anew. */
  async #reset() {
    this.#attached.detach();
    this.#log.replaceChildren();
    const snapshot = await snapshotOf(this.token).catch(() => null);
    if (!snapshot) return this.refresh();
    this.before = snapshot.seq ?? 0;
    this.#show(snapshot);
    this.#apply(snapshot);
  }
}
