/* The header says in words where the chat stands, and with whom. */
import { find, say, show } from "./dom.js";

export class Header {
  #title = find("title");
  #subtitle = find("subtitle");
  #avatar = find("avatar");
  #sign = this.#avatar.firstElementChild;

  show(state, { agent, place } = {}) {
    this.#subtitle.textContent = this.#words(state, agent, place);
    const [first] = agent?.name ?? "";
    const initials = agent?.initials || first;
    this.#avatar.replaceChildren(state === "active" && initials ? initials : this.#sign);
    show(find("end-ask"), state === "waiting" || state === "active");
  }

  unread(count) {
    document.title = (count ? `(${count}) ` : "") + this.#title.textContent;
  }

  #words(state, agent, place) {
    if (state === "waiting") return place ? say("waiting_place", { n: place }) : say("waiting");
    if (state === "active") return say("chatting_with", { name: agent?.name ?? "" });
    if (state === "ending") return say("you_ended");
    return state === "ended" ? say("ended") : "";
  }
}
