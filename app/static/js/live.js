import { Connection } from "./live/connection.js";
import { Outbox } from "./live/outbox.js";

const TIMINGS = {
  ready: 4000,
  byte: 4000,
  deaths: 10000,
  probe: 600000,
  ack: 10000,
  watchdog: 40000,
  check: 5000,
  ping: 15000,
  stable: 10000,
  backoff: 500,
  backoffMax: 30000,
  typing: 1000,
  tick: 1000,
  wait: 25,
};

/** The client of the live protocol. Options, timings and events are described in live.d.ts. */
export class Live extends EventTarget {
  #options;
  #contacts = new Map();
  #outbox;
  #flying = new Map();
  #connection;
  #lostAt = 0;
  #timer;

  constructor(options) {
    super();
    const many = options.messagesUrl.includes("{contact}");
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

  stop() {
    this.#connection.stop();
  }

  subscribe(contact, after = 0, epoch = "") {
    const one = { contact, epoch, after: Number(after), missed: 0, typed: 0, held: 0 };
    this.#contacts.set(String(contact), one);
    if (this.#connection.online) this.#ask(one);
    this.#pump();
  }

  unsubscribe(contact) {
    this.#contacts.delete(String(contact));
    this.#connection.send({ t: "unsubscribe", contact });
  }

  send(contact, text) {
    const item = this.#outbox.push(contact, text);
    this.#tell("echo", item);
    this.#pump();
    return item.cid;
  }

  retry(cid) {
    const { contact, text, state } = this.#outbox.get(cid) ?? {};
    if (state !== "failed") return;
    this.#outbox.remove(cid);
    this.#tell("state", this.#outbox.push(contact, text, cid));
    this.#pump();
  }

  pending(contact) {
    return this.#outbox.of(contact);
  }

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

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail: { ...detail } }));
  }

  #status(detail) {
    const { status, code } = detail;
    // Nobody tries again: a line that went on "sending" would lie.
    if (status === "refused") this.#fail(this.#outbox.items, "forbidden");
    if (status === "ended" && code !== 1000) this.#fail(this.#outbox.items, "ended");
    this.#tell("status", detail);
  }

  #fail(items, code) {
    for (const item of items.filter(({ state }) => state !== "failed")) {
      Object.assign(item, { state: "failed", code });
      this.#tell("state", item);
    }
    this.#outbox.save();
  }

  #hello() {
    const ones = [...this.#contacts.values()].filter((one) => !one.stale);
    for (const one of ones) Object.assign(one, { asked: true, waiting: false, missed: 0 });
    const subs = ones.map(({ contact, after, epoch }) => ({ contact, after, epoch }));
    return { t: "hello", v: 1, token: this.#options.token, subs };
  }

  #ask(one) {
    const { contact, after, epoch } = one;
    // A door with one contact takes its cursor in the hello.
    if (!this.#options.many) return this.#connection.restart(4009, 0);
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
    for (const { contact, cid, text, state } of this.#outbox.items) {
      if (!this.#connection.online || this.#flying.size >= this.#connection.window) break;
      const one = this.#one(contact);
      if (!one || state === "failed" || this.#flying.has(cid)) continue;
      if (one.held > now) wait = Math.min(wait, one.held - now);
      else {
        this.#flying.set(cid, now);
        this.#connection.send({ t: "send", contact, cid, text });
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
    else if (t === "dropped") {
      this.#contacts.delete(String(contact));
      this.#fail(this.#outbox.of(contact), frame.code === 4040 ? "ended" : "forbidden");
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

  #ready(subs) {
    for (const { contact, seq, epoch } of subs) {
      const one = this.#one(contact);
      if (!one) continue;
      one.waiting = false;
      one.epoch ||= epoch;
      if (epoch && epoch !== one.epoch && !one.stale) {
        one.stale = true;
        this.#tell("reset", { contact });
      }
      const lines = one.missed + Math.max(0, seq - one.after || 0);
      const seconds = Math.round((Date.now() - this.#lostAt) / 1000);
      if (this.#lostAt && lines && !one.stale) this.#tell("gap", { contact, lines, seconds });
    }
    this.#lostAt = 0;
  }

  #sent({ contact, cid, seq, at }) {
    this.#flying.delete(cid);
    if (this.#outbox.get(cid)) {
      this.#outbox.remove(cid);
      this.#tell("state", { contact, cid, state: "sent", seq, at });
    }
    this.#pump();
  }

  #refused({ contact, cid, code, retry_ms: wait = 1000 }) {
    const one = this.#one(contact);
    this.#flying.delete(cid);
    if (one && (code === "rate_limited" || code === "busy")) one.held = Date.now() + wait;
    else this.#fail(this.#outbox.items.filter((item) => item.cid === cid), code);
    this.#pump();
  }
}
