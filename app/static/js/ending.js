/* One question before a chat is ended, and ten seconds to take it back after. A quiet customer's end is idle.js. */
import { find, say, show } from "./dom.js";
import { Idle } from "./idle.js";

export class Ending {
  #chat;
  #announce;
  #dialog = find("end-dialog");
  #error = find("end-error");
  #button = find("end");
  #timer;
  #until = 0;
  #idle;

  /* The page outlives its chats: what listens here serves whichever chat is shown. */
  constructor(announce) {
    this.#announce = announce;
    this.#idle = new Idle(announce);
    this.#button.addEventListener("click", () => this.#end());
    find("undo").addEventListener("click", () => this.#undo());
  }

  get asking() {
    return this.#dialog.open;
  }

  ask() {
    show(this.#error, false);
    this.#dialog.showModal();
  }

  /* After every change of the chat. */
  show(chat) {
    this.#chat = chat;
    this.#idle.show(chat);
    const ending = chat.state === "ending";
    show(find("ending"), ending);
    if (this.asking && (ending || chat.state === "ended")) this.#dialog.close();
    if (!ending) return this.#rest();
    const seconds = chat.facts.ending_seconds ?? 0;
    this.#until = performance.now() + seconds * 1000;
    this.#count();
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#count(), 1000);
    show(find("undo-note"), false);
    this.#announce(`${say("you_ended")}. ${this.#words}`); // once; the seconds that follow are only shown
  }

  stop() {
    this.#idle.stop();
    this.#rest();
  }

  #rest() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #words() {
    return say("ending_in", { n: Math.max(0, Math.ceil((this.#until - performance.now()) / 1000)) });
  }

  /* The server ends the chat; when it has not said so in time, it is asked. */
  #count() {
    find("countdown").textContent = this.#words;
    if (performance.now() >= this.#until) this.#chat.refresh();
  }

  async #end() {
    this.#button.disabled = true;
    try {
      await this.#chat.end();
    } catch {
      this.#error.querySelector("span").textContent = say("end_failed");
      show(this.#error, true);
    } finally {
      this.#button.disabled = false;
    }
  }

  async #undo() {
    try {
      await this.#chat.takeBack();
      this.#announce(say("goes_on"));
    } catch ({ status }) {
      const late = status === 409;
      if (late) await this.#chat.refresh();
      const note = find("undo-note");
      note.textContent = say(late ? "too_late" : "not_sent");
      show(note, true);
      this.#announce(note.textContent);
    }
  }
}
