import { load, save } from "./outbox.js";
import { PollTransport, SocketTransport, SseTransport } from "./transports.js";

const TRANSPORTS = { socket: SocketTransport, sse: SseTransport, poll: PollTransport };
const TERMINAL = { 1008: "refused", 4001: "refused", 4003: "refused", 4040: "ended" };
/** Nothing against WebSocket: the server leaves or is full, or we want a fresh start. */
const NO_DEATH = [1001, 1012, 1013, 4009, 4029];

/** Keeps one transport alive. `user` is {hello, frame, up, down, tick, status}. */
export class Connection {
  online = false;
  #user;
  #options;
  #t;
  #name;
  #transport;
  #timers = {};
  #page;
  #deaths = [];
  #tries = 0;
  #bye;
  #notBefore;
  #upAt;
  #heardAt;
  #aliveUntil;
  #pingAt = 0;
  #askedAt;

  constructor(options, user) {
    this.#options = options;
    this.#t = options.timings;
    this.#user = user;
  }

  get window() {
    return this.#transport.window;
  }

  start() {
    if (this.#page) return;
    this.#page = new AbortController();
    this.#tries = 0;
    const { name, until } = this.#kept();
    this.#name = until > Date.now() ? name : "socket";
    const listen = (target, type, then) => target.addEventListener(type, then, this.#page);
    listen(window, "online", () => this.#check(true));
    listen(window, "offline", () => this.#status("offline"));
    listen(window, "pageshow", ({ persisted }) => persisted && this.restart(1001, 0));
    listen(document, "visibilitychange", () => document.hidden || this.#check());
    this.#timers.tick = setInterval(() => this.#tick(), this.#t.tick);
    this.#status("connecting");
    this.#open();
  }

  stop(code = 1000, status = "ended") {
    if (!this.#page) return;
    this.#page.abort();
    this.#page = null;
    clearInterval(this.#timers.tick);
    this.#leave(code);
    this.#status(status, code);
  }

  /** May get lost with the connection. */
  send(frame) {
    if (this.online) this.#transport.send(frame);
  }

  /** Closed by the other side, or by us as useless. `refused`: HTTP was answered, so the network works. */
  restart(code, wait, refused) {
    if (!this.#page) return;
    if (TERMINAL[code]) return this.stop(code, TERMINAL[code]);
    const { online } = this;
    this.#leave(code);
    const moved = this.#choose(code, online, refused);
    if (code === 1013 || code === 4029) this.#tries = Math.max(this.#tries, 4);
    const ordered = wait ?? this.#bye?.retry_ms;
    this.#notBefore = Date.now() + (ordered ?? 0);
    this.#status("reconnecting", code);
    this.#timers.retry = setTimeout(() => this.#open(), ordered ?? (moved ? 0 : this.#jitter()));
  }

  /** Full jitter: a thousand windows must not come back at once. */
  #jitter() {
    return Math.random() * Math.min(this.#t.backoff * 2 ** this.#tries++, this.#t.backoffMax);
  }

  #open(name = this.#name) {
    this.#leave();
    this.#name = name;
    this.#bye = null;
    const mine = (then) => (...given) => this.#transport === transport && then(...given);
    const transport = new TRANSPORTS[name](this.#options, {
      hello: this.#user.hello,
      up: mine(() => this.#up()),
      frame: mine((frame) => this.#frame(frame)),
      down: mine((...why) => this.restart(...why)),
    });
    this.#transport = transport;
    const patience = { socket: this.#t.ready, sse: this.#t.byte, poll: this.#t.ack };
    this.#timers.open = setTimeout(() => this.#silent(), patience[name]);
    try {
      transport.open();
    } catch {
      // WebSocket throws where a policy forbids it.
      this.restart(1006);
    }
  }

  #leave(code) {
    for (const name of ["open", "retry", "probe"]) clearTimeout(this.#timers[name]);
    const transport = this.#transport;
    this.#transport = null;
    if (this.online) {
      this.online = false;
      if (Date.now() - this.#upAt > this.#t.stable) this.#tries = 0;
      this.#user.down(this.#heardAt);
    }
    // 1000 means that we are done.
    transport?.close(code === 1000 ? code : 4009);
  }

  #up() {
    this.#heard();
    if (this.online) return;
    clearTimeout(this.#timers.open);
    this.online = true;
    this.#upAt = this.#heardAt;
    this.#keep();
    this.#status("online");
    this.#user.up();
  }

  #heard() {
    this.#heardAt = Date.now();
    this.#aliveUntil = this.#heardAt + this.#t.watchdog;
    this.#askedAt = 0;
  }

  #frame(frame) {
    this.#heard();
    if (frame.t === "bye") this.#bye = frame;
    this.#user.frame(frame);
    if (frame.t === "ready" && this.#transport) this.#up();
    this.#tick();
  }

  /** {name, until}: what replaces WebSocket in this session, and until when that is not tried. */
  #kept() {
    return load(this.#options.storageKey + ".transport") ?? {};
  }

  #keep() {
    const now = Date.now();
    const name = this.#name;
    let kept = name === "socket" ? {} : this.#kept();
    if (name !== "socket") {
      if (kept.name !== name || kept.until < now) kept = { name, until: now + this.#t.probe };
      this.#timers.probe = setTimeout(() => this.#open("socket"), kept.until - now);
    }
    save(this.#options.storageKey + ".transport", kept);
  }

  #silent() {
    const next = { socket: this.#kept().name ?? "sse", sse: "poll" }[this.#name];
    if (next) this.#open(next);
    else this.restart(1006);
  }

  /** The transport of the next try; true: another one, to be tried at once. */
  #choose(code, online, refused) {
    const kept = this.#kept().name;
    if (this.#name !== "socket") {
      // Without any answer the network or the server is away.
      if (!online && code !== 4029) this.#name = refused && this.#name === "sse" ? "poll" : (kept ?? "socket");
      return false;
    }
    if (this.#bye || NO_DEATH.includes(code) || !navigator.onLine) return false;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < this.#t.deaths), now];
    if (this.#deaths.length < 2 && !kept) return false;
    this.#deaths = [];
    this.#name = kept ?? "sse";
    return true;
  }

  #status(status, code) {
    if (status === "reconnecting" && !navigator.onLine) status = "offline";
    this.#user.status({ status, transport: this.#name, code });
  }

  /** The page came back to life: a waiting try goes now, a quiet socket has to answer soon. */
  #check(network) {
    const now = Date.now();
    if (network) this.#tries = 0;
    if (!this.#transport) {
      if (now >= this.#notBefore) this.#open();
    } else if (this.#transport.pings) {
      this.#aliveUntil = Math.min(this.#aliveUntil, now + this.#t.check);
      this.#ping(now);
    } else if (network) this.restart(4009, 0);
  }

  #ping(now) {
    this.#pingAt = now;
    this.#askedAt ||= now;
    this.send({ t: "ping" });
  }

  #tick() {
    if (!this.online) return;
    const now = Date.now();
    const { pings } = this.#transport;
    // A hidden tab's timers come once a minute: only a ping that had time for its answer proves a dead socket.
    const asked = !pings || (this.#askedAt && now - this.#askedAt >= this.#t.check);
    if (now > this.#aliveUntil && asked) return this.restart(1006);
    if (pings && now - this.#pingAt >= this.#t.ping) this.#ping(now);
    this.#user.tick(now);
  }
}
