/* How the live link stands, in words. Back after a gap, everything is asked for again. */
import { find, say } from "../dom.js";

export function link(live, back) {
  const line = find("link");
  const text = find("link-text");
  let lost = false;
  live.addEventListener("status", ({ detail: { status, transport } }) => {
    line.dataset.link = status;
    // That the sign-in is over is told by the page's own notice.
    line.hidden = status === "refused";
    if (line.hidden) return;
    const key = status === "online" && transport !== "socket" ? "online_sse" : status === "ended" ? "offline" : status;
    text.textContent = say(key);
    line.title = text.textContent;
    if (status === "online" && lost) back();
    lost = status !== "online";
  });
}
