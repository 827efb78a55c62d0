import { linkified } from "./linkify.js";
import { locale } from "./locale.js";

// One to eight pictures and nothing else: they may be larger.
const PICTURES = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s]){1,24}$/u;

const slot = (line, name) => line.querySelector(`[data-slot=${name}]`);

const fill = (line, name, ...nodes) => nodes[0] != null && slot(line, name)?.replaceChildren(...nodes);

// Two without a name are not one: the second class says who they are.
const speaker = (line) => line.dataset.kind + line.classList[1] + slot(line, "name")?.textContent;
const atOf = (line) => Date.parse(slot(line, "time")?.dateTime);

function continues(above, line) {
  const same = above && line.dataset.kind === "text" && speaker(above) === speaker(line);
  return !!same && atOf(line) - atOf(above) < 120000;
}

class Log {
  follow = true;
  time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  page = new AbortController();
  resized = new ResizeObserver(() => this.follow && this.toEnd());

  constructor(log, live, newLines) {
    Object.assign(this, { log, live, newLines });
    this.scroller = log.closest("[data-scroll]") ?? log;
    this.chip = this.scroller.parentElement.querySelector("[data-new-lines]");
    // A state that changes is no news.
    log.closest("[role=log]")?.setAttribute("aria-relevant", "additions");
    const { seq, epoch } = log.dataset;
    const contact = Number(log.dataset.contact);
    live.subscribe(contact, seq, epoch);
    for (const item of live.pending(contact)) this.echo(item);
    const listen = (target, type, then) => target?.addEventListener(type, then, { signal: this.page.signal });
    const mine = (then) => ({ detail }) => detail.contact === contact && then(detail);
    listen(live, "line", mine((ev) => this.line(ev)));
    listen(live, "echo", mine((item) => this.echo(item)));
    listen(live, "state", mine((item) => this.state(this.find(item.cid), item)));
    listen(log, "click", ({ target }) => {
      const line = target.closest("[data-retry]")?.closest("li");
      if (line) live.retry(line.id.replace("message-", ""));
    });
    listen(this.scroller, "scroll", () => this.scrolled());
    listen(this.chip, "click", () => this.toEnd());
    this.resized.observe(this.scroller);
    this.toEnd();
  }

  detach() {
    this.page.abort();
    this.resized.disconnect();
  }

  find(cid) {
    return cid && this.log.querySelector(`#message-${CSS.escape(cid)}`);
  }

  line(ev) {
    const { seq, cid, own } = ev;
    if (seq <= this.log.dataset.seq) return;
    const echo = this.find(cid);
    const line = echo ?? this.clone(ev);
    this.log.dataset.seq = line.dataset.seq = seq;
    if (own) this.state(line, { ...ev, state: "sent" });
    const waiting = this.log.querySelector("li:not([data-seq])");
    // An echo changes its place only when an older one failed.
    if (!echo || waiting?.compareDocumentPosition(echo) & 4) this.place(line, waiting, own);
    else this.group(line);
  }

  echo(item) {
    if (this.find(item.cid)) return;
    const line = this.clone({ ...item, kind: "text", by: this.live.own, own: true });
    this.state(line, item);
    this.place(line, null, true);
  }

  clone({ kind, by, own, cid, name, text, data, at }) {
    const template = (key) => document.querySelector(`template[data-line="${key}"]`);
    const spoken = kind === "text" && by !== "system";
    const ended = kind === "ended" && this.ended(data ?? {});
    const { content } = template(spoken ? (own ? "text-own" : "text-other") : ended?.key ?? kind) ?? template("system");
    const line = content.firstElementChild.cloneNode(true);
    line.dataset.kind = kind;
    if (cid) line.id = `message-${cid}`;
    if (spoken) line.className = line.className.replace(/message--(agent|customer)/, `message--${by}`);
    const told = ended?.name || data?.name || name;
    if (!own && told) fill(line, "name", told);
    fill(line, "initials", data?.initials ?? (initials(name) || undefined));
    if (text) fill(line, "text", ...linkified(text));
    if (spoken && PICTURES.test(text)) line.dataset.pictures = "";
    this.stamp(line, at);
    return line;
  }

  /* Who ended it decides the words: the reader, somebody with a name, or nobody. */
  ended({ by, reason, name }) {
    const left = by === "customer" || reason === "customer_left";
    if (reason !== "supervisor_ended" && (left ? "customer" : by) === this.live.own) return { key: "ended-own" };
    const named = left ? this.log.closest("[data-name]")?.dataset.name : name;
    return { key: named ? "ended-other" : "ended", name: named };
  }

  stamp(line, at) {
    const time = slot(line, "time");
    if (time && at) Object.assign(time, { textContent: this.time.format(new Date(at)), dateTime: at });
  }

  state(line, { state, at }) {
    if (!line) return;
    line.dataset.state = state;
    this.stamp(line, at);
  }

  place(line, before, own) {
    this.log.insertBefore(line, before);
    this.group(line);
    if (this.follow || own) this.toEnd();
    else this.count(this.unread + 1);
  }

  group(line) {
    for (const one of [line, line.nextElementSibling]) {
      one?.classList.toggle("message--grouped", continues(one.previousElementSibling, one));
    }
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.follow = scrollHeight - scrollTop - clientHeight < 40;
    if (this.follow) this.count(0);
  }

  toEnd() {
    this.follow = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.count(0);
  }

  count(unread) {
    this.unread = unread;
    if (!this.chip) return;
    this.chip.hidden = !unread;
    this.chip.querySelector("span").textContent = this.newLines(unread);
  }
}

/** As the server makes them: of the first and the last word. */
const initials = (name = "") => {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
};

/** Shows a contact's lines: log.d.ts. */
export const attachLog = (log, live, newLines = String) => new Log(log, live, newLines);
