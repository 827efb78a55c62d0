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

/* The stock snippets' texts that nobody replaced are not a name. */
const PLACEHOLDERS = new Set(["firstname", "first name", "lastname", "last name", "name", "email", "phone"]);

export function nameOf(params) {
  const parts = params.slice(0, 2).map(({ value }) => value.trim());
  return parts.filter((part) => part && !PLACEHOLDERS.has(part.toLowerCase()) && part.length <= 80 && !part.includes("@")).join(" ").slice(0, 80);
}
