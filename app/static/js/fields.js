/* The fields of a form: what they hold, what is wrong with it in words, and a draft that outlives the page. The rules are those of
   app/routing/pre_chat.py, which has the last word. */
import { find, say, show } from "./dom.js";
import { newId } from "./ids.js";
import { load, save } from "./storage.js";
import { sendable } from "./sendable.js";

const EMAIL = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:".]{2,63}$/;
const PHONE = /^[\p{Nd}+().\- ]*\p{Nd}[\p{Nd}+().\- ]*$/u;
const MOST = { text: 255, email: 254, phone: 32, long_text: 1000 };
const TICKS = new Set(["checkbox", "consent"]);

const controls = (field) => [...field.querySelectorAll("input, select, textarea")];

function valueOf(field) {
  const [first, ...more] = controls(field);
  if (TICKS.has(field.dataset.type)) return first.checked ? "yes" : "no";
  if (more.length) return [first, ...more].find(({ checked }) => checked)?.value ?? "";
  return sendable(first.value).trim();
}

function write(field, value) {
  const all = controls(field);
  for (const control of all) {
    if (control.type === "checkbox") control.checked = value === "yes";
    else if (control.type === "radio") control.checked = control.value === value;
    else control.value = value;
  }
  return valueOf(field) === value.trim();
}

/* The key of what is wrong with a value, or nothing. */
export function wrongWith({ type, required }, value, most) {
  if (!value || (value === "no" && TICKS.has(type))) {
    if (required === undefined) return "";
    return ["choice", "radio"].includes(type) ? "option" : "required";
  }
  if (type === "email" && (!EMAIL.test(value) || value.includes(".."))) return "email_wrong";
  if (type === "phone" && !PHONE.test(value)) return "phone";
  return [...value].length > (most ?? MOST[type] ?? Infinity) ? "too_long" : "";
}

export class Fields {
  #form;
  #summary;
  #place;
  #touched = new Set();

  /* place: where the draft is kept for this tab. */
  constructor(form, place) {
    this.#form = form;
    this.#summary = find("summary", form);
    this.#place = `clavardage:${place}`;
    const { key, values = {} } = load(this.#place) ?? {};
    this.key = key ?? newId();
    for (const field of this.#all) if (values[field.dataset.field] !== undefined) this.#restore(field, values);
    form.addEventListener("input", ({ target }) => this.#changed(target.closest("[data-field]")));
  }

  get #all() {
    return [...this.#form.querySelectorAll("[data-field]")];
  }

  /* What the customer is asked; what the page has told already is not. */
  get #asked() {
    return this.#all.filter((field) => !field.hidden);
  }

  get values() {
    return Object.fromEntries(this.#asked.map((field) => [field.dataset.field, valueOf(field)]));
  }

  /* What somebody else knows, by role or by field's name; what the customer typed is never overwritten. */
  fill(known) {
    for (const field of this.#asked) {
      const { field: name, role, type } = field.dataset;
      const value = known.fields?.[name] ?? known[role];
      if (typeof value !== "string" || !value || type === "consent" || this.#touched.has(name)) continue;
      if (this.#takes(field, value)) write(field, value);
    }
  }

  /* given: what the page told, in places. Such a field is not asked again, or begins with that value. */
  know(given) {
    for (const field of this.#all) {
      const { p: place, type, ask, field: name } = field.dataset;
      const value = given[place - 1];
      if (!value || type === "consent" || !this.#takes(field, value)) continue;
      if (ask === undefined) show(field, false);
      else if (!this.#touched.has(name)) write(field, value);
    }
  }

  /* One more text in a field that may have one already, as if the customer had typed it. True when it stands there. */
  add(name, text) {
    const field = this.#all.find(({ dataset }) => dataset.field === name);
    const whole = [valueOf(field), text].filter(Boolean).join("\n\n");
    if (!write(field, whole)) return false;
    this.#changed(field);
    return true;
  }

  focus() {
    const field = this.#asked.at(0);
    (field ? controls(field)[0] : this.#button).focus();
  }

  /* True when nothing is wrong; else each field says what, and the first one has the focus. */
  check() {
    const errors = this.#asked.map((field) => ({
      field: field.dataset.field,
      message: say(wrongWith(field.dataset, valueOf(field), controls(field)[0].maxLength > 0 ? controls(field)[0].maxLength : undefined)),
    }));
    return this.explain(errors.filter(({ message }) => message));
  }

  /* errors: [{field, message}]. True when there are none. */
  explain(errors) {
    const words = new Map(errors.map(({ field, message }) => [field, message]));
    let first = null;
    for (const field of this.#all) {
      const message = words.get(field.dataset.field) ?? "";
      if (message) show(field, true); // what the page told was not taken after all
      this.#tell(field, message);
      if (message) first ??= field;
    }
    this.fail(first ? say("check_fields") : "", true);
    if (!first) return true;
    controls(first)[0].focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" }); // label and words as well
    return false;
  }

  /* What is wrong with the whole: above the fields, or where the customer just clicked. */
  fail(text, above = false) {
    const summary = this.#summary;
    summary.querySelector("span").textContent = text;
    show(summary, text !== "");
    if (above) summary.parentElement.prepend(summary);
    else this.#button.before(summary);
  }

  /* Meanwhile nobody types into what is on its way: it would be neither sent nor kept. */
  wait(busy) {
    this.#button.setAttribute("aria-disabled", String(busy));
    for (const control of this.#all.flatMap(controls)) {
      if (!control.matches("select, [type=radio], [type=checkbox]")) control.readOnly = busy;
      else control.disabled = busy && control !== document.activeElement; // which would lose its place
    }
  }

  /* Over: the draft goes, and so does what was asked this once; who one is may stand for the next time. */
  done() {
    const who = this.#all.filter(({ dataset }) => !["question", "other", undefined].includes(dataset.role)).map((field) => [field, valueOf(field)]);
    this.#form.reset();
    for (const [field, value] of who) write(field, value);
    this.#touched.clear();
    this.key = newId();
    save(this.#place, null);
  }

  /* False where nothing can be kept. */
  save() {
    const values = Object.fromEntries(this.#all.filter(({ dataset }) => this.#touched.has(dataset.field)).map((field) => [field.dataset.field, valueOf(field)]));
    return save(this.#place, { key: this.key, values });
  }

  get #button() {
    return this.#form.querySelector("[type=submit]");
  }

  #takes(field, value) {
    if (wrongWith(field.dataset, value)) return false;
    const before = valueOf(field);
    const fits = write(field, value);
    write(field, before);
    return fits;
  }

  #restore(field, values) {
    this.#touched.add(field.dataset.field);
    write(field, values[field.dataset.field]);
  }

  #changed(field) {
    if (!field) return;
    this.#touched.add(field.dataset.field);
    this.#tell(field, "");
    this.save();
  }

  #tell(field, message) {
    const error = find("error", field);
    const target = field.matches("fieldset") ? field : controls(field)[0];
    error.textContent = message;
    show(error, message !== "");
    if (message) target.setAttribute("aria-invalid", "true");
    else target.removeAttribute("aria-invalid");
  }
}
