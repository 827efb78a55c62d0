/* What could not be sent without a network is sent by itself when it is back. */
const waiting = new Map();

addEventListener("online", () => {
  const all = [...waiting.values()];
  waiting.clear();
  for (const then of all) then();
});

/* who: one thing waits once; then(): tries again. False when the network is there: then it is no use to wait for it. */
export function whenOnline(who, then) {
  if (!navigator.onLine) waiting.set(who, then);
  return !navigator.onLine;
}

/* Would the page be there if it were loaded now? */
export const reachable = (address) => fetch(address, { cache: "no-store", signal: AbortSignal.timeout(10_000) }).then(({ ok }) => ok, () => false);
