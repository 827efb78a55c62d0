/* One sentence that goes away by itself; what must be decided never comes this way. */
import { find } from "../dom.js";

const SHOWN_MS = 8000;

export function toast(text) {
  const shelf = find("toasts");
  if ([...shelf.children].some((one) => one.textContent.trim() === text)) return;
  const one = document.querySelector("template[data-toast]").content.firstElementChild.cloneNode(true);
  one.querySelector("span").textContent = text;
  shelf.append(one);
  setTimeout(() => one.remove(), SHOWN_MS);
}
