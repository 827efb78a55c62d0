const GROUPED_MS = 120000;
const NEAR_END_PX = 40;
// No quotes and nothing that turns the writing direction: a link reads as what it opens.
const URLS = /https?:\/\/[^\s<>"'\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gi;

function anchor(text) {
  const a = document.createElement("a");
  Object.assign(a, { href: text, rel: "noopener noreferrer", target: "_blank", textContent: text });
  return a;
}

/** Text as nodes with links; punctuation behind an address is not part of it. */
function linkified(text) {
  const nodes = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(URLS)) {
    const url = found.replace(found.includes("(") ? /[.,;:!?\]}»]+$/ : /[.,;:!?)\]}»]+$/, "");
    nodes.push(text.slice(done, index), anchor(url));
    done = index + url.length;
  }
  return [...nodes, text.slice(done)];
}

const slot = (line, name) => line.querySelector(`[data-slot=${name}]`);

function fill(line, name, ...nodes) {
  if (nodes[0]) slot(line, name)?.replaceChildren(...nodes);
}

function sameSpeaker(above, line) {
  const [a, b] = [above, line].map((one) => ({
    who: one.dataset.kind + one.classList.contains("message--own") + slot(one, "name")?.textContent,
    at: Date.parse(slot(one, "time")?.dateTime),
  }));
  return line.dataset.kind === "text" && a.who === b.who && b.at - a.at < GROUPED_MS;
}

class Log {
  #log;
  #live;
  #scroller;
  #chip;
  #words;
  #follow = true;
  #unread = 0;
  #time;
  #page = new AbortController();
  #resized = new ResizeObserver(() => this.#follow && this.#toEnd());

  constructor(log, live, newLines) {
    this.#log = log;
    this.#live = live;
    this.#words = newLines;
    this.#scroller = log.closest("[data-scroll]") ?? log;
    this.#chip = this.#scroller.parentElement.querySelector("[data-new-lines]");
    this.#time = new Intl.DateTimeFormat(document.documentElement.lang || [], { timeStyle: "short" });
    // A state that changes is no news.
    log.closest("[role=log]")?.setAttribute("aria-relevant", "additions");
    const { contact, seq, epoch } = log.dataset;
    live.subscribe(Number(contact), seq, epoch);
    live.pending(contact).forEach((item) => this.#echo(item));
    const mine = (type, then) =>
      this.#listen(live, type, ({ detail }) => String(detail.contact) === contact && then(detail));
    mine("line", (ev) => this.#line(ev));
    mine("echo", (item) => this.#echo(item));
    mine("state", (item) => this.#state(this.#find(item.cid), item));
    this.#listen(log, "click", ({ target }) => this.#click(target));
    this.#listen(this.#scroller, "scroll", () => this.#scrolled());
    if (this.#chip) this.#listen(this.#chip, "click", () => this.#toEnd());
    this.#resized.observe(this.#scroller);
    this.#toEnd();
  }

  detach() {
    this.#page.abort();
    this.#resized.disconnect();
  }

  #listen(target, type, then) {
    target.addEventListener(type, then, { signal: this.#page.signal });
  }

  #find(cid) {
    return cid && this.#log.querySelector(`#message-${CSS.escape(cid)}`);
  }

  #line(ev) {
    if (ev.seq <= this.#log.dataset.seq) return;
    this.#log.dataset.seq = ev.seq;
    const echo = this.#find(ev.cid);
    const line = echo ?? this.#clone(ev);
    line.dataset.seq = ev.seq;
    const waiting = this.#log.querySelector("li:not([data-seq])");
    if (ev.own) this.#state(line, { state: "sent", at: ev.at });
    // An echo changes its place only when an older one failed.
    if (!echo || waiting?.compareDocumentPosition(echo) & 4) this.#place(line, waiting, ev.own);
    else this.#group(line);
  }

  #echo(item) {
    if (this.#find(item.cid)) return;
    const line = this.#clone({ ...item, kind: "text", by: this.#live.own, own: true });
    this.#state(line, item);
    this.#place(line, null, true);
  }

  #clone({ kind, by, own, cid, name, text, data, at }) {
    const template = (key) => document.querySelector(`template[data-line="${CSS.escape(key)}"]`)?.content;
    const spoken = kind === "text" && by !== "system";
    const content = template(spoken ? (own ? "text-own" : "text-other") : kind) ?? template("system");
    const line = content.firstElementChild.cloneNode(true);
    line.dataset.kind = kind;
    if (cid) line.id = `message-${cid}`;
    if (spoken) line.className = line.className.replace(/message--(agent|customer)/, `message--${by}`);
    if (!own) fill(line, "name", data?.name ?? name);
    fill(line, "initials", data?.initials ?? name?.[0]);
    if (text) fill(line, "text", ...linkified(text).filter(Boolean));
    this.#stamp(line, at);
    return line;
  }

  #stamp(line, at) {
    const time = slot(line, "time");
    if (!time || !at) return;
    time.textContent = this.#time.format(new Date(at));
    time.dateTime = at;
  }

  #state(line, { state, at }) {
    if (!line) return;
    line.dataset.state = state;
    this.#stamp(line, at);
  }

  #place(line, before, own) {
    this.#log.insertBefore(line, before);
    this.#group(line);
    if (this.#follow || own) this.#toEnd();
    else this.#count(this.#unread + 1);
  }

  #group(line) {
    for (const one of [line, line.nextElementSibling]) {
      const above = one?.previousElementSibling;
      one?.classList.toggle("message--grouped", Boolean(above && sameSpeaker(above, one)));
    }
  }

  #click(target) {
    const line = target.closest("[data-retry]")?.closest("li");
    if (line) this.#live.retry(line.id.replace("message-", ""));
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#follow = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#follow) this.#count(0);
  }

  #toEnd() {
    this.#follow = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#count(0);
  }

  #count(unread) {
    this.#unread = unread;
    const chip = this.#chip;
    if (!chip) return;
    chip.hidden = !unread;
    (chip.querySelector("span") ?? chip).textContent = this.#words(unread);
  }
}

/**
 * Shows a contact in its `[data-log]` (data-contact, data-seq, data-epoch) and subscribes behind data-seq. Text is
 * text: templates are cloned and filled with text nodes.
 *
 * @param {HTMLElement} log scrolls itself, or its nearest `[data-scroll]` does
 * @param {Live} live
 * @param {function(number): string} [newLines] words of the chip `[data-new-lines]` beside what scrolls
 * @returns {{detach: function(): void}}
 */
export const attachLog = (log, live, newLines = String) => new Log(log, live, newLines);
