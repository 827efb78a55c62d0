import { load, save } from "./outbox.js";
import { PollTransport, SocketTransport, SseTransport } from "./transports.js";

const TRANSPORTS = { socket: SocketTransport, sse: SseTransport, poll: PollTransport };
const TERMINAL = { 1008: "refused", 4001: "refused", 4003: "refused", 4040: "ended" };
/** These say nothing against WebSocket: the server leaves or is full, or we want a fresh start. */
const NO_DEATH = [1001, 1012, 1013, 4009, 4029];

/** Keeps one transport alive. Knows no contact and no line. `user` is {hello, frame, up, down, tick, status}. */
export class Connection {
  online = false;
  #user;
  #options;
  #t;
  #name;
  #transport;
  #timers = {};
  #stopped = true;
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
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#tries = 0;
    const kept = this.#kept();
    this.#name = kept.until > Date.now() ? kept.name : "socket";
    this.#page = new AbortController();
    const listen = (target, type, then) => target.addEventListener(type, then, { signal: this.#page.signal });
    listen(window, "online", () => this.#check(true));
    listen(window, "offline", () => this.#status("offline"));
    listen(window, "pageshow", ({ persisted }) => persisted && this.restart(1001, 0));
    listen(document, "visibilitychange", () => document.hidden || this.#check());
    this.#timers.tick = setInterval(() => this.#tick(), this.#t.tick);
    this.#status("connecting");
    this.#open();
  }

  stop(code = 1000, status = "ended") {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#page.abort();
    clearInterval(this.#timers.tick);
    this.#leave(code);
    this.#status(status, code);
  }

  /** May get lost with the connection: the caller keeps its own copy of what must not. */
  send(frame) {
    if (this.online) this.#transport.send(frame);
  }

  /** Closed by the other side, or by us as useless. `refused`: an HTTP server answered, so the network works. */
  restart(code, wait, refused) {
    if (this.#stopped) return;
    if (TERMINAL[code]) return this.stop(code, TERMINAL[code]);
    const wasOnline = this.online;
    const ordered = wait ?? this.#bye?.retry_ms;
    this.#leave(code);
    const moved = this.#choose(code, wasOnline, refused);
    if (code === 1013 || code === 4029) this.#tries = Math.max(this.#tries, 4);
    // Full jitter: a thousand windows must not come back in one instant.
    const jitter = () => Math.random() * Math.min(this.#t.backoff * 2 ** this.#tries++, this.#t.backoffMax);
    this.#notBefore = Date.now() + (ordered ?? 0);
    this.#status("reconnecting", code);
    this.#timers.retry = setTimeout(() => this.#open(), ordered ?? (moved ? 0 : jitter()));
  }

  #open() {
    const transport = new TRANSPORTS[this.#name](this.#options, {
      hello: this.#user.hello,
      up: () => this.#transport === transport && this.#up(),
      frame: (frame) => this.#transport === transport && this.#frame(frame),
      down: (...why) => this.#transport === transport && this.restart(...why),
    });
    this.#leave();
    this.#transport = transport;
    this.#bye = null;
    const patience = { socket: this.#t.ready, sse: this.#t.byte, poll: this.#t.ack }[this.#name];
    this.#timers.open = setTimeout(() => this.#silent(), patience);
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
    // 1000 tells the server that we are done; all else comes back.
    transport?.close(code === 1000 ? code : 4009);
  }

  #up() {
    this.#heard();
    if (this.online) return;
    clearTimeout(this.#timers.open);
    this.online = true;
    this.#upAt = this.#heardAt;
    this.#remember();
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

  /** {name, until}: what had to replace WebSocket in this session, and until when it is not tried again. */
  #kept() {
    return load(this.#options.storageKey + ".transport") ?? {};
  }

  #remember() {
    let kept = {};
    if (this.#name !== "socket") {
      kept = this.#kept();
      const now = Date.now();
      if (kept.name !== this.#name || kept.until < now) kept = { name: this.#name, until: now + this.#t.probe };
      this.#timers.probe = setTimeout(() => this.#move("socket"), kept.until - now);
    }
    save(this.#options.storageKey + ".transport", kept);
  }

  #move(name) {
    this.#name = name;
    this.#open();
  }

  #silent() {
    const next = { socket: this.#kept().name ?? "sse", sse: "poll" }[this.#name];
    if (next) this.#move(next);
    else this.restart(1006);
  }

  /** Sets the transport of the next try; true: another one, to be tried at once. */
  #choose(code, wasOnline, refused) {
    const kept = this.#kept().name;
    if (this.#name !== "socket") {
      // No answer at all means that network or server are away: nothing against WebSocket.
      if (!wasOnline && code !== 4029) this.#name = refused && this.#name === "sse" ? "poll" : (kept ?? "socket");
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
    const offline = status === "reconnecting" && !navigator.onLine;
    this.#user.status({ status: offline ? "offline" : status, transport: this.#name, code });
  }

  /** The page came back to life: a waiting try goes now, a quiet socket has to answer soon. */
  #check(network) {
    if (network) this.#tries = 0;
    if (!this.#transport) {
      if (Date.now() >= this.#notBefore) this.#open();
    } else if (this.#transport.pings) {
      this.#aliveUntil = Math.min(this.#aliveUntil, Date.now() + this.#t.check);
      this.#ping();
    } else if (network) this.restart(4009, 0);
  }

  #ping() {
    this.#pingAt = Date.now();
    this.#askedAt ||= this.#pingAt;
    this.send({ t: "ping" });
  }

  #tick() {
    if (!this.online) return;
    const now = Date.now();
    const { pings } = this.#transport;
    // A hidden tab's timers come once a minute: only a ping that had time for its answer proves a dead socket.
    const asked = !pings || (this.#askedAt && now - this.#askedAt >= this.#t.check);
    if (now > this.#aliveUntil && asked) return this.restart(1006);
    if (pings && now - this.#pingAt >= this.#t.ping) this.#ping();
    this.#user.tick(now);
  }
}
