/* The conversations in the middle and the details beside them. Panes come and go; while they live nobody renders them again. */
import { find, say, show } from "../dom.js";
import { choice } from "../resume.js";
import { Pane } from "./pane.js";
import { paint } from "./ticking.js";
import { toast } from "./toast.js";

export class Desk extends EventTarget {
  current = null;
  #panes = new Map();
  #loading = new Set();
  #wanted = null;
  #place = document.getElementById("panes");
  #layout = find("layout");
  #hint = find("details").firstElementChild.cloneNode(true);
  #closed = false;

  constructor(root, live, sound) {
    super();
    Object.assign(this, { root, live, sound });
    for (const type of ["line", "typing", "gap", "reset"]) {
      live.addEventListener(type, ({ detail }) => this.pane(detail.contact)?.[type](detail));
    }
    live.addEventListener("dropped", ({ detail }) => this.pane(detail.contact)?.handing || this.pane(detail.contact)?.lost());
    this.#place.addEventListener("focusin", ({ target }) => this.#select(target.closest("[data-pane]")?.dataset.contact));
    this.#layout.addEventListener("click", () => this.#arrange(choice("panes") === "one" ? "all" : "one"));
    this.#arrange(choice("panes") ?? "all", false);
    for (const button of root.querySelectorAll("[data-show]")) {
      button.addEventListener("click", () => this.view(button.dataset.show));
    }
    find("end-dialog").addEventListener("close", ({ target }) => target.returnValue === "end" && this.#end(target.dataset.contact));
    for (const type of ["visibilitychange", "focus"]) addEventListener(type, () => this.#seen(), true);
  }

  pane(id) {
    return this.#panes.get(String(id));
  }

  get ids() {
    return [...document.querySelectorAll("#contacts li[data-contact]")].map((item) => item.dataset.contact);
  }

  /* contacts: what the list shows now, [{id, owed}]. */
  match(contacts) {
    const here = new Set(contacts.map(({ id }) => id));
    for (const pane of this.#panes.values()) {
      pane.gone ||= !here.has(String(pane.id));
      // A chat that runs does not vanish: it was taken away, and the link may not have told.
      if (pane.gone && pane.state === "active" && !pane.ended && !pane.dropped && !pane.handing) pane.lost();
    }
    // What is over goes; a chat that was lost and came back to us begins a new pane.
    this.#remove([...this.#panes].filter(([id, pane]) => pane.gone && !pane.handing && pane.dropped === here.has(id)).map(([id]) => id));
    for (const { id, owed } of contacts) {
      if (!this.#panes.has(id)) this.#load(id);
      else if (owed && this.pane(id).state === "active") this.changed(id);
    }
    this.#empty();
  }

  /* The contact's state is another one: the pane's foot is asked for, the rest stays as it is. */
  changed(id) {
    const foot = document.getElementById(`foot-${id}`);
    if (foot && this.pane(id).state === "active" && !this.pane(id).frozen) {
      htmx.ajax("GET", `/agent/contacts/${id}`, { source: this.pane(id).element, target: foot, select: `#foot-${id}`, swap: "outerHTML" });
    }
  }

  /* The agent gave it to another skill; it goes as soon as the list was seen without it. */
  handed(id) {
    this.pane(id).handing = false;
    if (this.pane(id).gone) this.remove(id);
  }

  /* The customer has changed something about themselves. */
  told(id) {
    if (String(id) === this.current) this.#details(this.current);
  }

  /* The agent has accepted it: go there as soon as it is here. */
  wanted(id) {
    this.#wanted = String(id);
    if (this.pane(id)?.dropped === false) this.go(id);
  }

  go(id) {
    const pane = this.pane(id);
    if (!pane) return;
    this.#select(String(id));
    this.view("panes");
    pane.focus();
  }

  view(name) {
    this.root.dataset.view = name;
    for (const button of this.root.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", button.dataset.show === name);
  }

  askEnd(id = this.current) {
    const pane = this.pane(id);
    if (pane?.state !== "active" || pane.frozen) return;
    const dialog = find("end-dialog");
    dialog.dataset.contact = id;
    dialog.returnValue = "stay";
    find("end-name").textContent = pane.name;
    dialog.showModal();
  }

  remove(id) {
    this.#remove([String(id)]);
  }

  /* The sign-in is over: what is here can be read, nothing of the customers stays beside it. */
  close() {
    this.#closed = true;
    for (const pane of this.#panes.values()) pane.freeze();
    this.#details(null);
  }

  /* All at once: the next one to be looked at must not be one that goes, too. */
  #remove(ids) {
    if (!ids.length) return;
    const had = ids.some((id) => this.pane(id)?.element.contains(document.activeElement));
    for (const id of ids) {
      this.pane(id)?.remove();
      this.#panes.delete(id);
    }
    if (ids.includes(this.current)) {
      this.current = null;
      const next = this.#panes.keys().next().value;
      if (next) this.#select(next);
      else this.#details(null);
    }
    this.#empty();
    if (had) (this.pane(this.current)?.element ?? this.#place).focus();
    this.tell("current");
  }

  tell(type) {
    this.dispatchEvent(new Event(type));
  }

  async #load(id) {
    if (this.#loading.has(id) || this.#closed) return;
    this.#loading.add(id);
    try {
      const response = await fetch(`/agent/contacts/${id}`, { headers: { "HX-Request": "true" } });
      if (response.status === 404) return;
      if (!response.ok) throw new Error(response.status);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const element = document.adoptNode(page.querySelector("[data-pane]"));
      this.#place.append(element);
      htmx.process(element);
      this.#panes.set(id, new Pane(element, this));
      paint(element);
      this.#empty();
      if (this.#wanted === id) this.go(id);
      else if (!this.current) this.#select(id);
      if (this.#wanted === id) this.#wanted = null;
      this.tell("unread");
    } catch {
      toast(say("load_failed"));
    } finally {
      this.#loading.delete(id);
    }
  }

  #select(id) {
    if (!id || !this.#panes.has(id)) return;
    const other = this.current !== id;
    this.current = id;
    for (const [key, pane] of this.#panes) pane.element.toggleAttribute("data-current", key === id);
    this.#seen();
    if (other) this.pane(id).element.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (other) this.#details(id);
    this.tell("current");
  }

  #seen() {
    if (document.hasFocus() && this.pane(this.current)?.seen()) this.tell("unread");
  }

  #details(id) {
    const place = find("details");
    if (id && !this.#closed && !this.pane(id).dropped) htmx.ajax("GET", `/agent/contacts/${id}/details`, { target: place, swap: "innerHTML", source: place });
    else place.replaceChildren(this.#hint.cloneNode(true));
  }

  #end(id) {
    const foot = document.getElementById(`foot-${id}`);
    if (foot) htmx.ajax("POST", `/agent/contacts/${id}/ending`, { source: this.pane(id).element, target: foot, swap: "outerHTML" });
  }

  #arrange(how, keep = true) {
    if (keep) choice("panes", how);
    this.root.dataset.panes = how;
    const text = say(how === "one" ? "all_panes" : "one_pane");
    this.#layout.setAttribute("aria-label", text);
    this.#layout.title = text;
  }

  #empty() {
    this.root.dataset.count = this.#panes.size;
    show(find("panes-empty"), !this.#panes.size);
  }
}
