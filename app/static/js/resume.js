/* The token of a running chat: kept in this frame's storage per point of contact, where storage may be touched at all. */
import { load, save } from "./storage.js";

const key = (poc) => `clavardage:${poc}`;

export function remembered(poc) {
  const record = load(key(poc), "local");
  return typeof record?.token === "string" ? record : null; // without it, the parent page may still know
}

/* True when it was kept here; false: offer it to the parent page instead. */
export const remember = (poc, record) => save(key(poc), record, "local");

export const forget = (poc) => save(key(poc), null, "local");

/* Choices such as text size live beside it; they are written only when the customer chooses. */
export function choice(name, value) {
  const place = `clavardage:choice:${name}`;
  try {
    if (value === undefined) return localStorage.getItem(place);
    localStorage.setItem(place, value);
  } catch {
    return null;
  }
  return value;
}

/* Lines of a chat that never reached the server: what live.js keeps for this tab. */
export const unsentOf = (contact) => load(`clavardage:${contact}.outbox`) ?? [];

/* What is being written, for this tab only; where nothing may be stored, as long as the page lives. */
const drafts = new Map();

export function draft(contact, text) {
  const place = `clavardage:draft:${contact}`;
  if (text !== undefined) drafts.set(contact, text);
  try {
    if (text === undefined) return sessionStorage.getItem(place) ?? "";
    if (text) sessionStorage.setItem(place, text);
    else sessionStorage.removeItem(place);
  } catch {
    return drafts.get(contact) ?? "";
  }
  return text;
}
