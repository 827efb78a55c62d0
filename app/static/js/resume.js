/* The token of a running chat: kept in this frame's storage per point of contact, where storage may be touched at all. */
const key = (poc) => `clavardage:${poc}`;

export function remembered(poc) {
  try {
    const record = JSON.parse(localStorage.getItem(key(poc)));
    return record && typeof record.token === "string" ? record : null;
  } catch {
    return null; // no storage, or not our record: the parent page may still know
  }
}

/* True when it was kept here; false: offer it to the parent page instead. */
export function remember(poc, record) {
  try {
    localStorage.setItem(key(poc), JSON.stringify(record));
    return true;
  } catch {
    return false;
  }
}

export function forget(poc) {
  try {
    localStorage.removeItem(key(poc));
  } catch {
    return; // what could not be stored need not be removed
  }
}

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
export function unsentOf(contact) {
  try {
    return JSON.parse(sessionStorage.getItem(`clavardage:${contact}.outbox`)) ?? [];
  } catch {
    return [];
  }
}

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
