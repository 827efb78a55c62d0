/* One point of contact on the page: its button, its window, what the page asked of it and may hear of it. */
import { FROM_BUTTON, FROM_CHAT } from "./embed-messages.js";
import { detailsOf, kept } from "./embed-options.js";
import { CORNERS, WRAPPER, dressFrame, mend, placeButton, placeChat, view, write } from "./embed-place.js";

export const MARK = "icPatronChat";
export const LIGHT = { "color-scheme": "light" }; // a see-through frame of another scheme than its page's is painted opaque
export const widgets = []; // in the order in which the page asked for them
const WAIT_MS = 15000;
const NOTHING = { options: null, chat: null, ready: false, open: false, asked: false, told: false, running: false, stands: false, mustEnd: false, unread: 0 };
const spoken = new WeakSet(); // frames that answered: before, they still show the page's own origin and the browser complains
let warned = false;
let mark = ""; // what stands before the title now

export const warn = (code, ...more) => {
  if (!warned) console.warn(`${MARK}: ${code}`, ...more);
  warned = true;
};
export const safely = (action, code = "internal") => (...values) => {
  try {
    return action(...values);
  } catch (error) {
    return warn(code, ...(code === "listener" ? [error] : []));
  }
};

export class Widget {
  corner = CORNERS.BottomRight;
  customer = {};
  listeners = [];

  constructor() {
    this.forget();
    this.handle = {
      open: () => this.set(true),
      close: () => this.set(false),
      end: () => this.end(),
      on: (name, listener) => this.on(name, listener),
      setCustomer: (details) => this.know(details),
      identify: (token) => this.know(null, String(token ?? "")),
    };
    for (const name in this.handle) this.handle[name] = safely(this.handle[name]);
  }

  /* asked: to open or close, before the button stood; told: what listeners heard last; found: may a chat run that we do not know?
     running: the window has a chat; stands: and knows it. */
  forget() {
    Object.assign(this, NOTHING, { found: true });
  }

  build() {
    this.wrapper = document.createElement("div");
    this.wrapper.className = WRAPPER;
    this.button = this.frame("button-iframe-wrap", "launcher.html", LIGHT);
    this.attach();
  }

  /* To the root: pages replace their body, move it, and look through its children. */
  attach() {
    document.documentElement.append(this.wrapper);
    mend(this.wrapper);
    clearTimeout(this.timer);
    this.timer = setTimeout(warn, WAIT_MS, "no_answer");
  }

  frame(className, page, rules, more) {
    const { poc, bus, server } = this.options;
    const box = document.createElement("div");
    const frame = document.createElement("iframe");
    box.className = className;
    dressFrame(frame, rules);
    frame.title = this.titles?.[1] ?? "Chat";
    frame.allow = "autoplay; clipboard-write";
    frame.src = `${server}/inContact/ChatClient/${page}?${new URLSearchParams({ poc, bu: bus, frame: 1, from: location.origin, ...more })}`;
    frame.onload = () => (box.over = true);
    box.append(frame);
    this.wrapper.append(box);
    return box;
  }

  tell(box, type, detail) {
    const to = box?.firstChild.contentWindow;
    if (to && spoken.has(to)) to.postMessage({ ...detail, mark: MARK, type }, this.options.server);
  }

  /* Who comes too late for the one moment that never comes again is told at once. */
  on(name, listener) {
    const own = { name, call: safely((detail) => listener(detail), "listener") };
    this.listeners.push(own);
    if (name === "ready" && this.ready) queueMicrotask(() => own.call({}));
    return () => (this.listeners = this.listeners.filter((other) => other !== own)) && undefined;
  }

  emit(name, detail) {
    for (const listener of this.listeners) if (listener.name === name) listener.call({ ...detail });
  }

  /* A chat that runs goes on where no new one may begin: asked for at once, else a refusal stands on the page's console.
     What was loaded without a network is loaded again. */
  makeChat() {
    if (this.chat?.over && !this.up) this.chat.firstChild.src += "";
    this.chat ??= this.frame("chat-iframe-wrap", "ChatClient.aspx", { "color-scheme": "light dark" }, this.found && { resume: 1 });
    mend(this.wrapper);
  }

  /* Does the window stand? Before, the button stays, and the page is not covered by something that nobody could close. */
  get up() {
    return spoken.has(this.chat?.firstChild.contentWindow);
  }

  set(open, focus = true) {
    if (open === this.open && (!open || this.up)) return;
    this.open = open;
    if (this.ready) this.show(focus);
    else this.asked = true;
  }

  show(focus) {
    const active = document.activeElement;
    this.focused = focus;
    if (this.open) {
      this.makeChat();
      for (const other of widgets) if (other !== this) other.set(false, false);
      this.opener = active === document.body || this.wrapper.contains(active) ? null : active;
    }
    arrange();
    this.tell(this.chat, this.open ? "shown" : "hidden", { focus });
    if (focus) this.focus();
    if (this.told !== this.open) this.emit(this.open ? "open" : "close");
    this.told = this.open;
  }

  focus() {
    if (this.open) return this.chat.firstChild.focus();
    if (this.opener?.isConnected) return this.opener.focus();
    this.button.firstChild.focus();
    return this.tell(this.button, "focus");
  }

  end() {
    this.mustEnd = this.found && !this.stands;
    if (this.stands) this.tell(this.chat, "end");
  }

  know(details, identity = this.identity) {
    this.identity = identity;
    this.customer = detailsOf(this.customer, details);
    this.tell(this.chat, "customer", { details: this.customer, identity });
  }

  /* Gone for good, or until the page asks again. */
  drop() {
    clearTimeout(this.timer);
    this.wrapper.remove();
    widgets.splice(widgets.indexOf(this), 1);
    if (this.told) this.emit("close");
    this.forget();
    arrange();
    entitle();
  }

  /* What was switched off goes on for those who are in the middle of a chat. */
  refused(box, code) {
    const frame = box.firstChild;
    if (code === "unavailable" && kept(this.options.poc) && !box.again) {
      box.again = true;
      return frame.contentWindow.location.replace(`${frame.src}&resume=1`);
    }
    warn(code);
    return box === this.button && this.drop();
  }

  /* The page took us away: with all it had, then we come back; or us alone, then it wanted that. */
  lost(withAll) {
    if (!this.wrapper || this.wrapper.isConnected) return;
    if (!withAll) return this.drop();
    this.ready = false;
    this.attach();
  }

  hear({ source, data }) {
    for (const [box, words] of [[this.button, FROM_BUTTON], [this.chat, FROM_CHAT]]) {
      if (source !== box?.firstChild.contentWindow) continue;
      spoken.add(source);
      if (data.type === "refused") this.refused(box, String(data.code));
      else if (Object.hasOwn(words, data.type)) words[data.type](this, data);
    }
  }
}

/* What nobody has looked at stands before the page's own title; one that the page has changed meanwhile is taken as it is. */
export function entitle() {
  const bare = document.title.replace(mark, "");
  const count = widgets.reduce((sum, { unread }) => sum + unread, 0);
  mark = count ? `(${count}) ` : "";
  document.title = mark + bare;
}

/* Buttons of one corner stand over each other; whoever is open has the corner for itself, on a small screen all of them. */
export function arrange() {
  const seen = view();
  const show = (box, shown) => write(box, { "--seen": shown ? "visible" : "hidden" });
  const before = {};
  for (const { ready, button, chat, corner, offset, open, up, phones, running } of widgets) {
    if (!ready) continue;
    const here = phones || running || !seen.narrow;
    before[corner] ??= 0;
    placeButton(button, seen, corner, offset, before[corner]);
    show(button, here && !widgets.some((other) => other.open && other.up && (seen.full || `${other.corner}` === `${corner}`)));
    if (here) before[corner] += 1;
    if (!chat) continue;
    placeChat(chat, seen, corner, offset);
    show(chat, open && up);
  }
}
