/* Handing a chat to another skill: who could take it is asked each time, and what became of it is told although its pane goes. */
import { find, show } from "../dom.js";
import { toast } from "./toast.js";

export class Transfer {
  #dialog = find("transfer-dialog");
  #desk;
  #asking = false;

  constructor(desk) {
    this.#desk = desk;
    this.#dialog.addEventListener("click", ({ target }) => target.closest("[data-transfer-close]") && this.#dialog.close());
    this.#dialog.addEventListener("submit", ({ target }) => (this.#under(target.dataset.contact, true), this.#dialog.close()));
    document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
      if (ctx.request.method === "POST" && ctx.response.status >= 400) this.#under(ctx.target?.id?.replace("foot-", ""), false);
    });
    document.addEventListener("htmx:after:swap", ({ detail }) => this.#told(detail.ctx.target));
    desk.addEventListener("transfer", ({ detail }) => this.ask(detail));
  }

  async ask(id = this.#desk.current) {
    const pane = this.#desk.pane(id);
    if (this.#asking || !this.#fits(pane)) return;
    this.#asking = true;
    this.#dialog.replaceChildren(); // what stood there was another chat's, or of another moment
    try {
      await htmx.ajax("GET", `/agent/contacts/${id}/transfer`, { source: pane.element, target: this.#dialog, swap: "innerHTML" });
    } finally {
      this.#asking = false;
    }
    if (find("transfer-form", this.#dialog)?.dataset.contact !== String(id) || !this.#fits(pane)) return;
    const hint = find("transfer-draft", this.#dialog);
    if (hint) show(hint, find("draft", pane.element).value.trim() !== "");
    this.#dialog.showModal();
  }

  #fits(pane) {
    return pane?.state === "active" && !pane.frozen && !document.querySelector("dialog[open]");
  }

  /* The list may tell that it is gone before the answer does: then nobody has taken it away. */
  #under(id, way) {
    const pane = this.#desk.pane(id);
    if (pane) pane.handing = way;
  }

  /* The pane leaves with the list; the words stay a moment longer. */
  #told(target) {
    const words = target && document.getElementById(target.id)?.querySelector("[data-handed]");
    if (!words) return;
    toast(words.textContent);
    this.#desk.handed(words.closest("[data-pane]").dataset.contact);
  }
}
