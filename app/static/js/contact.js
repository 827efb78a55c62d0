/* What the server says of this customer's chat. */
export class Gone extends Error {}

/* Throws Gone when the token leads to no chat (any more), else an Error with the answer's `status` (0: no answer) and `code`. */
export async function ask(token, path, method = "GET", body = undefined) {
  const headers = { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) };
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" }).catch(() => null);
  if (response && [401, 403, 404].includes(response.status)) throw new Gone();
  if (!response?.ok) {
    const { code } = (await response?.json().catch(() => null))?.error ?? {};
    throw Object.assign(new Error(), { status: response?.status ?? 0, code });
  }
  return response.json();
}

export const snapshotOf = (token) => ask(token, "/chat/contact");
