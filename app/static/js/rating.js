/* One to five with a word for each, and a remark; given once. */
import { find, say, show } from "./dom.js";
import { whenOnline } from "./online.js";
import { sendable } from "./sendable.js";

export class Rating {
  #form = find("rating-form");
  #error = find("rating-error");
  #thanks = find("rated");
  #announce;
  #chat;

  constructor(announce) {
    this.#announce = announce;
    this.#form.addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    // The remark is asked once there is something to remark on.
    this.#form.addEventListener("change", () => show(find("rating-more"), this.#score > 0));
  }

  show(chat) {
    if (this.#chat !== chat) this.#form.reset();
    this.#chat = chat;
    const { asked = false, score = null } = chat.facts.rating ?? {};
    show(find("rating"), asked || score !== null);
    show(this.#form, score === null);
    show(this.#thanks, score !== null);
    show(find("rating-more"), this.#score > 0);
  }

  get #score() {
    return Number(new FormData(this.#form).get("score"));
  }

  async #send() {
    const score = this.#score;
    const comment = sendable(this.#form.elements.comment.value).trim();
    const button = this.#form.querySelector("[type=submit]");
    if (!score || button.disabled) return;
    button.disabled = true;
    show(this.#error, false);
    try {
      const facts = await this.#chat.ask("/chat/rating", "POST", { score, comment });
      this.#chat.facts.rating = facts.rating ?? { asked: true, score };
      this.show(this.#chat);
      this.#thanks.focus(); // which also speaks it
    } catch {
      const words = say(whenOnline(this, () => this.#form.checkVisibility() && this.#send()) ? "send_offline" : "rating_failed");
      this.#error.querySelector("span").textContent = words;
      show(this.#error, true);
      this.#announce(words);
    } finally {
      button.disabled = false;
    }
  }
}
