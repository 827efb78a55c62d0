/* Where the chat is shown: here, in a window of its own, or in another tab; and how it moves without losing a word. */
import { find, say, show } from "./dom.js";
import { OneTab } from "./elsewhere.js";
import { PopOut } from "./popout.js";
import { draft, unsentOf } from "./resume.js";

const ROOMY = 640; // px of screen from which a second window makes sense

/* Events: rest (shown elsewhere now), resume (back here; detail.steal), left (no chat any more), popped (detail.out),
   told (an event of the pop-up), blocked (no pop-up), others (another tab started or left a chat). */
export class Places extends EventTarget {
  #popOut;
  #tab;
  #visit;
  #composer;
  #chat;

  /* chat(): the one that runs here, or null. */
  constructor({ visit, composer, chat }) {
    super();
    this.#popOut = new PopOut(visit.poc);
    this.#tab = new OneTab(visit.poc, document.body.dataset.newTab === "1");
    this.#visit = visit;
    this.#composer = composer;
    this.#chat = chat;
    this.#tab.addEventListener("lost", () => {
      this.#tab.give(this.#rest("taken", "use_here"));
      visit.carried = null;
    });
    this.#tab.addEventListener("parcel", ({ detail }) => this.#arrived(detail));
    this.#popOut.addEventListener("ready", () => this.#moved());
    this.#popOut.addEventListener("parcel", ({ detail }) => this.#follow(detail));
    this.#popOut.addEventListener("told", ({ detail }) => this.#tell("told", detail));
    this.#popOut.addEventListener("back", ({ detail }) => this.#back(detail));
    find("popout").addEventListener("click", () => this.#popOut.go() || this.#tell("blocked"));
    find("popin").addEventListener("click", () => this.#popOut.close());
    find("here").addEventListener("click", () => this.#here());
    addEventListener("storage", ({ key }) => key === `clavardage:${visit.poc}` && !this.#popOut.out && this.#tell("others"));
    addEventListener("beforeunload", (event) => this.#stranded && event.preventDefault());
    for (const [target, moment] of [[document, "visibilitychange"], [window, "focus"]]) {
      target.addEventListener(moment, () => this.look());
    }
  }

  /* In the pop-up: what the page hands over. */
  parcel() {
    return this.#popOut.parcel();
  }

  /* May the chat run here? It rests when it may not. */
  async hold(steal) {
    const mine = await this.#tab.hold(steal);
    if (!mine) this.#rest("in_tab", "use_here", "in_tab_lead");
    return mine;
  }

  release() {
    this.#tab.release();
  }

  /* A tab that rests goes on by itself when the other one is gone and somebody looks at it. */
  look() {
    show(find("popin"), this.#popOut.home);
    if (this.#resting && !this.#popOut.out && !document.hidden) this.#tell("resume", { steal: false });
  }

  buttons(talking) {
    show(find("popout"), talking && !this.#popOut.inside && screen.width >= ROOMY);
    show(find("popin"), this.#popOut.home);
  }

  /* True when the page that we came out of hears it for us. */
  pass(told) {
    if (this.#popOut.inside) this.#popOut.tell("told", told);
    return this.#popOut.inside;
  }

  /* What was written elsewhere goes on here, under the same ids. */
  unpack() {
    const { text, items = [] } = this.#visit.carried ?? {};
    this.#visit.carried = null;
    const chat = this.#chat();
    if (chat.state === "ended") chat.lose(text ?? "");
    else this.#write(text);
    if (items.length) chat.adopt(items);
    this.mirror();
  }

  /* All that was written for a chat that is gone, wherever it is kept. */
  words() {
    const [chat, { contact, carried }] = [this.#chat(), this.#visit];
    if (chat) return [...chat.unsent.map(({ text }) => text), this.#composer.text];
    this.#visit.carried = null;
    const { text = draft(contact), items = unsentOf(contact) } = carried ?? {};
    return [...items.map((item) => item.text), text];
  }

  /* Before what was being written comes what has waited for a chat. */
  #write(text) {
    const { left } = this.#visit;
    if (left) this.#composer.text = [left, text ?? this.#composer.text].filter(Boolean).join("\n\n");
    else if (text !== undefined) this.#composer.text = text;
    this.#visit.left = "";
  }

  /* The pop-up keeps its page informed: it may be closed at any moment. */
  mirror() {
    if (this.#popOut.inside) this.#popOut.tell("parcel", this.#visit.parcel(this.#composer.text, this.#chat()?.unsent ?? []));
  }

  get #resting() {
    return !find("view=elsewhere").hidden;
  }

  /* The page that we came out of has gone on: nobody has a copy of what is not sent. */
  get #stranded() {
    const words = this.#composer.text.trim() || this.#visit.left || this.#chat()?.unsent.length > 0;
    return Boolean(words) && this.#popOut.inside && !this.#popOut.home;
  }

  #rest(title, button, lead = "") {
    const { text = "", items = [] } = this.#visit.carried ?? {}; // came here, and goes on before the chat stood
    const chat = this.#chat();
    const parcel = this.#visit.parcel(this.#composer.text || text, chat ? chat.handOver() : items);
    this.#composer.text = ""; // it is written on elsewhere, and must not come back from here
    find("elsewhere-title").textContent = say(title);
    find("here").textContent = say(button);
    find("elsewhere-lead").textContent = say(lead);
    show(find("elsewhere-lead"), lead !== "");
    this.#tell("rest");
    return parcel;
  }

  #arrived(parcel) {
    const { text, items = [] } = this.#visit.carried ?? {};
    this.#visit.carried = { ...parcel, text: parcel.text || text, items: [...items, ...parcel.items] };
    if (this.#chat()) this.unpack();
  }

  /* The pop-up stands (or was loaded again). */
  #moved() {
    this.#popOut.give(this.#chat() && this.#rest("in_window", "bring_back"));
    this.#tab.release();
    this.#tell("popped", { out: true });
  }

  /* A chat may end, and another one begin, in the pop-up. */
  #follow({ token }) {
    if (token === this.#visit.token) return;
    if (!token) return this.#visit.forget();
    this.#visit.token = token;
    this.#visit.keep(true);
  }

  #back(parcel) {
    this.#tell("popped", { out: false });
    if (!parcel) return; // it never stood: the chat never left
    this.#visit.carried = parcel;
    this.#visit.settle(parcel);
    this.#visit.token = parcel.token;
    this.#tell(parcel.token ? "resume" : "left", { steal: true });
  }

  #here() {
    if (this.#popOut.out) return this.#popOut.close();
    this.#visit.token = this.#visit.record?.token ?? this.#visit.token;
    this.#tell("resume", { steal: true });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
