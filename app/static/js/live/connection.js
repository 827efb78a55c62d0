import { load, save } from "../storage.js";
import { PollTransport, SocketTransport, SseTransport } from "./transports.js";

const TIMINGS = {
  ready: 4000,
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

const TRANSPORTS = { socket: SocketTransport, sse: SseTransport, poll: PollTransport };
const TERMINAL = { 1008: "refused", 4001: "refused", 4003: "refused", 4040: "ended" };
/** These say nothing against WebSocket. */
const NO_DEATH = [1001, 1012, 1013, 4009, 4029];

export class Connection {
  online = false;
  timers = {};
  deaths = [];
  tries = 0;
  pingAt = 0;

  constructor(options, user) {
    this.timings = { ...TIMINGS, ...options.timings };
    this.options = { ...options, timings: this.timings };
    this.key = options.storageKey + ".transport";
    this.user = user;
  }

  start() {
    if (this.page) return;
    this.page = new AbortController();
    this.tries = 0;
    const { name, until } = this.kept();
    this.name = until > Date.now() ? name : "socket";
    const listen = (target, type, then) => target.addEventListener(type, then, { signal: this.page.signal });
    listen(window, "online", () => this.check(true));
    listen(window, "offline", () => this.status("offline"));
    listen(window, "pageshow", ({ persisted }) => persisted && this.restart(1001, 0));
    listen(document, "visibilitychange", () => document.hidden || this.check());
    this.timers.tick = setInterval(() => this.tick(), this.timings.tick);
    this.status("connecting");
    this.open();
  }

  stop(code = 1000, status = "ended") {
    if (!this.page) return;
    this.page.abort();
    this.page = null;
    clearInterval(this.timers.tick);
    this.leave(code);
    this.status(status, code);
  }

  send(frame) {
    if (this.online) this.transport.send(frame);
  }

  /** `refused`: HTTP was answered, so the network works. */
  restart(code, wait, refused) {
    if (!this.page) return;
    if (TERMINAL[code]) return this.stop(code, TERMINAL[code]);
    const { online } = this;
    this.leave(code);
    const moved = this.choose(code, online, refused);
    if (code === 1013 || code === 4029) this.tries = Math.max(this.tries, 4);
    const ordered = wait ?? this.bye?.retry_ms;
    this.notBefore = Date.now() + (ordered ?? 0);
    this.status("reconnecting", code);
    this.timers.retry = setTimeout(() => this.open(), ordered ?? (moved ? 0 : this.jitter()));
  }

  /** Full jitter: a thousand windows must not come back at once. */
  jitter() {
    return Math.random() * Math.min(this.timings.backoff * 2 ** this.tries++, this.timings.backoffMax);
  }

  open(name = this.name) {
    this.leave();
    this.name = name;
    this.bye = null;
    const mine = (then) => (...given) => this.transport === transport && then(...given);
    const transport = new TRANSPORTS[name](this.options, {
      hello: this.user.hello,
      up: mine(() => this.up()),
      frame: mine((frame) => this.frame(frame)),
      down: mine((...why) => this.restart(...why)),
    });
    this.transport = transport;
    const { ready, ack } = this.timings;
    this.timers.open = setTimeout(() => this.silent(), name === "poll" ? ack : ready);
    try {
      transport.open();
    } catch {
      // Forbidden by a policy.
      this.restart(1006);
    }
  }

  leave(code) {
    for (const name of ["open", "retry", "probe"]) clearTimeout(this.timers[name]);
    const transport = this.transport;
    this.transport = null;
    if (this.online) {
      this.online = false;
      if (Date.now() - this.upAt > this.timings.stable) this.tries = 0;
      this.user.down(this.heardAt);
    }
    // 1000 means that we are done.
    transport?.close(code === 1000 ? code : 4009);
  }

  up() {
    this.heard();
    if (this.online) return;
    clearTimeout(this.timers.open);
    this.online = true;
    this.upAt = this.heardAt;
    this.keep();
    this.status("online");
    this.user.up();
  }

  heard() {
    this.heardAt = Date.now();
    this.aliveUntil = this.heardAt + this.timings.watchdog;
    this.askedAt = 0;
  }

  frame(frame) {
    this.heard();
    if (frame.t === "bye") this.bye = frame;
    this.user.frame(frame);
    if (frame.t === "ready" && this.transport) this.up();
    // The network went and came back, and this socket outlived it.
    if (this.online && this.shown === "offline" && navigator.onLine) this.status("online");
    this.tick();
  }

  /** What replaces WebSocket, and until when. */
  kept() {
    return load(this.key) ?? {};
  }

  keep() {
    const { name, key } = this;
    if (name === "socket") return save(key, {});
    const now = Date.now();
    let { until } = this.kept();
    if (!(until > now)) until = now + this.timings.probe;
    save(key, { name, until });
    this.timers.probe = setTimeout(() => this.open("socket"), until - now);
  }

  silent() {
    const next = { socket: this.kept().name ?? "sse", sse: "poll" }[this.name];
    if (next) this.open(next);
    else this.restart(1006);
  }

  /** The transport of the next try; true: another one, to be tried at once. */
  choose(code, online, refused) {
    const kept = this.kept().name;
    if (this.name !== "socket") {
      // Without any answer the network or the server is away.
      if (!online && code !== 4029) this.name = refused && this.name === "sse" ? "poll" : (kept ?? "socket");
      return false;
    }
    if (this.bye || NO_DEATH.includes(code) || !navigator.onLine) return false;
    const now = Date.now();
    this.deaths = [...this.deaths.filter((at) => now - at < this.timings.deaths), now];
    if (this.deaths.length < 2 && !kept) return false;
    this.deaths = [];
    this.name = kept ?? "sse";
    return true;
  }

  status(status, code) {
    if (status === "reconnecting" && !navigator.onLine) status = "offline";
    this.shown = status;
    this.user.status({ status, transport: this.name, code });
  }

  /** The page is back: a waiting try goes now, a quiet socket has to answer soon. */
  check(network) {
    const now = Date.now();
    if (network) this.tries = 0;
    if (!this.transport) {
      if (now >= this.notBefore) this.open();
    } else if (this.transport.pings) {
      this.aliveUntil = Math.min(this.aliveUntil, now + this.timings.check);
      this.ping(now);
    } else if (network) this.restart(4009, 0);
  }

  ping(now) {
    this.pingAt = now;
    this.askedAt ||= now;
    this.send({ t: "ping" });
  }

  tick() {
    if (!this.online) return;
    const now = Date.now();
    const { pings } = this.transport;
    // Hidden tabs tick once a minute: only an old unanswered ping proves a dead socket.
    const asked = !pings || (this.askedAt && now - this.askedAt >= this.timings.check);
    if (now > this.aliveUntil && asked) return this.restart(1006);
    if (pings && now - this.pingAt >= this.timings.ping) this.ping(now);
    this.user.tick(now);
  }
}
