/* While closed: the week's opening times in the customer's own zone, a message to leave, and the moment when it opens. */
import { Asking } from "./asking.js";
import { find, say, show } from "./dom.js";
import { locale } from "./locale.js";

const OFTEN_MS = 300_000; // clocks differ and hours are changed: so often the server is asked
const SPREAD_MS = 5000; // not everybody at the same moment

const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const hour = time.resolvedOptions().hour12 ? "numeric" : "2-digit";
const dayAndTime = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", hour, minute: "2-digit" });
const zone = new Intl.DateTimeFormat(locale, { timeZoneName: "longGeneric" });

const dateOf = (moment) => `${moment.getFullYear()}-${`${moment.getMonth() + 1}`.padStart(2, "0")}-${`${moment.getDate()}`.padStart(2, "0")}`;

/* Days of this reader's calendar, from today: [{at, ranges}]. days: of the zone of the hours. Days that those may not cover are left out. */
export function localDays(days, now = new Date()) {
  const ranges = days.flatMap((one) => one.ranges.map(([start, end]) => ({ date: one.date, start: new Date(start), end: new Date(end) })));
  const last = days.at(-1)?.date ?? "";
  const behind = ranges.some(({ date, start }) => dateOf(start) < date);
  const shown = [];
  for (let n = 0; n < 7; n++) {
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + n, 12);
    const date = dateOf(at);
    if (behind ? date >= last : date > last) break;
    shown.push({ at, ranges: ranges.filter(({ start }) => dateOf(start) === date) });
  }
  return shown;
}

/* The message that is left. Events: open (it was refused because somebody is there again). */
class Leave extends Asking {
  constructor(form, { poc, describe }) {
    super(form, { place: `leave:${poc}`, path: `/chat/${poc}/messages`, failed: "not_sent", offline: "send_offline" });
    this.describe = describe;
  }

  body(values) {
    return { ...this.describe(), ...values };
  }

  accepted(_, { email }) {
    find("left-email").textContent = say("answer_at", { email: `\u2068${email}\u2069` });
    show(this.form, false);
    show(find("left"), true);
    find("left").focus();
  }

  settled(code) {
    return code === "open" && this.dispatchEvent(new Event("open"));
  }
}

/* Events: open (detail: what was being written, {name, email, phone, text}). */
export class Closed extends EventTarget {
  #leave = null;
  #poc;
  #timer;
  shut = true;

  /* Null on a page that was made while it was open. */
  static of(options) {
    return find("view=closed") && new Closed(options);
  }

  constructor(options) {
    super();
    this.#poc = options.poc;
    const form = find("leave");
    if (form) this.#leave = new Leave(form, options);
    this.#leave?.addEventListener("open", () => this.#opened());
    document.addEventListener("visibilitychange", () => this.#timer && !document.hidden && this.#look());
    this.#show(JSON.parse(document.getElementById("opening").textContent));
  }

  fill(details) {
    this.#leave?.fill(details);
  }

  /* Words that have no chat. True when they found a field. */
  take(text) {
    return this.#leave !== null && text !== "" && this.#leave.fields.add("text", text);
  }

  #show({ days, changes_at: opens }) {
    const rows = localDays(days);
    show(find("hours-part"), rows.some(({ ranges }) => ranges.length));
    find("hours").replaceChildren(...rows.map((row, n) => this.#row(row, n === 0)));
    const own = zone.formatToParts().find(({ type }) => type === "timeZoneName").value;
    find("zone").textContent = say("zone", { zone: own });
    find("opens").textContent = opens ? say("opens", { when: dayAndTime.format(new Date(opens)) }) : "";
    show(find("opens"), Boolean(opens));
    const wait = opens ? Date.parse(opens) - Date.now() : OFTEN_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(wait, 1000), OFTEN_MS) + Math.random() * SPREAD_MS);
  }

  #row({ at, ranges }, today) {
    const row = document.createElement("div");
    row.classList.toggle("hours-today", today);
    const words = ranges.length ? ranges.map(({ start, end }) => `${time.format(start)} – ${time.format(end)}`) : [say("closed")];
    row.append(this.#part("dt", today ? say("today") : day.format(at)), ...words.map((text) => this.#part("dd", text)));
    return row;
  }

  #part(name, text) {
    const part = document.createElement(name);
    const words = document.createElement("bdi");
    words.textContent = text;
    part.append(words);
    return part;
  }

  async #look() {
    const response = await fetch(`/chat/${this.#poc}/hours`, { cache: "no-store" }).catch(() => null);
    const opening = response?.ok ? await response.json() : null;
    if (opening?.open) this.#opened();
    else this.#show(opening ?? { days: [], changes_at: null });
  }

  #opened() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.shut = false;
    this.dispatchEvent(new CustomEvent("open", { detail: this.#leave?.fields.values ?? {} }));
  }
}
