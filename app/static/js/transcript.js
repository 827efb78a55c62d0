/* The whole conversation to keep: by e-mail, on paper, as a page or a file, by a link that works for a day. One part of the page
   for both moments: in the receipt after the end, in a dialog while the chat goes on. */
import { find, say, show } from "./dom.js";
import { locale } from "./locale.js";
import { whenOnline } from "./online.js";

// So that what is kept tells the same time as the window.
const clock = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, locale };
const REFUSED = { 422: "email_wrong", 429: "too_fast" };

export class Transcript {
  #part = find("keep");
  #receipt = find("keep").parentElement;
  #dialog = find("keep-dialog");
  #mail = find("mail");
  #announce;
  #chat;

  constructor(announce) {
    this.#announce = announce;
    this.#mail.addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    this.#email.addEventListener("input", () => this.#refuse(""));
    find("print").addEventListener("click", () => (this.#dialog.close(), print()));
    find("copy-link").addEventListener("click", () => this.#copy());
    find("keep-open").addEventListener("click", () => this.#open());
    this.#dialog.addEventListener("close", () => this.#receipt.append(this.#part));
  }

  get #email() {
    return this.#mail.elements.email;
  }

  show(chat) {
    const { facts, token } = chat;
    if (this.#chat !== chat) {
      this.#email.value = "";
      this.#tell("");
      this.#refuse("");
      show(find("link"), false);
    }
    this.#chat = chat;
    this.#email.value ||= facts.email ?? "";
    find("token").value = token;
    for (const [name, value] of Object.entries(clock)) find("transcript").elements[name].value = value ?? "";
    show(this.#part, Boolean(facts.transcript_available || facts.mail_offered));
    show(find("transcript"), Boolean(facts.transcript_available));
    show(this.#mail, facts.mail_offered === true);
  }

  offer(running) {
    show(find("keep-open"), running && !this.#part.hidden);
    if (!running) this.#dialog.close();
  }

  #open() {
    this.#tell("");
    find("keep-place").append(this.#part);
    this.#dialog.showModal();
  }

  #tell(text) {
    find("kept").textContent = text;
    show(find("kept"), text !== "");
    if (text) this.#announce(text);
  }

  #refuse(text) {
    const error = find("error", this.#mail);
    error.textContent = text;
    show(error, text !== "");
    if (text) this.#email.setAttribute("aria-invalid", "true");
    else this.#email.removeAttribute("aria-invalid");
  }

  async #send() {
    const email = this.#email.value.trim();
    const button = this.#mail.querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    this.#tell("");
    this.#refuse("");
    try {
      const { recipient = email } = await this.#chat.ask("/chat/mail", "POST", { email, ...clock });
      this.#tell(say("mailing", { email: recipient }));
    } catch ({ status, code }) {
      const later = whenOnline(this, () => this.#mail.checkVisibility() && this.#send());
      this.#refuse(say(code === "sent_often" ? code : (REFUSED[status] ?? (later ? "send_offline" : "not_sent"))));
      this.#email.focus();
    } finally {
      button.disabled = false;
    }
  }

  async #copy() {
    this.#tell("");
    try {
      const { url } = await this.#chat.ask("/chat/transcript/link", "POST", clock);
      await this.#give(new URL(url, location.href).href);
    } catch {
      this.#tell(say("not_sent"));
    }
  }

  /* Where the clipboard is out of reach the address is shown, selected and ready to be copied. */
  async #give(address) {
    const field = find("link");
    try {
      await navigator.clipboard.writeText(address);
      show(field, false);
      this.#tell(say("link_copied"));
    } catch {
      field.value = address;
      show(field, true);
      field.select();
      field.focus();
    }
  }
}
