/* What a page hands over: options in every form that pages use, customers' details, and the token where frames may keep none. */
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PLACES = 9;
const MAX_VALUE = 1001; // one more than is kept: so the server knows that there was more

/* Its origin; false when it leads nowhere. */
function serverOf(host) {
  const text = String(host ?? "").trim();
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^\/+/, "")}`);
    if (location.protocol === "https:") url.protocol = "https:";
    return /^https?:$/.test(url.protocol) && url.origin;
  } catch {
    return false;
  }
}

/* A value that cannot be read as text is an empty place: it must not cost the page its button. */
function param(item) {
  try {
    const pair = Object(item) === item ? item : { value: item };
    return { name: String(pair.name ?? ""), value: String(pair.value ?? "").slice(0, MAX_VALUE) };
  } catch {
    return { name: "", value: "" };
  }
}

/* {server, poc, bus, params}, or the code of what is wrong. */
export function optionsOf({ serverHost, bus_no, poc, params } = {}) {
  const options = { poc: String(poc ?? "").trim().toLowerCase(), bus: String(bus_no ?? "").trim(), server: serverOf(serverHost) };
  if (!options.server) return "serverHost";
  if (!GUID.test(options.poc)) return "poc";
  if (/\D/.test(options.bus)) return "bus_no";
  if (location.origin === "null") return "origin";
  options.params = Array.isArray(params) ? Array.from(params.slice(0, PLACES), param) : [];
  return options;
}

/* The known details with the new ones over them, as texts. */
export function detailsOf(known, given) {
  const texts = (values) => Object.fromEntries(Object.entries(Object(values)).map(([name, value]) => [name, String(value ?? "")]));
  const { fields, ...details } = Object(given);
  return { ...known, ...texts(details), fields: { ...known.fields, ...texts(fields) } };
}

/* Where a frame's storage may not be touched, the page keeps the token for the tab. undefined asks; a text is kept, null forgets. */
export function kept(poc, token) {
  const key = `icPatronChat:${poc}`;
  try {
    if (token) sessionStorage.setItem(key, token);
    else if (token === undefined) return sessionStorage.getItem(key);
    else sessionStorage.removeItem(key);
  } catch {
    return null;
  }
}
