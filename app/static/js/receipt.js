/* After the end: who ended it and why, a word of thanks, and what can be kept of the conversation. */
import { find, say, show } from "./dom.js";
import { Rating } from "./rating.js";
import { Transcript } from "./transcript.js";

/* Whoever ended it stands in the title; a reason is told where it says more than that. */
const WHY = { customer_idle: "end_idle", closed_hours: "end_closed", queue_full: "end_full" };
const WHO = { customer_left: "customer", customer_ended: "customer", agent_ended: "agent", supervisor_ended: "agent" };

export const enderOf = ({ end_by: by, end_reason: reason }) => by ?? WHO[reason] ?? "system";

export class Receipt {
  #rating;
  #transcript;

  constructor(announce) {
    this.#rating = new Rating(announce);
    this.#transcript = new Transcript(announce);
  }

  /* What a reader has to hear. */
  get words() {
    return [find("ended-title"), find("end-reason")].map((part) => part.textContent).filter(Boolean).join(". ");
  }

  /* Some of the last lines stay in sight. */
  reveal() {
    const page = find("reading");
    page.scrollTop = find("view=ended").offsetTop - page.clientHeight * 0.4;
    if (!find("ending").hidden) find("undo").scrollIntoView({ block: "nearest" }); // there are ten seconds to find it
  }

  /* Can the conversation be kept before its end, too? Asked after every change of the page's state. */
  offer(running) {
    this.#transcript.offer(running);
  }

  /* After every change of a chat that is ending or over. */
  show(chat) {
    const { facts, state } = chat;
    const over = state === "ended";
    find("ended-title").textContent = this.#title(chat);
    const why = over && WHY[facts.end_reason];
    find("end-reason").textContent = why ? say(why) : "";
    show(find("end-reason"), Boolean(why));
    for (const part of document.querySelectorAll("[data-after]")) show(part, over);
    this.#transcript.show(chat);
    if (!over) return;
    this.#thanks(facts.thank_you);
    this.#rating.show(chat);
  }

  #title({ facts, state, agent }) {
    const by = state === "ending" ? "customer" : enderOf(facts);
    if (by === "customer") return say("you_ended");
    return by === "agent" && agent?.name ? say("they_ended", { name: agent.name }) : say("has_ended");
  }

  #thanks(thanks) {
    show(find("thanks"), Boolean(thanks));
    if (!thanks) return;
    find("thanks-text").textContent = thanks.text ?? "";
    const link = find("thanks-link");
    const safe = URL.canParse(thanks.link?.url) && new URL(thanks.link.url).protocol === "https:";
    show(link, safe);
    if (safe) Object.assign(link, { href: thanks.link.url, textContent: thanks.link.text || thanks.link.url });
  }
}
