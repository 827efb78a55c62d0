/* What the window tells: everybody by the banner, readers by the one status region. */
import { find, show } from "./dom.js";

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
