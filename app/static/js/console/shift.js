/* What the state switch means for the rest of the page: the words of the empty middle, and why a shift is another one. */
import { find, show } from "../dom.js";

export class Shift {
  #id = "";
  #returned = false;

  /* The link is back; what ended meanwhile ended because it was lost. */
  returned() {
    this.#returned = true;
  }

  /* The switch was rendered anew. */
  read() {
    const { shift, now } = find("shift").dataset;
    for (const words of document.querySelectorAll("[data-when]")) show(words, words.dataset.when === (now || "Unavailable"));
    if (shift && shift !== this.#id && this.#id && this.#returned) show(find("shift-lost"), true);
    if (now === "Available") show(find("shift-lost"), false);
    if (shift) {
      this.#id = shift;
      this.#returned = false;
    }
  }
}
