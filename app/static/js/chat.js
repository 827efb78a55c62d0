/* One chat of this customer: its token, its state as the server tells it, its live connection. Knows no element but the log. */
import { ask, Gone, snapshotOf } from "./contact.js";
import { say } from "./dom.js";
import { Live } from "./live.js";
import { attachLog } from "./log.js";

const OVER = new Set(["ended", "closed", "wrap_up"]);

/* start · waiting · active · ended, whatever finer states the routing has. */
const stateOf = ({ state, end_reason: reason }) => (reason || OVER.has(state) ? "ended" : state === "active" ? "active" : "waiting");

/* Events: change (the state), line, typing, queue, status. */
export class Chat extends EventTarget {
  state = "waiting";
  agent = null;
  place = null;
  waitSeconds = null;
  reason = null;
  transcript = false;
  #log;
  #attached;

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
    this.#attached?.detach();
    this.live?.stop();
    this.#log.replaceChildren();
    this.#log.dataset.seq = "0";
  }

  send(text) {
    this.live.send(this.contact, text);
  }

  typing(on) {
    if (this.state === "active") this.live.typing(this.contact, on);
  }

  async end() {
    this.#apply(await ask(this.token, "/chat/ending", "POST"));
  }

  async refresh() {
    try {
      this.#apply(await snapshotOf(this.token));
    } catch (error) {
      if (error instanceof Gone) this.#apply({ state: "ended", end_reason: this.reason ?? "system", agent: this.agent });
    }
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #show({ contact, epoch }) {
    Object.assign(this.#log.dataset, { contact, epoch: epoch ?? "", seq: "0" });
    this.#attached = attachLog(this.#log, this.live, (n) => say("new_lines", { n }));
  }

  #apply(snapshot) {
    this.state = stateOf(snapshot);
    this.agent = snapshot.agent ?? (this.state === "ended" ? this.agent : null);
    this.place = this.state === "waiting" ? (snapshot.place ?? this.place) : null;
    this.reason = snapshot.end_reason ?? null;
    this.transcript = snapshot.transcript_available ?? this.transcript;
    this.#tell("change");
  }

  #queue({ place, wait_seconds: seconds }) {
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
    if (["ended", "requeued", "transferred"].includes(line.kind)) this.refresh();
  }

  #status(detail) {
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
