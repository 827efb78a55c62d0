/* 128 bits by chance, as 22 letters that need no escaping: for a message, or for a start that may be repeated. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).slice(0, 22).replace(/\+/g, "-").replace(/\//g, "_");
}
