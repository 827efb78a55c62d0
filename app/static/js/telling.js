/* What the window tells: everybody by the banner, readers by the one status region. */
import { find, say, show } from "./dom.js";

export const announce = (text) => {
  find("status").textContent = text;
};

/* An empty text takes it away. Written only when it changes: readers and layout are left alone. */
export function banner(text) {
  const words = find("banner-text");
  if (words.textContent !== text) words.textContent = text;
  show(find("banner"), text !== "");
}

export const warn = (text) => {
  banner(text);
  announce(text);
};

/* The link to the server is away or back; once a chat is over that is no news. */
export function link(root, status, over) {
  const away = ["reconnecting", "offline"].includes(status) && !over;
  const was = "reconnecting" in root.dataset;
  root.toggleAttribute("data-reconnecting", away);
  if (away || was) banner(away ? say("reconnecting") : "");
  if (away && !was) announce(say("reconnecting"));
  if (was && status === "online") announce(say("online"));
}
