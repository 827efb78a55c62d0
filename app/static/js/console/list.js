/* The list of chats: what the server renders, plus what only this tab knows: unread, current, how the waiting goes on. */
import { find, say, show } from "../dom.js";
import { eachSecond, now, paint, span } from "./ticking.js";

const YELLOW_MS = 90000; // rule R11
const RED_MS = 180000;

export function contactList(root, desk) {
  const waiting = new Map(); // contact -> {seq, since}
  const items = () => [...root.querySelectorAll("li[data-contact]")];

  function decorate() {
    for (const item of items()) {
      const id = item.dataset.contact;
      const pane = desk.pane(id);
      const button = find("open", item);
      if (desk.current === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      const badge = find("unread", item);
      show(badge, Boolean(pane?.unread));
      badge.textContent = pane?.unread ? say("unread", { n: pane.unread }) : "";
    }
    time();
  }

  function time() {
    for (const item of items()) {
      const place = find("waiting", item);
      if (!place) continue;
      const { since } = waiting.get(item.dataset.contact) ?? {};
      show(place, Boolean(since));
      if (!since) continue;
      const ms = now() - Date.parse(since);
      place.dataset.level = ms > RED_MS ? "red" : ms > YELLOW_MS ? "yellow" : "green";
      find("waiting-text", item).textContent = span(ms);
    }
  }

  /* The fragment may be older than a line that came meanwhile: the higher number wins. */
  function read() {
    const here = new Set();
    for (const item of items()) {
      const { contact, seq, waitingSince } = item.dataset;
      here.add(contact);
      if (!(waiting.get(contact)?.seq > Number(seq))) waiting.set(contact, { seq: Number(seq), since: waitingSince });
    }
    for (const contact of waiting.keys()) if (!here.has(contact)) waiting.delete(contact);
    desk.match(items().map((item) => ({ id: item.dataset.contact, owed: "owed" in item.dataset })));
    decorate();
    paint(root);
  }

  /* A line came over the link. Only words of the two people change the waiting. */
  function line({ contact, seq, kind, by, at }) {
    const known = waiting.get(String(contact));
    if (!known || seq <= known.seq) return;
    known.seq = seq;
    if (kind === "text" && by === "customer") known.since ||= at;
    if (kind === "text" && by === "agent") known.since = "";
    time();
  }

  root.addEventListener("click", ({ target }) => {
    const item = target.closest("[data-open]")?.closest("li");
    if (item) desk.go(item.dataset.contact);
  });
  eachSecond(time);
  return { read, line, decorate };
}
