import { Connection } from "./live/connection.js";
import { Outbox } from "./live/outbox.js";

/** The client of the live protocol. Options, methods and events: live.d.ts. */
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
    this.#options = { storageKey: "clavardage", ...options, many };
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
    this.#contacts.set(contact, one);
    if (this.#connection.online) this.#ask(one);
    this.#pump();
  }

  unsubscribe(contact) {
    this.#contacts.delete(contact);
    this.#connection.send({ t: "unsubscribe", contact });
  }

  send(contact, text) {
    const item = this.#outbox.push(contact, text);
    this.#tell("echo", item);
    this.#pump();
    return item.cid;
  }

  lose(contact, text) {
    const item = this.#outbox.push(contact, text);
    this.#tell("echo", item);
    this.#fail([item], "ended");
  }

  retry(cid) {
    const item = this.#outbox.get(cid);
    if (item?.state !== "failed") return;
    this.#outbox.remove(cid);
    this.#tell("state", this.#outbox.push(item.contact, item.text, cid));
    this.#pump();
  }

  pending(contact) {
    return this.#outbox.of(contact);
  }

  take(contact) {
    const items = this.#outbox.of(contact);
    for (const { cid } of items) this.#outbox.remove(cid);
    return items;
  }

  adopt(items) {
    for (const item of items) {
      if (this.#outbox.get(item.cid)) continue;
      this.#outbox.items.push({ ...item });
      this.#tell("echo", item);
    }
    this.#outbox.save();
    this.#pump();
  }

  typing(contact, on) {
    const one = this.#contacts.get(contact);
    const now = Date.now();
    if (!one || (on ? now - one.typed < this.#connection.timings.typing : !one.typed)) return;
    one.typed = on ? now : 0;
    this.#connection.send({ t: "typing", contact, on });
  }

  seen(contact, seq) {
    this.#connection.send({ t: "seen", contact, seq });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail: { ...detail } }));
  }

  #status(detail) {
    const { status, code } = detail;
    // "Sending" would be a lie now.
    if (status === "refused") this.#fail(this.#outbox.items, "forbidden");
    if (status === "ended" && code > 1000) this.#fail(this.#outbox.items, "ended");
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
    const subs = [];
    for (const one of this.#contacts.values()) {
      Object.assign(one, { asked: true, waiting: false, missed: 0 });
      if (!one.stale) subs.push({ contact: one.contact, after: one.after, epoch: one.epoch });
    }
    return { t: "hello", v: 1, token: this.#options.token, subs };
  }

  #ask(one) {
    const { contact, after, epoch } = one;
    // A door with one contact takes its cursor in the hello.
    if (!this.#options.many) return this.#connection.restart(4009, 0);
    // Until the answer, lines of the old cursor may come: no hole.
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
    // Sent again on this socket it could come out of order.
    if (now - oldest > this.#connection.timings.ack) this.#connection.restart(1006);
  }

  #pump() {
    const now = Date.now();
    let wait = Infinity;
    for (const { contact, cid, text, state } of this.#outbox.items) {
      if (!this.#connection.online || this.#flying.size >= this.#connection.transport.window) break;
      const one = this.#contacts.get(contact);
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
    else {
      if (t === "dropped" && this.#contacts.delete(contact)) this.#fail(this.#outbox.of(contact), "forbidden");
      this.#tell(t, frame);
    }
  }

  #line(ev) {
    const one = this.#contacts.get(ev.contact);
    if (!one || one.stale || ev.seq <= one.after) return;
    if (ev.seq > one.after + 1) return one.waiting || this.#connection.restart(4009);
    one.after = ev.seq;
    const own = ev.by === this.own && (this.#options.me ?? ev.agent) === ev.agent;
    if (!own) one.missed++;
    this.#tell("line", { ...ev, own });
    if (own) this.#sent(ev);
    if (ev.kind === "ended") this.#fail(this.#outbox.of(ev.contact), "ended");
  }

  #ready(subs) {
    for (const { contact, seq, epoch } of subs) {
      const one = this.#contacts.get(contact);
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
    const one = this.#contacts.get(contact);
    this.#flying.delete(cid);
    if (one && (code === "rate_limited" || code === "busy")) one.held = Date.now() + wait;
    else this.#fail(this.#outbox.items.filter((item) => item.cid === cid), code);
    this.#pump();
  }
}
