import { Connection } from "./live/connection.js";
import { Outbox } from "./live/outbox.js";

/** Milliseconds, but `wait` (seconds). For tests; pages leave them alone. */
const TIMINGS = {
  ready: 4000, // WebSocket without `ready`, then
  byte: 4000, // server-sent events without a byte
  deaths: 10000, // two dead sockets within
  probe: 600000, // until WebSocket is tried again
  ack: 10000,
  watchdog: 40000,
  check: 5000, // a ping's answer
  ping: 15000,
  stable: 10000, // so old, a connection resets the back-off
  backoff: 500,
  backoffMax: 30000,
  typing: 1000,
  tick: 1000,
  wait: 25,
};

/**
 * The client of the live protocol: lines in order and once each, sends that survive cuts and reloads.
 *
 * Events, by `detail`:
 * - `line` the `ev` frame and own
 * - `echo` {contact, cid, text, at, state}: show it; `state` and the `line` of this cid follow
 * - `state` {contact, cid, state: "sending"|"sent"|"failed", code, seq, at}
 * - `typing`, `queue`, `changed`, `dropped`: those frames
 * - `status` {status: "connecting"|"online"|"reconnecting"|"offline"|"ended"|"refused", transport, code}
 * - `reset` {contact}: another database; load the log anew, then `subscribe`
 * - `gap` {contact, seconds, lines}: missed while away
 */
export class Live extends EventTarget {
  #options;
  #contacts = new Map();
  #outbox;
  #flying = new Map();
  #connection;
  #lostAt = 0;
  #timer;

  /**
   * @param {object} options
   * @param {string} options.url WebSocket
   * @param {string} options.eventsUrl events without WebSocket
   * @param {string} options.messagesUrl sends without WebSocket; with `{contact}` in it the door has many contacts
   * @param {string} [options.typingUrl] likewise
   * @param {string} options.token customer's token or CSRF token
   * @param {string} [options.storageKey] prefix in sessionStorage
   * @param {object} [options.headers] instead of `Authorization: Bearer <token>`; cookies go along then
   * @param {object} [options.timings] any of TIMINGS
   */
  constructor(options) {
    super();
    const many = options.messagesUrl.includes("{contact}");
    /** Whose lines are `own`. */
    this.own = many ? "agent" : "customer";
    const timings = { ...TIMINGS, ...options.timings };
    this.#options = { storageKey: "clavardage", ...options, many, timings };
    this.#outbox = new Outbox(this.#options.storageKey + ".outbox");
    this.#connection = new Connection(this.#options, {
      hello: () => this.#hello(),
      frame: (frame) => this.#frame(frame),
      up: () => this.#up(),
      down: (heardAt) => this.#down(heardAt),
      tick: (now) => this.#tick(now),
      status: (detail) => this.#status(detail),
    });
  }

  start() {
    this.#connection.start();
  }

  /** Closes until the next `start`; the outbox is kept. */
  stop() {
    this.#connection.stop();
  }

  /** Asks for the lines behind `after`; called again it sets the cursor to that of a log just loaded. */
  subscribe(contact, after = 0, epoch = undefined) {
    const one = { contact, epoch, after: Number(after), missed: 0, typed: 0, held: 0 };
    this.#contacts.set(String(contact), one);
    if (this.#connection.online) this.#ask(one);
    this.#pump();
  }

  unsubscribe(contact) {
    this.#contacts.delete(String(contact));
    this.#connection.send({ t: "unsubscribe", contact });
  }

  /** Kept until the server has it, whatever happens to connection or page. @returns {string} cid */
  send(contact, text) {
    const item = this.#outbox.add(contact, text);
    this.#tell("echo", item);
    this.#pump();
    return item.cid;
  }

  retry(cid) {
    const item = this.#outbox.get(cid);
    if (item?.state !== "failed") return;
    this.#outbox.again(item);
    this.#tell("state", { contact: item.contact, cid, state: "sending" });
    this.#pump();
  }

  /** Echoes not yet stored, those from before a reload too. */
  pending(contact) {
    return this.#items(contact).map((item) => ({ ...item }));
  }

  /** May be called at each key. */
  typing(contact, on) {
    const one = this.#one(contact);
    const now = Date.now();
    if (!one || (on ? now - one.typed < this.#options.timings.typing : !one.typed)) return;
    one.typed = on ? now : 0;
    this.#connection.send({ t: "typing", contact, on });
  }

  seen(contact, seq) {
    this.#connection.send({ t: "seen", contact, seq });
  }

  #one(contact) {
    return this.#contacts.get(String(contact));
  }

  #items(contact) {
    return [...this.#outbox].filter((item) => String(item.contact) === String(contact));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail: { ...detail } }));
  }

  #status(detail) {
    const { status, code } = detail;
    // Nobody tries again: a line that went on "sending" would lie.
    if (status === "refused") this.#fail([...this.#outbox], "forbidden");
    if (status === "ended" && code !== 1000) this.#fail([...this.#outbox], "ended");
    this.#tell("status", detail);
  }

  #fail(items, code) {
    for (const item of items) {
      if (item.state === "failed") continue;
      this.#outbox.fail(item, code);
      this.#tell("state", item);
    }
  }

  #hello() {
    const subs = [...this.#contacts.values()].filter((one) => !one.stale);
    for (const one of subs) Object.assign(one, { asked: true, waiting: false, missed: 0 });
    const cursors = subs.map(({ contact, after, epoch }) => ({ contact, after, epoch }));
    return { t: "hello", v: 1, token: this.#options.token, subs: cursors };
  }

  #ask(one) {
    const { contact, after, epoch } = one;
    // Until the answer, lines of the old cursor may be under way: no hole.
    one.asked = one.waiting = true;
    this.#connection.send({ t: "subscribe", contact, after, epoch });
  }

  #up() {
    for (const one of this.#contacts.values()) if (!one.asked) this.#ask(one);
    this.#pump();
  }

  #down(heardAt) {
    this.#lostAt ||= heardAt;
    this.#flying.clear();
  }

  #tick(now) {
    const [oldest] = this.#flying.values();
    // Sent again on the same socket it could be overtaken; a new one starts with the outbox in order.
    if (now - oldest > this.#options.timings.ack) this.#connection.restart(1006);
  }

  #pump() {
    const now = Date.now();
    let wait = Infinity;
    for (const item of this.#outbox) {
      if (!this.#connection.online || this.#flying.size >= this.#connection.window) break;
      const one = this.#one(item.contact);
      if (!one || item.state === "failed" || this.#flying.has(item.cid)) continue;
      if (one.held > now) wait = Math.min(wait, one.held - now);
      else {
        this.#flying.set(item.cid, now);
        this.#connection.send({ t: "send", contact: one.contact, cid: item.cid, text: item.text });
      }
    }
    clearTimeout(this.#timer);
    if (wait < Infinity) this.#timer = setTimeout(() => this.#pump(), wait);
  }

  #frame(frame) {
    const { t, contact } = frame;
    if (t === "ev") this.#line(frame);
    else if (t === "ready") this.#ready(frame.subs);
    else if (t === "subscribed") this.#ready([frame]);
    else if (t === "ack") this.#sent(frame);
    else if (t === "nack") this.#refused(frame);
    else if (t === "reset") this.#reset(this.#one(contact));
    else if (t === "dropped") {
      this.#contacts.delete(String(contact));
      this.#fail(this.#items(contact), frame.code === 4040 ? "ended" : "forbidden");
    }
    if (["typing", "queue", "changed", "dropped"].includes(t)) this.#tell(t, frame);
  }

  #line(ev) {
    const one = this.#one(ev.contact);
    if (!one || one.stale || ev.seq <= one.after) return;
    if (ev.seq > one.after + 1) {
      if (!one.waiting) this.#connection.restart(4009);
      return;
    }
    one.after = ev.seq;
    const own = ev.by === this.own;
    if (!own) one.missed++;
    this.#tell("line", { ...ev, own });
    if (own) this.#sent(ev);
  }

  #ready(subs = []) {
    for (const { contact, seq, epoch } of subs) {
      const one = this.#one(contact);
      if (!one) continue;
      one.waiting = false;
      if (epoch && one.epoch && epoch !== one.epoch) this.#reset(one);
      one.epoch ??= epoch;
      // Behind the first page lines are still to come; ours among them count too.
      const lines = one.missed + Math.max(0, seq - one.after || 0);
      const seconds = Math.round((Date.now() - this.#lostAt) / 1000);
      if (this.#lostAt && lines && !one.stale) this.#tell("gap", { contact, lines, seconds });
    }
    this.#lostAt = 0;
  }

  #reset(one) {
    if (!one || one.stale) return;
    one.stale = true;
    this.#tell("reset", { contact: one.contact });
  }

  #sent({ contact, cid, seq, at }) {
    this.#flying.delete(cid);
    if (this.#outbox.get(cid)) {
      this.#outbox.remove(cid);
      this.#tell("state", { contact, cid, state: "sent", seq, at });
    }
    this.#pump();
  }

  #refused({ cid, code, retry_ms: wait = 1000 }) {
    const item = this.#outbox.get(cid);
    this.#flying.delete(cid);
    const later = code === "rate_limited" || code === "busy";
    const one = item && this.#one(item.contact);
    if (later && one) one.held = Date.now() + wait;
    else if (item) this.#fail([item], code);
    this.#pump();
  }
}
