/** `window`: how many sends may be unacknowledged. */
class Transport {
  constructor(options, on) {
    this.options = options;
    this.on = on;
  }
}

export class SocketTransport extends Transport {
  window = 8;
  pings = true;

  open() {
    const url = new URL(this.options.url, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(url, "clavardage.v1"));
    socket.onopen = () => this.send(this.on.hello());
    socket.onmessage = ({ data }) => this.on.frame(JSON.parse(data));
    socket.onclose = ({ code }) => this.on.down(code);
  }

  send(frame) {
    if (this.socket.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  /** Nobody waits for the closing handshake: on a dead link it never ends. */
  close(code) {
    const { socket } = this;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }
}

const CLOSE = { 401: 4001, 403: 4003, 404: 4040, 429: 4029 };
const LATER = { 429: "rate_limited", 503: "busy" };

const waitOf = (response, error) => error?.retry_ms ?? 1000 * (response.headers.get("Retry-After") ?? 1);

/** Frames of the client become POSTs, one at a time: they keep their order. */
class HttpTransport extends Transport {
  window = 1;
  life = new AbortController();

  async open() {
    const { signal } = (this.stream = new AbortController());
    try {
      await this.listen(signal);
      if (!signal.aborted) this.on.down(1001);
    } catch (error) {
      if (!signal.aborted) this.on.down(error.close ?? 1006, error.wait, error.close);
    }
  }

  send({ t, contact, ...rest }) {
    const at = (url) => url?.replace("{contact}", contact);
    const { messagesUrl, typingUrl } = this.options;
    if (t === "send") this.post(at(messagesUrl), contact, rest);
    else if (t === "typing" && typingUrl) this.json(at(typingUrl), rest).catch(() => {});
    else if (t.endsWith("subscribe")) {
      this.stream.abort();
      this.open();
      this.on.frame({ t: "subscribed", contact });
    }
  }

  close() {
    this.life.abort();
    this.stream?.abort();
  }

  ask(accept, wait, signal) {
    const { eventsUrl, many } = this.options;
    const url = new URL(eventsUrl, location.href);
    this.subs = this.on.hello().subs;
    for (const { contact, after } of this.subs) {
      if (many) url.searchParams.append("sub", `${contact}:${after}`);
      else url.searchParams.set("after", after);
    }
    url.searchParams.set("wait", wait);
    return this.fetch(url, signal, { Accept: accept });
  }

  /** Customers show their token and no cookie. */
  async fetch(url, signal, more, body) {
    const { headers, token } = this.options;
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      body,
      headers: { "Content-Type": "application/json", ...(headers ?? { Authorization: `Bearer ${token}` }), ...more },
      credentials: headers ? "same-origin" : "omit",
      cache: "no-store",
      signal,
    });
    const { ok, status } = response;
    const nack = body && status !== 401 && (status < 500 || status === 503);
    if (ok || nack) return response;
    const wait = status === 429 ? waitOf(response) : undefined;
    throw Object.assign(new Error(status), { close: CLOSE[status] ?? 1011, wait });
  }

  json(url, value, more) {
    return this.fetch(url, this.life.signal, more, JSON.stringify(value));
  }

  async post(url, contact, { cid, text }) {
    try {
      const response = await this.json(url, { text }, { "Idempotency-Key": cid });
      const body = await response.json().catch(() => ({}));
      if (response.ok) return this.on.frame({ ...body, t: "ack", contact, cid });
      const code = LATER[response.status] ?? body.error?.code ?? "invalid";
      this.on.frame({ t: "nack", contact, cid, code, retry_ms: waitOf(response, body.error) });
    } catch (error) {
      if (!this.life.signal.aborted) this.on.down(error.close ?? 1006);
    }
  }
}

/** By fetch: EventSource carries no Authorization. The server ends streams now and then. */
export class SseTransport extends HttpTransport {
  async listen(signal) {
    for (let began = 0; Date.now() - began > 1000; ) {
      began = Date.now();
      const { body } = await this.ask("text/event-stream", 25, signal);
      await this.read(body.pipeThrough(new TextDecoderStream()).getReader(), signal);
    }
  }

  async read(reader, signal) {
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      this.on.up();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.match(/^data: ?(.*)$/m);
        if (data && !signal.aborted) this.on.frame(JSON.parse(data[1]));
      }
    }
  }
}

/** The first poll doesn't wait: its answer says that the way is open. */
export class PollTransport extends HttpTransport {
  async listen(signal) {
    for (let wait = 0; ; wait = this.options.timings.wait) {
      const { events, frames, epoch } = await (await this.ask("application/json", wait, signal)).json();
      const last = {};
      for (const { contact, seq } of events) last[contact] = seq;
      const subs = this.subs.map(({ contact, after }) => ({ contact, epoch, seq: last[contact] ?? after }));
      for (const frame of [...events, ...frames, { t: "ready", subs }]) {
        if (signal.aborted) return;
        this.on.frame(frame);
      }
    }
  }
}
