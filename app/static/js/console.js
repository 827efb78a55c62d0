/* The agent's console: one live link, and what hears it. The socket tells, the page asks (by htmx). */
import { find, say } from "./dom.js";
import { Live } from "./live.js";
import { Sound } from "./sound.js";
import { contactList } from "./console/list.js";
import { Desk } from "./console/desk.js";
import { keys } from "./console/keys.js";
import { link } from "./console/link.js";
import { Offers } from "./console/offers.js";
import { splitters } from "./console/splitters.js";
import { moments, paint, tick } from "./console/ticking.js";
import { toast } from "./console/toast.js";

const root = find("console");
const csrf = document.querySelector("meta[name=csrf-token]").content;
const live = new Live({
  url: "/live/agent",
  eventsUrl: "/agent/events",
  messagesUrl: "/agent/contacts/{contact}/messages",
  typingUrl: "/agent/contacts/{contact}/typing",
  token: csrf,
  headers: { "X-CSRFToken": csrf },
  storageKey: `clavardage:agent:${root.dataset.user}`,
  me: Number(root.dataset.user),
});
const sound = new Sound();
const desk = new Desk(root, live, sound);
const list = contactList(document.getElementById("contacts"), desk);
const offers = new Offers(document.getElementById("offers"), sound);

/* Fragments carry the address that renders them; whatever is asked for while one is under way is asked once more after it. */
const REFRESH_MS = 30000;
const fragments = ["state", "offers", "contacts"];
const refresh = (...names) => names.forEach((name) => htmx.trigger(document.getElementById(name), "refresh"));

const afterSwap = {
  contacts: () => list.read(),
  offers: () => offers.read(),
};

document.addEventListener("htmx:after:swap", ({ detail }) => {
  paint();
  moments();
  afterSwap[detail.ctx.target?.id]?.();
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  // The link tells the same; this is for the moments when it is down.
  if (ctx.request.method === "POST" && ctx.response.status < 400) refresh(...fragments.filter((name) => name !== ctx.target?.id));
});
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status === 422 || ctx.response.status === 401) return;
  toast(new DOMParser().parseFromString(ctx.text ?? "", "text/html").body.textContent.trim().slice(0, 300) || say("failed"));
  if (ctx.request.method === "POST") refresh(...fragments);
});
document.addEventListener("htmx:error", () => toast(say("failed")));

live.addEventListener("changed", ({ detail: { what, contact } }) => {
  if (fragments.includes(what)) refresh(what);
  if (what === "contacts" && contact) desk.changed(contact);
});
live.addEventListener("line", ({ detail }) => list.line(detail));
live.addEventListener("dropped", () => refresh("contacts", "state"));
link(live, () => refresh(...fragments));
offers.addEventListener("accepted", ({ detail }) => desk.wanted(detail));
desk.addEventListener("current", () => list.decorate());
desk.addEventListener("unread", () => list.decorate());

keys({ offers, desk });
splitters();
tick();
list.read();
offers.read();
setInterval(() => document.visibilityState === "visible" && refresh(...fragments), REFRESH_MS);
live.start();
