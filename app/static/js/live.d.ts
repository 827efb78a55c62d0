/** The types and words of live.js: read by editors and people, never loaded by a page. */

/** The id as a number; a data attribute has to be converted. */
export type Contact = number;
export type LineState = "sending" | "sent" | "failed";

/** All in milliseconds but `wait`. Tests make them short; pages leave them alone. */
export interface Timings {
  /** WebSocket without `ready` for so long: server-sent events; those without a byte: long poll. 4000 */
  ready: number;
  /** Two sockets that died within this time: server-sent events instead. 10000 */
  deaths: number;
  /** After so long with another transport WebSocket is tried again. 600000 */
  probe: number;
  /** A send without its acknowledgement for so long: a new connection. 10000 */
  ack: number;
  /** Nothing heard for so long, pings included: a new connection. 40000 */
  watchdog: number;
  /** The answer to a ping may take so long when the page comes back to life. 5000 */
  check: number;
  /** Between two pings. 15000 */
  ping: number;
  /** A connection that lasted so long forgives the failures before it: the back-off starts anew. 10000 */
  stable: number;
  /** The n-th try waits anything up to min(backoff * 2^n, backoffMax). 500 and 30000 */
  backoff: number;
  backoffMax: number;
  /** Typing is told at most once in this time. 1000 */
  typing: number;
  /** How often all this is looked at. 1000 */
  tick: number;
  /** Seconds that a long poll waits at the server. 25 */
  wait: number;
}

export interface Options {
  /** The WebSocket, absolute or relative to the page. */
  url: string;
  /** Events without WebSocket: server-sent events and long poll. */
  eventsUrl: string;
  /**
   * Sends without WebSocket. With `{contact}` in it this is a door of many contacts, the agent's: events are asked
   * by `sub=<contact>:<after>` instead of `after=`, and own lines are the agent's instead of the customer's.
   */
  messagesUrl: string;
  /** Typing without WebSocket; may hold `{contact}`. Without it typing is not told there. */
  typingUrl?: string;
  /** The customer's token, or the agent's CSRF token. */
  token: string;
  /** Prefix of the two keys in sessionStorage, `.outbox` and `.transport`; one per chat or console. */
  storageKey?: string;
  /** Sent instead of `Authorization: Bearer <token>`, and cookies go along: the agent's way. */
  headers?: Record<string, string>;
  /** The agent's user id: lines of a colleague who had the contact before are not own ones. */
  me?: number;
  timings?: Partial<Timings>;
}

export interface Line {
  contact: Contact;
  seq: number;
  kind: "text" | "joined" | "ended" | "transferred" | "requeued" | "system";
  by: "customer" | "agent" | "script" | "system";
  name: string;
  cid?: string;
  text?: string;
  data?: Record<string, string>;
  at: string;
  own: boolean;
}

export interface Echo {
  contact: Contact;
  cid: string;
  text: string;
  at: string;
  state: LineState;
  code?: string;
}

export interface Events {
  /** In order and exactly once for each contact. */
  line: Line;
  /** To be shown at once; `state` and the `line` of the same cid follow. */
  echo: Echo;
  /** `code` says why it failed: a nack's code, or `forbidden` and `ended` when the connection is over. */
  state: { contact: Contact; cid: string; state: LineState; code?: string; seq?: number; at?: string };
  typing: { contact: Contact; by: string; on: boolean };
  queue: { contact: Contact; place: number; wait_seconds?: number };
  changed: { what: string; contact?: Contact };
  /** This contact is no longer ours (4003) or over (4040); its unsent lines have failed. */
  dropped: { contact: Contact; code: number };
  /** `ended` and `refused` are final: nothing is tried again before another `start`. */
  status: {
    status: "connecting" | "online" | "reconnecting" | "offline" | "ended" | "refused";
    transport: "socket" | "sse" | "poll";
    code?: number;
  };
  /** The database is another one: load the log anew, then `subscribe` with its cursor and epoch. */
  reset: { contact: Contact };
  /** After a reconnect: what others wrote meanwhile. */
  gap: { contact: Contact; seconds: number; lines: number };
}

/** Dispatches a CustomEvent for each name of `Events`, with that type in `detail`. */
export class Live extends EventTarget {
  constructor(options: Options);
  /** Whose lines are own. */
  readonly own: "customer" | "agent";
  start(): void;
  /** Closes until the next `start`; the outbox is kept. */
  stop(): void;
  /** Asks for the lines behind `after`; again after a log was loaded anew. */
  subscribe(contact: Contact, after?: number | string, epoch?: string): void;
  unsubscribe(contact: Contact): void;
  /** Keeps the text until the server has it, across cuts and reloads; returns its cid. */
  send(contact: Contact, text: string): string;
  /** Shows a text as not sent: the chat is over, nobody will take it. */
  lose(contact: Contact, text: string): void;
  /** Sends a failed line again, behind the others and under the same cid. */
  retry(cid: string): void;
  /** Echoes that are not stored yet, those from before a reload too. */
  pending(contact: Contact): Echo[];
  /** Gives the unsent lines away, to go on in another window under the same cids; call it after `stop`. */
  take(contact: Contact): Echo[];
  /** Takes over what another window gave away. */
  adopt(items: Echo[]): void;
  /** May be called at each key. */
  typing(contact: Contact, on: boolean): void;
  seen(contact: Contact, seq: number): void;
}
