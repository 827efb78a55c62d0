/* One sentence that goes away by itself; what must be decided never comes this way. */
import { find } from "../dom.js";

const SHOWN_MS = 8000;

/* Nothing lies on what is being written: pixels from the lower edge of the window to the upper one of the tallest foot in sight. */
function highestFoot() {
  const feet = [...document.querySelectorAll(".pane-foot, .views")].map((foot) => foot.getBoundingClientRect());
  return Math.max(0, ...feet.filter(({ height }) => height).map(({ top }) => innerHeight - top));
}

export function toast(text) {
  const shelf = find("toasts");
  if ([...shelf.children].some((one) => one.textContent.trim() === text)) return;
  const one = document.querySelector("template[data-toast]").content.firstElementChild.cloneNode(true);
  one.querySelector("span").textContent = text;
  shelf.append(one);
  shelf.style.setProperty("--foot", `${highestFoot()}px`);
  setTimeout(() => one.remove(), SHOWN_MS);
}
