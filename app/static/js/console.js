/* The agent's console: one live link, and what hears it. The socket tells, the page asks (by htmx). */
import { find, show } from "./dom.js";
import { Live } from "./live.js";
import { Sound } from "./sound.js";
import { contactList } from "./console/list.js";
import { Desk } from "./console/desk.js";
import { keys } from "./console/keys.js";
import { link } from "./console/link.js";
import { Offers } from "./console/offers.js";
import { requests } from "./console/requests.js";
import { Shift } from "./console/shift.js";
import { splitters } from "./console/splitters.js";
import { moments, paint, tick } from "./console/ticking.js";
import { Transfer } from "./console/transfer.js";

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
const shift = new Shift();
const transfer = new Transfer(desk);
let over = false;

/* Fragments carry the address that renders them; whatever is asked for while one is under way is asked once more after it. */
const REFRESH_MS = 30000;
const fragments = ["state", "offers", "contacts"];
const refresh = (...names) => {
  if (!over) names.forEach((name) => htmx.trigger(document.getElementById(name), "refresh"));
};

/* The sign-in was ended elsewhere: the page stays as it is and can do nothing more. */
function signedOut() {
  if (over) return;
  over = true;
  offers.clear();
  desk.close();
  document.getElementById("state").inert = true;
  const notice = find("signed-out");
  show(find("shift-lost"), false);
  show(notice, true);
  notice.focus(); // not its link: whoever is typing would follow it with the next Enter
}

const afterSwap = {
  contacts: () => list.read(),
  offers: () => offers.read(),
  state: () => shift.read(),
};

document.addEventListener("htmx:after:swap", ({ detail }) => {
  paint();
  moments();
  afterSwap[detail.ctx.target?.id]?.();
});
requests({
  // The link tells the same; this is for the moments when it is down.
  done: (target) => refresh(...fragments.filter((name) => name !== target)),
  failed: () => refresh(...fragments),
  signedOut,
});

live.addEventListener("changed", ({ detail: { what, contact } }) => {
  if (fragments.includes(what)) refresh(what);
  if (what === "contacts" && contact) desk.changed(contact);
  if (what === "contact") desk.told(contact);
});
live.addEventListener("line", ({ detail }) => list.line(detail));
live.addEventListener("dropped", () => refresh("contacts", "state"));
link(live, () => {
  shift.returned();
  refresh(...fragments);
});
live.addEventListener("status", ({ detail }) => detail.status === "refused" && signedOut());
offers.addEventListener("accepted", ({ detail }) => desk.wanted(detail));
desk.addEventListener("current", () => list.decorate());
desk.addEventListener("unread", () => list.decorate());

keys({ offers, desk, transfer });
splitters();
tick();
list.read();
offers.read();
shift.read();
setInterval(() => document.visibilityState === "visible" && refresh(...fragments), REFRESH_MS);
live.start();
