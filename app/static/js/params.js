/* p1 … p9 of the page's address, keys in any case, first one wins; empty places keep their number. */
const PLACES = 9;
const MAX_VALUE = 1000;

export function paramsOfAddress(search) {
  const query = new Map();
  for (const [key, value] of new URLSearchParams(search)) {
    if (!query.has(key.toLowerCase())) query.set(key.toLowerCase(), value);
  }
  const values = Array.from({ length: PLACES }, (_, place) => query.get(`p${place + 1}`) ?? "");
  while (values.length && values.at(-1) === "") values.pop();
  return values.map((value) => ({ name: "", value: value.slice(0, MAX_VALUE) }));
}

/* The stock snippets' texts that nobody replaced are no answer. */
const PLACEHOLDERS = new Set([
  "firstname", "first name", "first_name", "lastname", "last name", "last_name", "name", "email", "e-mail", "phone",
  "first.last@company.com", "555-555-5555", "-5555",
]);

/* What was really given, in places (app/routing/pre_chat.py has the same list). */
export const givenIn = (params) => params.map(({ value }) => value.trim()).map((value) => (PLACEHOLDERS.has(value.toLowerCase()) ? "" : value));

export function nameOf(params) {
  const parts = givenIn(params.slice(0, 2));
  return parts.filter((part) => part && part.length <= 80 && !part.includes("@")).join(" ").slice(0, 80);
}
